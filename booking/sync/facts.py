"""What is Cal.com's to say about an event type."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from calcom import shapes
from db.businesses import EventTypeRow
from db.states import Unlinked

FILLED_FIELDS: Final = frozenset({"name", "email", "attendeePhoneNumber", "notes"})
"""What a booking by phone can answer; another required field makes Cal.com refuse every booking."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Named as the columns; lengths, buffers and notice are minutes."""

    length_minutes: int
    before_buffer_minutes: int
    after_buffer_minutes: int
    minimum_notice_minutes: int
    booking_window_days: int | None
    slot_interval_minutes: int | None
    seats: int | None
    requires_confirmation: bool
    staff_id: UUID | None
    host_ids: Sequence[UUID]
    required_fields: Sequence[str]
    working_hours: Mapping[str, Any] | None
    unlinked_because: Unlinked | None


def kept(row: EventTypeRow) -> Facts:
    """As our database has them."""
    return Facts(
        length_minutes=row.length_minutes,
        before_buffer_minutes=row.before_buffer_minutes,
        after_buffer_minutes=row.after_buffer_minutes,
        minimum_notice_minutes=row.minimum_notice_minutes,
        booking_window_days=row.booking_window_days,
        slot_interval_minutes=row.slot_interval_minutes,
        seats=row.seats,
        requires_confirmation=row.requires_confirmation,
        staff_id=row.staff_id,
        host_ids=tuple(row.host_ids),
        required_fields=tuple(row.required_fields),
        working_hours=row.working_hours,
        unlinked_because=row.unlinked_because,
    )


def unfillable(theirs: shapes.EventType) -> list[str]:
    """Fields without which Cal.com takes no booking, and which nobody can answer on the phone."""
    return [
        field.slug
        for field in theirs.fields
        if field.required and not field.hidden and field.slug not in FILLED_FIELDS
    ]


def unbookable(theirs: shapes.EventType) -> bool:
    """Whether every booking by phone would fail, or be more than the caller agreed to."""
    return theirs.is_recurring or bool(unfillable(theirs))
