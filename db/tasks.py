"""Tasks: somebody must call back, or tell a caller something.

Sending messages is not built yet; staff see to every task. What will send one day notes it first
(`begin_sending`) and sends then: a crash in between leaves a task of which nobody knows whether it
was sent, and that one is shown to staff instead of being sent twice.
"""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from db.states import TaskKind, TaskReason, TaskState, Urgency
from db.transaction import Transaction


@dataclass(frozen=True, slots=True)
class TaskRow:
    """Something to be done. Its `repr` tells neither whom nor why."""

    id: UUID
    kind: TaskKind
    reason: TaskReason
    note: str | None = field(repr=False)
    call_id: UUID | None
    booking_id: UUID | None
    event_id: int | None
    recipient: str | None = field(repr=False)
    due_at: datetime
    urgency: Urgency
    state: TaskState
    sent_key: UUID | None
    """Set before it is sent: an open task with a key was perhaps sent."""
    created_at: datetime
    done_at: datetime | None


async def add(
    tx: Transaction,
    *,
    kind: TaskKind,
    reason: TaskReason,
    due_at: datetime,
    now: datetime,
    recipient: str | None = None,
    call_id: UUID | None = None,
    booking_id: UUID | None = None,
    event_id: int | None = None,
    urgency: Urgency = Urgency.NORMAL,
    note: str | None = None,
) -> bool:
    """Note that somebody must do something, once for each event, recipient and kind.

    One open callback per call is enough: a second one hurries the first. What the caller asks for
    (`asked`) says where, when and about what, whatever the callback was for before.

    Args:
        tx: Where.
        kind: What is to be done.
        reason: Why.
        recipient: A number (E.164); the caller's, unless told.
        due_at: By when.
        now: When.
        call_id: The call it comes from.
        booking_id: The booking it is about.
        event_id: The event it follows from, so that the event may be told twice.
        urgency: Whether it goes before others.
        note: For whoever does it.

    Returns:
        Whether it was new.
    """
    return await tx.only(
        """
        WITH reached AS (
            SELECT coalesce(
                %(recipient)s::text, (SELECT caller_number FROM call WHERE id = %(call_id)s)
            ) AS at
        ), known AS (
            SELECT id FROM task, reached
            WHERE event_id = %(event_id)s AND kind = %(kind)s
                AND recipient IS NOT DISTINCT FROM reached.at
        ), added AS (
            INSERT INTO task (
                id, business_id, kind, reason, note, call_id, booking_id, event_id, recipient,
                due_at, urgency, created_at)
            SELECT
                %(id)s, %(business_id)s::uuid, %(kind)s, %(reason)s, %(note)s, %(call_id)s::uuid,
                %(booking_id)s::uuid, %(event_id)s::bigint, reached.at, %(due_at)s, %(urgency)s,
                %(now)s
            FROM reached
            WHERE NOT EXISTS (SELECT FROM known)
            ON CONFLICT (business_id, call_id)
                WHERE kind = 'callback' AND state = 'open' AND call_id IS NOT NULL
            DO UPDATE SET
                due_at = CASE WHEN task.reason = 'asked' AND excluded.reason = 'asked'
                    THEN excluded.due_at ELSE least(task.due_at, excluded.due_at) END,
                recipient = CASE WHEN excluded.reason = 'asked'
                    THEN coalesce(%(recipient)s, task.recipient)
                    ELSE coalesce(task.recipient, excluded.recipient) END,
                note = coalesce(excluded.note, task.note),
                urgency = CASE WHEN 'urgent' IN (task.urgency, excluded.urgency)
                    THEN 'urgent' ELSE task.urgency END,
                booking_id = coalesce(task.booking_id, excluded.booking_id)
            RETURNING id
        )
        SELECT count(*) FILTER (WHERE id = %(id)s) = 1 FROM added
        """,
        {
            "id": uuid4(),
            "kind": kind,
            "reason": reason,
            "note": note,
            "call_id": call_id,
            "booking_id": booking_id,
            "event_id": event_id,
            "recipient": recipient,
            "due_at": due_at,
            "urgency": urgency,
            "now": now,
        },
        into=bool,
    )


async def open_ones(tx: Transaction) -> list[TaskRow]:
    """What is to be done, urgent ones first, then as they fall due."""
    return await tx.all(
        """
        SELECT * FROM task WHERE state = 'open'
        ORDER BY urgency = 'urgent' DESC, due_at, id
        """,
        into=TaskRow,
    )


async def close(tx: Transaction, *, id: UUID, state: TaskState, now: datetime) -> bool:  # noqa: A002
    """Note that a task is done or need not be; false if somebody has noted it before."""
    closed = await tx.run(
        """
        UPDATE task SET state = %(state)s, done_at = %(now)s
        WHERE id = %(id)s AND state = 'open'
        """,
        {"id": id, "state": state, "now": now},
    )
    return closed == 1


async def begin_sending(tx: Transaction, *, id: UUID, key: UUID) -> bool:  # noqa: A002
    """Note that a message is about to be sent; commit before sending it.

    Args:
        tx: Where.
        id: Of the task.
        key: Of this attempt; also what the provider may tell repetitions by.

    Returns:
        Whether it may be sent: false if it was perhaps sent before, or is closed.
    """
    noted = await tx.run(
        """
        UPDATE task SET sent_key = %(key)s
        WHERE id = %(id)s AND kind = 'message' AND state = 'open' AND sent_key IS NULL
        """,
        {"id": id, "key": key},
    )
    return noted == 1
