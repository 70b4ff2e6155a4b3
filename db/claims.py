"""Our claims on hosts' time: holds for calls, and what bookings occupy."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db.errors import ClaimTaken
from db.transaction import Transaction


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """Time of a host that is not free, buffers included, end exclusive."""

    id: UUID
    staff_id: UUID
    starts: datetime
    ends: datetime
    call_id: UUID | None
    booking_id: UUID | None
    """`None` for a hold."""


async def hold(
    tx: Transaction,
    *,
    id: UUID,  # noqa: A002
    call_id: UUID,
    staff_id: UUID,
    event_type_id: UUID,
    starts_at: datetime,
    during: tuple[datetime, datetime],
    expires_at: datetime,
    now: datetime,
) -> None:
    """Keep a host's time for a call, in place of whatever the call held before.

    Args:
        tx: Where. In a `transaction` that the error ends, the former hold survives it.
        id: Of the claim.
        call_id: Whose hold it is.
        staff_id: The host.
        event_type_id: What for.
        starts_at: When the appointment would start.
        during: The host's time, buffers included, end exclusive.
        expires_at: Until when, unless it is booked or let go.
        now: When.

    Raises:
        ClaimTaken: Somebody else holds or has booked some of that time.
    """
    held = await tx.run(
        """
        WITH cleared AS (
            DELETE FROM claim
            WHERE booking_id IS NULL
                AND (call_id = %(call_id)s
                    OR staff_id = %(staff_id)s AND expires_at <= %(now)s
                        AND during && tstzrange(%(held_from)s, %(held_until)s))
            RETURNING id
        )
        INSERT INTO claim (
            id, business_id, call_id, staff_id, event_type_id, during, starts_at, expires_at,
            created_at)
        SELECT
            %(id)s, %(business_id)s::uuid, %(call_id)s, %(staff_id)s, %(event_type_id)s,
            tstzrange(%(held_from)s, %(held_until)s), %(starts_at)s, %(expires_at)s, %(now)s
        FROM (SELECT count(*) FROM cleared) AS after_clearing
        ON CONFLICT DO NOTHING
        """,
        {
            "id": id,
            "call_id": call_id,
            "staff_id": staff_id,
            "event_type_id": event_type_id,
            "starts_at": starts_at,
            "held_from": during[0],
            "held_until": during[1],
            "expires_at": expires_at,
            "now": now,
        },
    )
    if not held:
        raise ClaimTaken(staff_id)


async def release_call(tx: Transaction, *, call_id: UUID) -> bool:
    """Let go what a call holds; what it has booked stays."""
    released = await tx.run(
        "DELETE FROM claim WHERE call_id = %(call_id)s AND booking_id IS NULL",
        {"call_id": call_id},
    )
    return released > 0


async def overlapping(
    tx: Transaction,
    *,
    staff_ids: Collection[UUID],
    start: datetime,
    end: datetime,
    now: datetime,
    except_call: UUID | None,
) -> list[ClaimRow]:
    """What is not free of these hosts' time between two instants.

    Holds that have expired do not count, nor does what `except_call` itself holds.
    """
    return await tx.all(
        """
        SELECT id, staff_id, lower(during) AS starts, upper(during) AS ends, call_id, booking_id
        FROM claim
        WHERE staff_id = ANY (%(staff_ids)s::uuid[])
            AND during && tstzrange(%(start)s, %(end)s)
            AND (booking_id IS NOT NULL
                OR expires_at > %(now)s AND call_id IS DISTINCT FROM %(except_call)s)
        ORDER BY lower(during), staff_id
        """,
        {
            "staff_ids": list(staff_ids),
            "start": start,
            "end": end,
            "now": now,
            "except_call": except_call,
        },
        into=ClaimRow,
    )


async def expire(tx: Transaction, *, now: datetime) -> int:
    """Forget holds that have expired, and claims on time that is over; tells how many.

    What is over guards nothing, and each claim that stays makes every look at its host dearer.
    """
    return await tx.run(
        """
        DELETE FROM claim
        WHERE booking_id IS NULL AND expires_at <= %(now)s OR upper(during) <= %(now)s
        """,
        {"now": now},
    )
