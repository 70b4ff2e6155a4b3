"""Forgetting a person: what remains are numbers about calls, and nothing about whom."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Erased:
    """What was forgotten; the caller deletes the recordings' files."""

    calls: int
    bookings: int
    recordings: tuple[str, ...]
    """Their names in the store."""


class StillExpected(Exception):
    """The person has an appointment that is to come: cancel it first, so that nobody waits."""


async def erase(tx: Transaction, *, customer_id: UUID, now: datetime) -> Erased | None:
    """Forget a customer: name, numbers, words, recordings; appointments stay without a name.

    Calls are theirs that came from a number which nobody else uses, or in which they booked.

    Returns:
        `None` if there is no such customer.

    Raises:
        StillExpected: An appointment is to come.
    """
    of = {"id": customer_id, "now": now}
    known = await tx.one("SELECT id FROM customer WHERE id = %(id)s FOR UPDATE", of, into=UUID)
    if known is None:
        return None
    if await tx.only(
        """
        SELECT EXISTS (SELECT FROM booking WHERE customer_id = %(id)s AND end_at > %(now)s
            AND state NOT IN ('cancelled', 'failed'))
        """,
        of,
        into=bool,
    ):
        raise StillExpected
    numbers = await tx.all(
        """
        SELECT number FROM customer_number AS own WHERE customer_id = %(id)s AND NOT EXISTS (
            SELECT FROM customer_number AS other
            WHERE other.number = own.number AND other.customer_id <> own.customer_id)
        """,
        of,
        into=str,
    )
    calls = await tx.all(
        """
        SELECT id FROM call WHERE caller_number = ANY (%(numbers)s) OR id IN (
            SELECT call_id FROM booking WHERE customer_id = %(id)s)
        """,
        {**of, "numbers": numbers},
        into=UUID,
    )
    found = {**of, "numbers": numbers, "calls": calls}
    stored = await tx.all(
        "SELECT stored_as FROM recording WHERE call_id = ANY (%(calls)s) AND stored_as IS NOT NULL",
        found,
        into=str,
    )
    for statement in _WORDS:
        await tx.run(statement, found)
    bookings = await tx.run(
        """
        UPDATE booking SET customer_id = NULL, attendee_name = '-', attendee_number = NULL,
            attendee_email = 'erased@invalid', note = NULL, cancel_reason = CASE
                WHEN cancel_reason IS NULL THEN NULL ELSE '-' END
        WHERE customer_id = %(id)s
        """,
        found,
    )
    await tx.run("DELETE FROM customer WHERE id = %(id)s", found)
    return Erased(len(calls), bookings, tuple(stored))


_WORDS = (
    "DELETE FROM turn WHERE call_id = ANY (%(calls)s)",
    "DELETE FROM recording WHERE call_id = ANY (%(calls)s)",
    "DELETE FROM call_comment WHERE call_id = ANY (%(calls)s)",
    "DELETE FROM task WHERE call_id = ANY (%(calls)s) OR recipient = ANY (%(numbers)s)",
    "UPDATE flag SET note = NULL WHERE call_id = ANY (%(calls)s)",
    "UPDATE tool_call SET arguments = '{}', reply = '{}' WHERE call_id = ANY (%(calls)s)",
    # What platforms told of these calls, as it came.
    """
    DELETE FROM inbox_event WHERE due_at IS NULL AND EXISTS (
        SELECT FROM call WHERE call.id = ANY (%(calls)s) AND call.platform = inbox_event.source
            AND position(convert_to(call.platform_call_id, 'UTF8') IN inbox_event.body) > 0)
    """,
    """
    UPDATE call SET caller_number = NULL, memory = '{}', summary = NULL
    WHERE id = ANY (%(calls)s)
    """,
)
