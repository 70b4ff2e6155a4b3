"""Who is logged in, and who has failed to. All of it is for `registry`: people are no tenants."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from db.transaction import Transaction


@dataclass(frozen=True, slots=True)
class SessionRow:
    """Somebody who is logged in."""

    user_id: UUID
    email: str
    name: str
    language: str | None
    created_at: datetime
    seen_at: datetime


async def begin(tx: Transaction, *, token_hash: bytes, user_id: UUID, now: datetime) -> None:
    """Note that somebody has logged in."""
    await tx.run(
        """
        INSERT INTO login_session (token_hash, user_id, created_at, seen_at)
        VALUES (%(token_hash)s, %(user_id)s, %(now)s, %(now)s)
        """,
        {"token_hash": token_hash, "user_id": user_id, "now": now},
    )


async def find(
    tx: Transaction, *, token_hash: bytes, seen_since: datetime, begun_since: datetime
) -> SessionRow | None:
    """Whose session it is, unless it is too old or they may not log in any more."""
    return await tx.one(
        """
        SELECT login_session.*, user_account.email, user_account.name, user_account.language
        FROM login_session JOIN user_account ON user_account.id = login_session.user_id
        WHERE token_hash = %(token_hash)s AND user_account.state = 'active'
            AND seen_at > %(seen_since)s AND login_session.created_at > %(begun_since)s
        """,
        {"token_hash": token_hash, "seen_since": seen_since, "begun_since": begun_since},
        into=SessionRow,
    )


async def seen(tx: Transaction, *, token_hash: bytes, now: datetime) -> None:
    """Note that somebody is still there."""
    await tx.run(
        "UPDATE login_session SET seen_at = %(now)s WHERE token_hash = %(token_hash)s",
        {"token_hash": token_hash, "now": now},
    )


async def end(tx: Transaction, *, token_hash: bytes) -> None:
    """Log out."""
    await tx.run(
        "DELETE FROM login_session WHERE token_hash = %(token_hash)s", {"token_hash": token_hash}
    )


async def end_all(tx: Transaction, *, user_id: UUID, but: bytes | None = None) -> None:
    """Log somebody out everywhere, perhaps but where they are now."""
    await tx.run(
        """
        DELETE FROM login_session
        WHERE user_id = %(user_id)s AND token_hash IS DISTINCT FROM %(but)s::bytea
        """,
        {"user_id": user_id, "but": but},
    )


async def forget(tx: Transaction, *, before: datetime) -> None:
    """Forget sessions and failures in which nothing has happened since."""
    await tx.run("DELETE FROM login_session WHERE seen_at < %(before)s", {"before": before})
    await tx.run("DELETE FROM login_failure WHERE failed_at < %(before)s", {"before": before})


async def attempt(
    tx: Transaction,
    *,
    subject_hash: bytes,
    free: int,
    lock: timedelta,
    at_most: timedelta,
    since: datetime,
    now: datetime,
) -> bool:
    """Count an attempt to log in, before anybody looks whether it succeeds.

    Attempts at the same time come one after another: of any number, `free` get through.

    Args:
        tx: Where.
        subject_hash: Who tries.
        free: How many in a row may fail; the last one of them locks, should it fail too.
        lock: For how long; doubled by each further failure.
        at_most: The longest lock.
        since: Failures before that are forgotten.
        now: When.

    Returns:
        Whether it may be looked at: false while there is a lock.
    """
    counted = await tx.run(
        """
        INSERT INTO login_failure AS known (subject_hash, failures, failed_at)
        VALUES (%(subject_hash)s, 1, %(now)s)
        ON CONFLICT (subject_hash) DO UPDATE SET
            failures = CASE WHEN known.failed_at < %(since)s THEN 1 ELSE known.failures + 1 END,
            failed_at = excluded.failed_at,
            locked_until = CASE
                WHEN known.failed_at >= %(since)s AND known.failures + 1 >= %(free)s
                THEN %(now)s + least(
                    %(at_most)s, %(lock)s * power(2, least(known.failures + 1 - %(free)s, 16)))
            END
        WHERE known.locked_until IS NULL OR known.locked_until <= %(now)s
        """,
        {
            "subject_hash": subject_hash,
            "free": free,
            "lock": lock,
            "at_most": at_most,
            "since": since,
            "now": now,
        },
    )
    return counted == 1


async def succeed(tx: Transaction, *, subject_hash: bytes) -> None:
    """Forget the failures of somebody who has logged in."""
    await tx.run(
        "DELETE FROM login_failure WHERE subject_hash = %(subject_hash)s",
        {"subject_hash": subject_hash},
    )
