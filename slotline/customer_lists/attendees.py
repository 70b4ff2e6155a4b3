"""The attendees of past bookings at Cal.com as people of a list."""

import re
from collections.abc import AsyncIterator
from typing import Final

from booking.business import Business
from booking.introducing import Person
from calcom.client import Client
from calcom.shapes import BookedAttendee
from calls.numbers import canonical

_LANGUAGES: Final = {"de", "en"}
_BY_NUMBER_ONLY: Final = re.compile(r"(\d+)@sms\.cal\.com")


async def attendees(client: Client, business: Business) -> AsyncIterator[Person]:
    """Everybody who ever had a booking, oldest first, as often as they had one."""
    dialled = business.lines[0].number if business.lines else None
    async for booking in client.in_background().list_bookings():
        for attendee in booking.attendees:
            yield _person(f"booking {booking.id}", attendee, business, dialled)


def _person(
    where: str, attendee: BookedAttendee, business: Business, dialled: str | None
) -> Person:
    by_number = _BY_NUMBER_ONLY.fullmatch(attendee.email)
    told = attendee.phone_number or (f"+{by_number[1]}" if by_number else None)
    number = canonical(told, dialled=dialled)
    made_up = attendee.email.casefold().endswith(f"@{business.attendee_email_domain}")
    language = (attendee.language or "")[:2].casefold()
    return Person(
        where=where,
        name=attendee.name,
        numbers=(number,) if number else (),
        email=None if by_number or made_up or not attendee.email else attendee.email,
        language=language if language in _LANGUAGES else None,
        remark="the phone number is none" if told and not number else "",
    )
