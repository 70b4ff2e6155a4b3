"""Intents and outcomes: a booking's state changes here, and only from a state that was expected."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from psycopg.types.json import Jsonb

from db.bookings.rows import UNSETTLED, BookingRow, Outcome, Stand
from db.states import DEAD, BookingState
from db.transaction import Transaction


async def begin_move(
    tx: Transaction,
    *,
    id: UUID,  # noqa: A002
    to: Sequence[Stand],
    due_at: datetime,
    now: datetime,
) -> list[BookingRow]:
    """Write down that a booking shall move; until that is settled it stands where it stood.

    Of any number of changes at the same time one begins: the others find another state. All phases
    of a composite booking go together.

    Args:
        tx: Where.
        id: Of the booking, or of the first phase.
        to: Where to; for each phase, first one first.
        due_at: When a worker takes over, should its writer be gone by then.
        now: When.

    Returns:
        The booking, or its phases, first one first; none if it is being changed, has begun, does
        not stand as a whole, or stands there.
    """
    begun = await tx.all(
        """
        WITH place AS (
            SELECT * FROM unnest(
                %(starts)s::timestamptz[], %(ends)s::timestamptz[], %(kinds)s::uuid[]
            ) WITH ORDINALITY AS place (starts, ends, kind, n)
        ), whole AS (
            SELECT * FROM booking
            WHERE (id = %(id)s OR group_id = %(id)s) AND state NOT IN ('cancelled', 'failed')
            ORDER BY start_at, id FOR UPDATE
        ), part AS (
            SELECT *, row_number() OVER (ORDER BY start_at, id) AS n FROM whole
        )
        UPDATE booking SET
            state = 'moving', wished_start_at = place.starts, wished_end_at = place.ends,
            wished_event_type_id = place.kind, failure = NULL, attempts = 0,
            due_at = %(due_at)s, asked_at = %(now)s, settled_at = NULL, updated_at = %(now)s
        FROM part JOIN place USING (n)
        WHERE booking.id = part.id
            AND (SELECT count(*) FROM part) = (SELECT count(*) FROM place)
            AND NOT EXISTS (
                SELECT FROM part
                WHERE state <> 'confirmed' OR start_at <= %(now)s
                    OR coalesce(group_id, id) <> %(id)s)
            AND EXISTS (
                SELECT FROM part JOIN place USING (n)
                WHERE (start_at, event_type_id) <> (starts, kind))
        RETURNING booking.*
        """,
        {
            "id": id,
            "starts": [stand.start for stand in to],
            "ends": [stand.end for stand in to],
            "kinds": [stand.event_type_id for stand in to],
            "due_at": due_at,
            "now": now,
        },
        into=BookingRow,
    )
    return sorted(begun, key=lambda row: (row.start_at, row.id))


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
    outcome = Outcome(
        id=id,
        state=state,
        calcom_uid=calcom_uid,
        seat_uid=seat_uid,
        staff_id=staff_id,
        stand=stand,
        wish_id=wish_id,
        failure=failure,
        cancel_reason=cancel_reason,
        due_at=due_at,
        needs_attention=needs_attention,
    )
    settled = await settle_all(tx, [outcome], now=now, expected=expected)
    return settled[0] if settled else None


async def settle_all(
    tx: Transaction,
    outcomes: Sequence[Outcome],
    *,
    now: datetime,
    expected: Collection[BookingState] = UNSETTLED,
) -> list[BookingRow]:
    """The same for several bookings, in one statement; earliest first, as they are now."""
    settled = await tx.all(
        _SETTLE,
        {
            "outcomes": Jsonb([outcome.to_json() for outcome in outcomes]),
            "now": now,
            "expected": [state.value for state in expected],
            "dead": [state.value for state in DEAD],
        },
        into=BookingRow,
    )
    return sorted(settled, key=lambda row: (row.start_at, row.id))


async def turn_back(
    tx: Transaction, *, group_id: UUID, moved: Mapping[UUID, str], failure: str, now: datetime
) -> list[BookingRow]:
    """Write down that a composite booking shall go back to where it stood, and why.

    Args:
        tx: Where.
        group_id: The id of its first phase.
        moved: Cal.com's new uids of the phases that stand at their wish already.
        failure: Why it cannot move.
        now: When.

    Returns:
        All phases, first one first; what has not moved wishes for nothing any more. None if they
        are not being moved.
    """
    return await tx.all(
        """
        WITH told AS (
            SELECT * FROM unnest(%(ids)s::uuid[], %(uids)s::text[]) AS told (id, uid)
        ), back AS (
            UPDATE booking SET
                calcom_uid = coalesce(told.uid, part.calcom_uid),
                wished_start_at =
                    CASE WHEN told.id IS NULL THEN part.start_at ELSE part.wished_start_at END,
                wished_end_at =
                    CASE WHEN told.id IS NULL THEN part.end_at ELSE part.wished_end_at END,
                wished_event_type_id = CASE
                    WHEN told.id IS NULL THEN part.event_type_id ELSE part.wished_event_type_id END,
                failure = %(failure)s, asked_at = %(now)s, updated_at = %(now)s
            FROM booking AS part LEFT JOIN told USING (id)
            WHERE booking.id = part.id AND part.group_id = %(group_id)s
                AND booking.state = 'moving'
            RETURNING booking.*
        ), remembered AS (
            INSERT INTO booking_uid (business_id, booking_id, calcom_uid, since)
            SELECT business_id, id, calcom_uid, %(now)s FROM back WHERE calcom_uid IS NOT NULL
            ON CONFLICT DO NOTHING
        )
        SELECT * FROM back ORDER BY start_at, id
        """,
        {
            "group_id": group_id,
            "ids": list(moved),
            "uids": list(moved.values()),
            "failure": failure,
            "now": now,
        },
        into=BookingRow,
    )


_SETTLE = """
WITH told AS (
    SELECT * FROM jsonb_to_recordset(%(outcomes)s) AS told (
        id uuid, state text, calcom_uid text, seat_uid text, staff_id uuid, start_at timestamptz,
        end_at timestamptz, event_type_id uuid, wish_id uuid, group_end_at timestamptz,
        failure text, cancel_reason text, due_at timestamptz, needs_attention boolean)
), settled AS (
    UPDATE booking SET
        state = told.state,
        calcom_uid = coalesce(told.calcom_uid, booking.calcom_uid),
        seat_uid = coalesce(told.seat_uid, booking.seat_uid),
        staff_id = coalesce(told.staff_id, booking.staff_id),
        start_at = coalesce(told.start_at, booking.start_at),
        end_at = coalesce(told.end_at, booking.end_at),
        event_type_id = coalesce(told.event_type_id, booking.event_type_id),
        wish_id = coalesce(told.wish_id, booking.wish_id),
        group_end_at = coalesce(told.group_end_at, booking.group_end_at),
        cancel_reason = coalesce(told.cancel_reason, booking.cancel_reason),
        wished_start_at = NULL,
        wished_end_at = NULL,
        wished_event_type_id = NULL,
        failure = told.failure,
        needs_attention = booking.needs_attention OR told.needs_attention,
        due_at = told.due_at,
        asked_at = CASE WHEN told.state <> 'queued' THEN booking.asked_at END,
        updated_at = %(now)s,
        settled_at = CASE WHEN told.state IN ('confirmed', 'failed', 'cancelled')
            THEN %(now)s END
    FROM told
    WHERE booking.id = told.id AND booking.state = ANY (%(expected)s)
    RETURNING booking.*
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
