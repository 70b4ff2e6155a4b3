"""A booking as it is stored."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from db.states import BookingOrigin, BookingState

UNSETTLED: Final = frozenset(
    {
        BookingState.PENDING,
        BookingState.QUEUED,
        BookingState.AWAITING_HOST,
        BookingState.MOVING,
        BookingState.CANCELLING,
    }
)
"""States of a booking that the calendar may yet take, change or refuse."""


@dataclass(frozen=True, slots=True)
class BookingRow:
    """A wish and what became of it. Its `repr` tells neither whose it is nor Cal.com's uid."""

    id: UUID
    business_id: UUID
    call_id: UUID | None
    customer_id: UUID | None
    service_id: UUID
    event_type_id: UUID
    staff_id: UUID | None
    state: BookingState
    start_at: datetime
    end_at: datetime
    attendee_name: str = field(repr=False)
    attendee_email: str = field(repr=False)
    attendee_number: str | None = field(repr=False)
    attendee_language: str
    attendee_timezone: str
    note: str | None = field(repr=False)
    wish_id: UUID
    calcom_uid: str | None = field(repr=False)
    seat_uid: str | None = field(repr=False)
    wished_start_at: datetime | None
    """While it is moved: where to. Until then it stands at `start_at`."""
    wished_end_at: datetime | None
    wished_event_type_id: UUID | None
    cancel_reason: str | None = field(repr=False)
    group_id: UUID | None
    """Of a service with several phases: the booking of its first phase, in all of them."""
    group_end_at: datetime | None
    due_at: datetime | None
    attempts: int
    """How often a worker has taken it since its present state began."""
    asked_at: datetime | None
    """When Cal.com was last asked; `None` if nothing of this has ever left us."""
    failure: str | None
    needs_attention: bool
    origin: BookingOrigin
    created_at: datetime
    updated_at: datetime
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class ChangesRow:
    """What callers have changed so far, of which a house may allow only so much."""

    moves: int
    cancelled_at: Sequence[datetime]


@dataclass(frozen=True, slots=True)
class LeasedRow:
    """A booking that a worker must see to, and whose it is."""

    id: UUID
    business_id: UUID


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a booking stands, or shall stand; `end` is exclusive."""

    start: datetime
    end: datetime
    event_type_id: UUID


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a booking; `None` leaves what is known already."""

    id: UUID
    state: BookingState
    calcom_uid: str | None = field(default=None, repr=False)
    seat_uid: str | None = field(default=None, repr=False)
    staff_id: UUID | None = None
    stand: Stand | None = None
    wish_id: UUID | None = None
    group_end_at: datetime | None = None
    cancel_reason: str | None = field(default=None, repr=False)
    failure: str | None = None
    """Why not; `None` forgets it."""
    due_at: datetime | None = None
    """When a worker must look at it again; `None`: never."""
    needs_attention: bool = False

    def to_json(self) -> dict[str, Any]:
        """As `settle_all` reads it."""
        stand = self.stand
        return {
            "id": str(self.id),
            "state": self.state.value,
            "calcom_uid": self.calcom_uid,
            "seat_uid": self.seat_uid,
            "staff_id": self.staff_id and str(self.staff_id),
            "start_at": stand and stand.start.isoformat(),
            "end_at": stand and stand.end.isoformat(),
            "event_type_id": stand and str(stand.event_type_id),
            "wish_id": self.wish_id and str(self.wish_id),
            "group_end_at": self.group_end_at and self.group_end_at.isoformat(),
            "cancel_reason": self.cancel_reason,
            "failure": self.failure,
            "due_at": self.due_at and self.due_at.isoformat(),
            "needs_attention": self.needs_attention,
        }
