"""Tasks: somebody must call back, or tell a caller something.

Messages are sent by workers (`server/queues/messages.py`), everything else is for staff. What sends
notes it first (`begin_sending`) and sends then: a crash in between leaves a task of which nobody
knows whether it was sent, and that one is shown to staff instead of being sent twice.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from db.states import Means, TaskKind, TaskReason, TaskState, Urgency
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
    send_at: datetime | None
    sent_key: UUID | None
    """Set before it is sent: an open task with a key was perhaps sent."""
    sent_by: Means | None
    heard: bool
    """Whether the caller was told in the call already."""
    created_at: datetime
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class LeasedMessage:
    """A message that a worker must send, and whose it is."""

    id: UUID
    business_id: UUID
    attempts: int
    """This one included."""


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
    heard: bool = False,
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
        heard: The caller was told in the call already.

    Returns:
        Whether it was new. A new message is sent as soon as a worker is free.
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
                due_at, urgency, created_at, heard, send_at)
            SELECT
                %(id)s, %(business_id)s::uuid, %(kind)s, %(reason)s, %(note)s, %(call_id)s::uuid,
                %(booking_id)s::uuid, %(event_id)s::bigint, reached.at, %(due_at)s, %(urgency)s,
                %(now)s, %(heard)s, CASE WHEN %(kind)s = 'message' THEN %(now)s END
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
            "heard": heard,
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
        UPDATE task SET state = %(state)s, done_at = %(now)s, send_at = NULL
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


async def not_sent(tx: Transaction, *, id: UUID, key: UUID) -> None:  # noqa: A002
    """Note that an attempt came to nothing for certain, so that another may be made."""
    await tx.run(
        "UPDATE task SET sent_key = NULL WHERE id = %(id)s AND sent_key = %(key)s",
        {"id": id, "key": key},
    )


async def sent(tx: Transaction, *, id: UUID, by: Means, now: datetime) -> None:  # noqa: A002
    """Note that a message has been taken by whoever delivers it."""
    await tx.run(
        """
        UPDATE task SET state = 'done', done_at = %(now)s, send_at = NULL, sent_by = %(by)s
        WHERE id = %(id)s AND state = 'open'
        """,
        {"id": id, "by": by, "now": now},
    )


async def send_later(tx: Transaction, *, id: UUID, at: datetime | None) -> None:  # noqa: A002
    """Have a worker send a message at some time; `None` leaves it to staff."""
    await tx.run(
        "UPDATE task SET send_at = %(at)s WHERE id = %(id)s AND send_at IS NOT NULL",
        {"id": id, "at": at},
    )


async def get(tx: Transaction, *, id: UUID) -> TaskRow | None:  # noqa: A002
    """A task by its id."""
    return await tx.one("SELECT * FROM task WHERE id = %(id)s", {"id": id}, into=TaskRow)


async def lease_due(
    tx: Transaction, *, now: datetime, lease: timedelta, at_most: int
) -> list[LeasedMessage]:
    """Take messages of any business that are to be sent, and hide them for `lease`.

    Two workers never take the same one. For the worker's role, in `registry`.
    """
    return await tx.all(
        """
        WITH due AS (
            SELECT id FROM task
            WHERE send_at <= %(now)s ORDER BY send_at LIMIT %(at_most)s
            FOR UPDATE SKIP LOCKED
        )
        UPDATE task SET send_at = %(until)s, attempts = attempts + 1
        FROM due WHERE task.id = due.id
        RETURNING task.id, task.business_id, task.attempts
        """,
        {"now": now, "until": now + lease, "at_most": at_most},
        into=LeasedMessage,
    )


async def to_call_since(tx: Transaction, *, since: datetime, until: datetime) -> int:
    """How many callbacks were noted after an instant and are open; `until` included."""
    return await tx.only(
        """
        SELECT count(*) FROM task
        WHERE kind = 'callback' AND state = 'open'
            AND created_at > %(since)s AND created_at <= %(until)s
        """,
        {"since": since, "until": until},
        into=int,
    )
