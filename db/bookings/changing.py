"""Intents and outcomes: a booking's state changes here, and only from a state that was expected."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from db.bookings.rows import UNSETTLED, BookingRow, Stand
from db.states import DEAD, BookingState
from db.transaction import Transaction


async def begin_move(
    tx: Transaction,
    *,
    id: UUID,  # noqa: A002
    to: Stand,
    due_at: datetime,
    now: datetime,
) -> BookingRow | None:
    """Write down that a booking shall move; until that is settled it stands where it stood.

    Of any number of changes at the same time one begins: the others find another state. A phase
    does not move alone.

    Returns:
        The booking; `None` if it is being changed, has begun, does not stand, or stands there.
    """
    return await tx.one(
        """
        UPDATE booking SET
            state = 'moving', wished_start_at = %(start)s, wished_end_at = %(end)s,
            wished_event_type_id = %(event_type_id)s, failure = NULL, attempts = 0,
            due_at = %(due_at)s, asked_at = %(now)s, settled_at = NULL, updated_at = %(now)s
        WHERE id = %(id)s AND state = 'confirmed' AND start_at > %(now)s AND group_id IS NULL
            AND (start_at, event_type_id) <> (%(start)s, %(event_type_id)s)
        RETURNING *
        """,
        {
            "id": id,
            "start": to.start,
            "end": to.end,
            "event_type_id": to.event_type_id,
            "due_at": due_at,
            "now": now,
        },
        into=BookingRow,
    )


async def begin_cancel(
    tx: Transaction,
    *,
    id: UUID,  # noqa: A002
    reason: str,
    due_at: datetime,
    now: datetime,
) -> list[BookingRow]:
    """Write down that a booking shall be cancelled; until that is settled it stands.

    All phases of a composite booking go together. What never left us is cancelled at once.

    Returns:
        The booking, or what is left of its phases, first one first; none if it is being made or
        changed, has begun, or does not stand.
    """
    return await tx.all(
        """
        WITH whole AS (
            SELECT * FROM booking
            WHERE (id = %(id)s OR group_id = %(id)s) AND state NOT IN ('cancelled', 'failed')
            ORDER BY start_at FOR UPDATE
        ), begun AS (
            UPDATE booking SET
                state = CASE WHEN booking.state = 'queued' THEN 'cancelled' ELSE 'cancelling' END,
                cancel_reason = %(reason)s, failure = NULL, attempts = 0,
                due_at = CASE WHEN booking.state <> 'queued' THEN %(due_at)s END,
                asked_at = CASE WHEN booking.state <> 'queued' THEN %(now)s END,
                settled_at = CASE WHEN booking.state = 'queued' THEN %(now)s END,
                updated_at = %(now)s
            FROM whole
            WHERE booking.id = whole.id AND NOT EXISTS (
                SELECT FROM whole
                WHERE start_at <= %(now)s OR state IN ('pending', 'moving', 'cancelling')
                    OR state = 'queued' AND asked_at IS NOT NULL)
            RETURNING booking.*
        ), released AS (
            DELETE FROM claim USING begun
            WHERE claim.booking_id = begun.id AND begun.state = 'cancelled'
        )
        SELECT * FROM begun ORDER BY start_at, id
        """,
        {"id": id, "reason": reason, "due_at": due_at, "now": now},
        into=BookingRow,
    )


async def settle(
    tx: Transaction,
    *,
    id: UUID,  # noqa: A002
    state: BookingState,
    calcom_uid: str | None,
    failure: str | None,
    now: datetime,
    due_at: datetime | None = None,
    staff_id: UUID | None = None,
    seat_uid: str | None = None,
    stand: Stand | None = None,
    wish_id: UUID | None = None,
    cancel_reason: str | None = None,
    needs_attention: bool = False,
    expected: Collection[BookingState] = UNSETTLED,
) -> BookingRow | None:
    """Write down what became of a booking. Claims stay only for where it stands, if it does.

    Args:
        tx: Where.
        id: Of the booking.
        state: What it is from now on. `queued` says that nothing has reached Cal.com.
        calcom_uid: Cal.com's name for it, where it has one; what is known already stays. A new one
            joins its history.
        failure: Why not.
        now: When.
        due_at: When a worker must look at it again; never, unless told.
        staff_id: The host, if Cal.com chose one.
        seat_uid: Its seat, in a booking of several.
        stand: Where it stands, if it has moved.
        wish_id: What has been wished in its place.
        cancel_reason: Why it shall be cancelled, if that is its state.
        needs_attention: A human should look at it.
        expected: Only a booking in one of these states is changed.

    Returns:
        The booking as it is now; `None` if somebody else has settled it otherwise.

    Raises:
        AlreadyExists: Another booking bears this `calcom_uid`.
    """
    return await tx.one(
        _SETTLE,
        {
            "id": id,
            "state": state,
            "calcom_uid": calcom_uid,
            "failure": failure,
            "now": now,
            "due_at": due_at,
            "staff_id": staff_id,
            "seat_uid": seat_uid,
            "start_at": stand and stand.start,
            "end_at": stand and stand.end,
            "event_type_id": stand and stand.event_type_id,
            "wish_id": wish_id,
            "cancel_reason": cancel_reason,
            "needs_attention": needs_attention,
            "expected": [state.value for state in expected],
            "dead": [state.value for state in DEAD],
        },
        into=BookingRow,
    )


_SETTLE = """
WITH settled AS (
    UPDATE booking SET
        state = %(state)s,
        calcom_uid = coalesce(%(calcom_uid)s, calcom_uid),
        seat_uid = coalesce(%(seat_uid)s, seat_uid),
        staff_id = coalesce(%(staff_id)s, staff_id),
        start_at = coalesce(%(start_at)s, start_at),
        end_at = coalesce(%(end_at)s, end_at),
        event_type_id = coalesce(%(event_type_id)s, event_type_id),
        wish_id = coalesce(%(wish_id)s, wish_id),
        cancel_reason = coalesce(%(cancel_reason)s, cancel_reason),
        wished_start_at = NULL,
        wished_end_at = NULL,
        wished_event_type_id = NULL,
        failure = %(failure)s,
        needs_attention = needs_attention OR %(needs_attention)s,
        due_at = %(due_at)s,
        asked_at = CASE WHEN %(state)s <> 'queued' THEN asked_at END,
        updated_at = %(now)s,
        settled_at = CASE WHEN %(state)s IN ('confirmed', 'failed', 'cancelled')
            THEN %(now)s END
    WHERE id = %(id)s AND state = ANY (%(expected)s)
    RETURNING *
), remembered AS (
    INSERT INTO booking_uid (business_id, booking_id, calcom_uid, since)
    SELECT business_id, id, calcom_uid, %(now)s FROM settled WHERE calcom_uid IS NOT NULL
    ON CONFLICT DO NOTHING
), released AS (
    DELETE FROM claim USING settled
    WHERE claim.booking_id = settled.id
        AND (settled.state = ANY (%(dead)s)
            OR (claim.event_type_id, claim.starts_at) <> (settled.event_type_id, settled.start_at)
            OR claim.expires_at IS NOT NULL)
)
SELECT * FROM settled
"""
