"""What people have promised to do, and whom it is for."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from db.states import TaskKind, TaskReason, TaskState, Urgency
from db.transaction import Transaction


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """Somebody is to be called, or told something."""

    id: UUID
    kind: TaskKind
    reason: TaskReason
    note: str | None = field(repr=False)
    recipient: str | None = field(repr=False)
    name: str | None = field(repr=False)
    call_id: UUID | None
    booking_start_at: datetime | None
    service_id: UUID | None
    due_at: datetime
    urgency: Urgency
    state: TaskState
    perhaps_sent: bool
    """A message was begun, and nobody knows whether it left."""
    created_at: datetime
    done_at: datetime | None


async def promises(tx: Transaction, *, is_open: bool, at_most: int = 200) -> list[PromiseRow]:
    """What is to be done, urgent and overdue first; or what was done, newest first."""
    return await tx.all(
        """
        SELECT task.*, task.sent_key IS NOT NULL AND task.state = 'open' AS perhaps_sent,
            booking.start_at AS booking_start_at, booking.service_id,
            coalesce(booking.attendee_name, customer.name) AS name
        FROM task
        LEFT JOIN booking ON booking.id = task.booking_id
        LEFT JOIN customer_number AS owned
            ON owned.number = task.recipient AND owned.is_owner
        LEFT JOIN customer ON customer.id = owned.customer_id
        WHERE (task.state = 'open') = %(is_open)s
        ORDER BY
            CASE WHEN %(is_open)s THEN (task.urgency <> 'urgent')::int END,
            CASE WHEN %(is_open)s THEN task.due_at END,
            task.done_at DESC, task.id
        LIMIT %(at_most)s
        """,
        {"is_open": is_open, "at_most": at_most},
        into=PromiseRow,
    )
