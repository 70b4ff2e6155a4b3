"""Differences that only a human can settle: kept until they are gone, and flagged."""

import hashlib
from datetime import datetime
from uuid import uuid4

from booking.bookings import Booking
from calcom.shapes import Booking as CalcomBooking
from db import events, flags, sync_failures
from db.states import DomainEventKind, FlagKind, Quarrel, Severity
from db.transaction import Transaction


def subject_of(uid: str) -> str:
    """A booking at Cal.com, without telling its uid."""
    return hashlib.sha256(uid.encode()).hexdigest()[:32]


async def keep(
    tx: Transaction,
    quarrel: Quarrel,
    *,
    uid: str,
    ours: Booking | None,
    theirs: CalcomBooking | None,
    now: datetime,
) -> None:
    """Note a difference; a human is told the first time.

    Args:
        tx: Where.
        quarrel: What is odd.
        uid: Of the booking at Cal.com that it is about.
        ours: What stands here.
        theirs: What stands there.
        now: When.
    """
    booking_id = ours.id if ours else None
    call_id = ours.call_id if ours else None
    is_new = await sync_failures.record(
        tx,
        id=uuid4(),
        kind=quarrel,
        subject=subject_of(uid),
        booking_id=booking_id,
        ours=_of_ours(ours) if ours else None,
        theirs=_of_theirs(theirs) if theirs else None,
        now=now,
    )
    if not is_new:
        return
    await flags.raise_flag(
        tx,
        id=uuid4(),
        kind=FlagKind.SYNC_FAILURE,
        severity=Severity.WARNING,
        call_id=call_id,
        booking_id=booking_id,
        note=quarrel.value,
        now=now,
    )
    await events.record(
        tx,
        kind=DomainEventKind.INCONSISTENCY_FOUND,
        booking_id=booking_id,
        call_id=call_id,
        facts={"quarrel": quarrel.value},
        now=now,
    )


def _of_ours(booking: Booking) -> dict[str, str]:
    return {
        "state": booking.state.value,
        "start": booking.start_at.isoformat(),
        "end": booking.end_at.isoformat(),
    }


def _of_theirs(booking: CalcomBooking) -> dict[str, str]:
    return {
        "status": booking.status.value,
        "start": booking.start.isoformat(),
        "end": booking.end.isoformat(),
        "updated": booking.updated_at.isoformat(),
    }
