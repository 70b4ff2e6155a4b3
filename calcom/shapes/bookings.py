"""Bookings, one or a page of them."""

import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, Field

from calcom.shapes.answer import Answer, Instant, Shape


class BookingStatus(StrEnum):
    """Cal.com's words in lower case. The other API version shouts them."""

    ACCEPTED = "accepted"
    PENDING = "pending"
    """The host must confirm."""
    CANCELLED = "cancelled"
    """Also of a booking that was moved: see `rescheduled_to_uid`."""
    REJECTED = "rejected"
    AWAITING_HOST = "awaiting_host"
    """Of instant meetings only."""


def _texts(metadata: object) -> object:
    """Others may have stored more than the strings that the API lets in."""
    if not isinstance(metadata, dict):
        return metadata
    return {
        str(key): value if isinstance(value, str) else json.dumps(value)
        for key, value in metadata.items()
    }


def _number_or_nothing(id_: object) -> object:
    """A host who left is `"unknown"`."""
    return id_ if isinstance(id_, int) and not isinstance(id_, bool) else None


Metadata = Annotated[Mapping[str, str], BeforeValidator(_texts)]


class Host(Shape):
    """Who performs it. `id` is `None` if Cal.com does not know any more."""

    id: Annotated[int | None, BeforeValidator(_number_or_nothing)] = None
    name: str | None = None
    email: str | None = Field(default=None, repr=False)


class BookedAttendee(Shape):
    """For whom it is. Guests are further attendees without a name."""

    name: str
    email: str
    """As typed; `<digits>@sms.cal.com` for somebody with a phone number only."""
    time_zone: str
    language: str | None = None
    phone_number: str | None = None
    seat_uid: str | None = Field(default=None, repr=False)
    metadata: Metadata = Field(default_factory=dict)
    """Of this seat, in seated bookings."""


class Booking(Shape):
    """A booking as Cal.com holds it. Instants are aware UTC, `end` is exclusive.

    `uid` is a secret: it alone lets anybody read, move and cancel the booking.
    """

    id: int
    uid: str = Field(min_length=1, repr=False)
    status: BookingStatus
    start: Instant
    end: Instant
    created_at: Instant
    updated_at: Instant
    event_type_id: int | None = None
    """`None` once the event type is deleted."""
    hosts: tuple[Host, ...] = ()
    attendees: tuple[BookedAttendee, ...]
    metadata: Metadata = Field(default_factory=dict)
    """Empty in seated bookings, whose seats have their own."""
    location: str | None = None
    cancellation_reason: str | None = None
    rescheduled_from_uid: str | None = Field(default=None, repr=False)
    rescheduled_to_uid: str | None = Field(default=None, repr=False)
    seat_uid: str | None = Field(default=None, repr=False)
    """The seat just taken, in the answer to a seated booking."""

    def carries(self, key: str, value: str) -> bool:
        """Whether this metadata stands on the booking or on one of its seats."""
        return any(
            metadata.get(key) == value
            for metadata in (self.metadata, *(seat.metadata for seat in self.attendees))
        )


class _Numbers(Shape):
    has_next_page: bool
    total_items: int


class NumberedPage(Answer):
    """A page of 2024-08-13, asked for by `take` and `skip`."""

    data: tuple[Booking, ...]
    pagination: _Numbers


class _Cursor(Shape):
    has_more: bool
    next_cursor: str | int | None


class CursorPage(Answer):
    """A page of 2026-05-01, asked for by `limit` and `cursor`.

    Source: second-hand, from programs that quote Cal.com's documentation of 2026.
    """

    data: tuple[Booking, ...]
    pagination: _Cursor
