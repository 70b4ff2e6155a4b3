"""What an agent should know before its first word: the caller, the days, the services."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from booking.availability import Warming
from booking.bookings import Booking
from booking.business import Business, Line
from booking.customers import Customer, Customers
from booking.hours import is_open
from booking.names import address
from calls.numbers import canonical
from tools.words import words_in

_WEEK = 7


class CallerContext:
    """Answers `GET /v1/{b}/context`."""

    def __init__(self, customers: Customers, warming: Warming) -> None:
        self._customers = customers
        self._warming = warming

    async def of(
        self,
        business: Business,
        caller: str | None,
        line: str | None,
        language: str | None,
        now: datetime,
    ) -> Mapping[str, object]:
        """What is known of a caller, and the dates that nobody should have to work out.

        Returns:
            `known`, `name`, `address`, `today`, `tomorrow`, `weekdays` (name to ISO date of the
            coming seven days), `bookings`, `services`, `now`, `language`, `open` (whether somebody
            is there now, by the line's opening hours).
        """
        dialled = business.line_of(canonical(line))
        if dialled:
            self._warming.expect(business, dialled.timezone, now=now)
        number = canonical(caller, dialled=dialled.number if dialled else None)
        on_number = await self._customers.on_number(business.id, number)
        coming = await self._customers.upcoming(business.id, number, now=now)
        owner = next((one for one in on_number if one.is_owner and one.name), None)
        return _told(business, dialled, language, now, owner=owner, coming=coming)

    def of_stranger(
        self, business: Business, line: str | None, language: str | None, now: datetime
    ) -> Mapping[str, object]:
        """The same about a caller of whom nothing is known, or cannot be looked up in time."""
        return _told(
            business, business.line_of(canonical(line)), language, now, owner=None, coming=[]
        )


def _told(
    business: Business,
    dialled: Line | None,
    language: str | None,
    now: datetime,
    *,
    owner: Customer | None,
    coming: Sequence[Booking],
) -> Mapping[str, object]:
    words = words_in(language or (dialled.language if dialled else business.language))
    local = now.astimezone(dialled.timezone if dialled else business.timezone)
    today = local.date()
    services = {service.id: service.name for service in business.services}
    days = [today + timedelta(days=n) for n in range(1, _WEEK + 1)]
    return {
        "known": owner is not None,
        "name": owner.name if owner else None,
        "address": address(owner.name, owner.salutation, words.language) if owner else None,
        "today": words.full_day(today),
        "tomorrow": words.full_day(today + timedelta(days=1)),
        "weekdays": {words.weekday(day): day.isoformat() for day in days},
        "bookings": [
            {
                "id": str(position),
                "service": services.get(booking.service_id, ""),
                "start": (start := booking.start_at.astimezone(local.tzinfo)).isoformat(),
                "end": booking.end_at.astimezone(local.tzinfo).isoformat(),
                "spoken": words.times_on(words.full_day(start.date()), [start]),
                "name": booking.attendee_name,
            }
            for position, booking in enumerate(coming, start=1)
        ],
        "services": list(services.values()),
        "now": local.isoformat(timespec="seconds"),
        "language": words.language,
        "open": is_open(dialled, now) if dialled else not business.lines,
    }


def as_texts(told: Mapping[str, Any]) -> dict[str, str]:
    """The same keys for platforms whose variables are texts, in words that a prompt can hold."""
    weekdays = [f"{name} {day}" for name, day in told["weekdays"].items()]
    bookings = [f"{one['id']}: {one['service']}, {one['spoken']}" for one in told["bookings"]]
    return {
        **{name: told[name] or "" for name in ("name", "address")},
        **{name: told[name] for name in ("today", "tomorrow", "now", "language")},
        **{name: str(told[name]).lower() for name in ("known", "open")},
        "weekdays": ", ".join(weekdays),
        "bookings": "; ".join(bookings),
        "services": ", ".join(told["services"]),
    }
