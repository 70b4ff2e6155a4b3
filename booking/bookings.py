"""A booking and its attendee as the desk speaks of them, and the identity of a wish."""

from dataclasses import dataclass
from uuid import UUID, uuid5

from booking.slots import Slot, Span
from db.bookings import BookingRow as Booking
from db.states import BookingState

__all__ = ["Attendee", "Booking", "BookingState", "span_of", "span_wished", "wish_id"]

_WISHES = UUID("6f3d8f6e-5a0a-4a3f-9d0b-1f0a7a6b3c55")
"""Namespace of wish ids: any fixed UUID of our own."""


@dataclass(frozen=True, slots=True)
class Attendee:
    """Whom a booking is for, and how to reach them. `number` is E.164 or `None` if hidden."""

    name: str
    name_normalised: str
    number: str | None
    language: str
    salutation: str | None = None
    customer_id: UUID | None = None


def span_of(booking: Booking) -> Span:
    """When a booking takes place, all of its phases included."""
    return Span(booking.start_at, booking.group_end_at or booking.end_at)


def span_wished(booking: Booking) -> Span:
    """When it shall take place: where it moves to, else where it stands."""
    return Span(
        booking.wished_start_at or booking.start_at, booking.wished_end_at or booking.end_at
    )


def wish_id(business_id: UUID, customer_id: UUID, slot: Slot) -> UUID:
    """One wish, one booking: the same person, event type and start are the same wish."""
    return uuid5(
        _WISHES, f"{business_id}/{customer_id}/{slot.event_type.id}/{slot.start.timestamp():.0f}"
    )
