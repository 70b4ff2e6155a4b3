"""Taking over what Cal.com says about event types, and alarming a human when a link breaks."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from psycopg.types.json import Jsonb

from db.states import Severity, Unlinked
from db.transaction import Transaction


async def follow_event_type(
    tx: Transaction,
    *,
    id: UUID,  # noqa: A002
    length_minutes: int,
    before_buffer_minutes: int,
    after_buffer_minutes: int,
    minimum_notice_minutes: int,
    booking_window_days: int | None,
    slot_interval_minutes: int | None,
    seats: int | None,
    requires_confirmation: bool,
    staff_id: UUID | None,
    host_ids: Collection[UUID],
    required_fields: Collection[str],
    working_hours: Mapping[str, Any] | None,
    unlinked_because: Unlinked | None,
    now: datetime,
) -> None:
    """Write what is Cal.com's about an event type; what is the owner's own stays as it is."""
    await tx.run(
        """
        UPDATE event_type SET
            length_minutes = %(length_minutes)s,
            before_buffer_minutes = %(before_buffer_minutes)s,
            after_buffer_minutes = %(after_buffer_minutes)s,
            minimum_notice_minutes = %(minimum_notice_minutes)s,
            booking_window_days = %(booking_window_days)s,
            slot_interval_minutes = %(slot_interval_minutes)s,
            seats = %(seats)s,
            requires_confirmation = %(requires_confirmation)s,
            staff_id = %(staff_id)s,
            host_ids = %(host_ids)s::uuid[],
            required_fields = %(required_fields)s::text[],
            working_hours = %(working_hours)s,
            unlinked_because = %(unlinked_because)s,
            unlinked_since = CASE
                WHEN %(unlinked_because)s::text IS NOT NULL THEN coalesce(unlinked_since, %(now)s)
            END,
            synced_at = coalesce(synced_at, %(now)s)
        WHERE id = %(id)s
        """,
        {
            "id": id,
            "length_minutes": length_minutes,
            "before_buffer_minutes": before_buffer_minutes,
            "after_buffer_minutes": after_buffer_minutes,
            "minimum_notice_minutes": minimum_notice_minutes,
            "booking_window_days": booking_window_days,
            "slot_interval_minutes": slot_interval_minutes,
            "seats": seats,
            "requires_confirmation": requires_confirmation,
            "staff_id": staff_id,
            "host_ids": list(host_ids),
            "required_fields": list(required_fields),
            "working_hours": None if working_hours is None else Jsonb(dict(working_hours)),
            "unlinked_because": unlinked_because,
            "now": now,
        },
    )


async def raise_alarm(tx: Transaction, *, note: str, now: datetime) -> bool:
    """Flag that links to Cal.com are broken; while it is open it is one flag, whatever joins it.

    Returns:
        Whether nobody had been told yet.
    """
    return await tx.only(
        """
        WITH before AS (
            SELECT count(*) AS n FROM flag WHERE kind = 'broken_link' AND state = 'open'
        ), raised AS (
            INSERT INTO flag (id, business_id, kind, severity, note, created_at)
            VALUES (
                %(id)s, %(business_id)s, 'broken_link', %(severity)s, %(note)s, %(now)s)
            ON CONFLICT (business_id, kind, call_id, booking_id) DO UPDATE SET
                state = 'open', note = excluded.note, resolved_at = NULL,
                created_at = CASE
                    WHEN flag.state = 'open' THEN flag.created_at ELSE excluded.created_at END
        )
        SELECT n = 0 FROM before
        """,
        {"id": uuid4(), "severity": Severity.CRITICAL, "note": note, "now": now},
        into=bool,
    )


async def end_alarm(tx: Transaction, *, now: datetime) -> bool:
    """Every link is whole again; tells whether there was a flag to take down."""
    ended = await tx.run(
        """
        UPDATE flag SET state = 'resolved', resolved_at = %(now)s
        WHERE kind = 'broken_link' AND state = 'open'
        """,
        {"now": now},
    )
    return ended == 1
