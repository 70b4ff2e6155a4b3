"""Making two records of one person one."""

from datetime import datetime
from uuid import UUID

from db.transaction import Transaction


async def merge(tx: Transaction, *, keep: UUID, give_up: UUID, now: datetime) -> bool:
    """Give everything of one customer to another, whose name counts; the first is gone then.

    Where both use a number, it stays once, and is owned if either owned it.

    Returns:
        Whether there were two: false if somebody was faster.
    """
    names = {"keep": keep, "give_up": give_up, "now": now}
    both = await tx.all(
        """
        SELECT id FROM customer WHERE id IN (%(keep)s, %(give_up)s) ORDER BY id FOR UPDATE
        """,
        names,
        into=UUID,
    )
    if len(both) != 2 or keep == give_up:  # noqa: PLR2004 - two
        return False
    await tx.run(
        """
        UPDATE booking SET customer_id = %(keep)s WHERE customer_id = %(give_up)s
        """,
        names,
    )
    await tx.run(
        """
        WITH gone AS (
            DELETE FROM customer_number WHERE customer_id = %(give_up)s
            RETURNING number, is_owner, created_at
        ), owned AS (
            UPDATE customer_number SET is_owner = true
            FROM gone
            WHERE customer_number.customer_id = %(keep)s
                AND customer_number.number = gone.number AND gone.is_owner
        )
        INSERT INTO customer_number (
            business_id, customer_id, number, name_normalised, is_owner, created_at)
        SELECT %(business_id)s::uuid, %(keep)s, number,
            (SELECT name_normalised FROM customer WHERE id = %(keep)s), is_owner, created_at
        FROM gone WHERE number NOT IN (
            SELECT number FROM customer_number WHERE customer_id = %(keep)s)
        """,
        names,
    )
    await tx.run(
        """
        UPDATE customer SET updated_at = %(now)s,
            salutation = coalesce(customer.salutation, gone.salutation),
            language = coalesce(customer.language, gone.language),
            email = coalesce(customer.email, gone.email)
        FROM customer AS gone WHERE customer.id = %(keep)s AND gone.id = %(give_up)s
        """,
        names,
    )
    await tx.run("DELETE FROM customer WHERE id = %(give_up)s", names)
    return True
