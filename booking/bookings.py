"""A booking and its attendee as the desk speaks of them, and the identity of a wish."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from booking.slots import Slot, Span

_WISHES = UUID("6f3d8f6e-5a0a-4a3f-9d0b-1f0a7a6b3c55")
"""Namespace of wish ids: any fixed UUID of our own."""


@dataclass(frozen=True, slots=True)
class Attendee:
    """Whom a booking is for, and how to reach them. `number` is E.164 or `None` if hidden."""

    name: str
    name_normalised: str
    number: str | None
    language: str
    customer_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Booking:
    """What a caller wished for and what became of it. Instants are aware UTC, `end` is exclusive."""

    id: UUID
    business_id: UUID
    call_id: UUID | None
    customer_id: UUID | None
    service_id: UUID
    event_type_id: UUID
    staff_id: UUID | None
    state: BookingState
    start: datetime
    end: datetime
    attendee_name: str
    attendee_email: str
    attendee_number: str | None
    attendee_language: str
    attendee_timezone: str
    note: str | None
    wish_id: UUID
    calcom_uid: str | None
    attempts: int
    asked_at: datetime | None
    """When Cal.com was last asked to make it: late answers may arrive for a while after."""
    failure: str | None

    def __repr__(self) -> str:
        """Without the attendee and without Cal.com's uid, which is a secret."""
        return f"Booking({self.id}, {self.state}, {self.start:%Y-%m-%dT%H:%MZ})"

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


def wish_id(business_id: UUID, customer_id: UUID, slot: Slot) -> UUID:
    """One wish, one booking: the same person, event type and start are the same wish."""
    return uuid5(
        _WISHES, f"{business_id}/{customer_id}/{slot.event_type.id}/{slot.start.timestamp():.0f}"
    )
