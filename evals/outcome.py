"""What a call left behind: our rows, and what stands at Cal.com."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from calcom.sandbox import SandboxApp
from db.database import Database
from db.states import DEAD, BookingState
from evals.house import Plan

OPEN: Final = frozenset(
    {
        BookingState.PENDING,
        BookingState.QUEUED,
        BookingState.MOVING,
        BookingState.CANCELLING,
    }
)
"""States that somebody must still lead out of."""


@dataclass(frozen=True, slots=True)
class OurBooking:
    """A row of ours."""

    id: str
    service: str
    staff: str | None
    name: str
    start: datetime
    end: datetime
    state: BookingState
    uid: str | None
    is_phase: bool
    """A later phase: the row of the first one speaks for the appointment."""

    @property
    def is_live(self) -> bool:
        return self.state not in DEAD


@dataclass(frozen=True, slots=True)
class TheirBooking:
    """A booking at the stand-in, as one of its attendees sees it."""

    uid: str
    service: str
    staff: str
    name: str
    start: datetime
    end: datetime
    status: str
    seated: bool = False

    @property
    def is_live(self) -> bool:
        return self.status in {"accepted", "pending"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """Both sides, everything that ever stood there included."""

    ours: Sequence[OurBooking]
    theirs: Sequence[TheirBooking]
    callbacks: int
    """Open promises to call back."""


_OURS: Final = """
    SELECT coalesce(json_agg(json_build_object(
        'id', b.id, 'service', s.slug, 'staff', p.slug, 'name', b.attendee_name,
        'start', b.start_at, 'end', b.end_at, 'state', b.state,
        'uid', coalesce(b.seat_uid, b.calcom_uid),
        'is_phase', b.group_id IS NOT NULL AND b.group_id <> b.id
    ) ORDER BY b.start_at, b.id), '[]')::text
    FROM booking b
    JOIN service s ON s.business_id = b.business_id AND s.id = b.service_id
    LEFT JOIN staff p ON p.business_id = b.business_id AND p.id = b.staff_id
    WHERE b.business_id = %(business_id)s
"""

_CALLBACKS: Final = """
    SELECT count(*) FROM task
    WHERE business_id = %(business_id)s AND kind = 'callback' AND state = 'open'
"""


async def ours(database: Database, business_id: UUID) -> tuple[list[OurBooking], int]:
    """Our bookings, earliest first, and the open promises to call back."""
    async with database.transaction(business_id) as tx:
        rows: list[dict[str, Any]] = json.loads(await tx.only(_OURS, into=str))
        callbacks = await tx.only(_CALLBACKS, into=int)
    found = [
        OurBooking(
            **{
                **row,
                "start": datetime.fromisoformat(row["start"]),
                "end": datetime.fromisoformat(row["end"]),
                "state": BookingState(row["state"]),
            }
        )
        for row in rows
    ]
    return found, callbacks


def theirs(calendar: SandboxApp, plan: Plan) -> list[TheirBooking]:
    """What is at the stand-in, one entry for each attendee."""
    services = {each.calcom_id: each.service for each in plan.offered}
    hosts = {number: slug for slug, number in plan.staff.items()}
    world = calendar.state.sandbox.world
    return [
        TheirBooking(
            uid=attendee.seat_uid or booking.uid,
            service=services.get(booking.event_type_id, "") if booking.event_type_id else "",
            staff=hosts.get(booking.host_id, ""),
            name=attendee.name,
            start=booking.start,
            end=booking.end,
            status=booking.status,
            seated=booking.seated,
        )
        for booking in sorted(world.bookings.values(), key=lambda each: each.id)
        for attendee in booking.attendees
    ]
