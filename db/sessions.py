"""Who is logged in, and who has failed to. All of it is for `registry`: people are no tenants."""

from dataclasses import dataclass
from datetime import datetime
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


@dataclass(frozen=True, slots=True)
class FailuresRow:
    """How often in a row somebody could not log in."""

    failures: int
    failed_at: datetime
    locked_until: datetime | None


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


async def failures(tx: Transaction, *, subject_hash: bytes) -> FailuresRow | None:
    """How often somebody has failed, if they have."""
    return await tx.one(
        "SELECT * FROM login_failure WHERE subject_hash = %(subject_hash)s",
        {"subject_hash": subject_hash},
        into=FailuresRow,
    )


async def fail(
    tx: Transaction, *, subject_hash: bytes, since: datetime, now: datetime
) -> FailuresRow:
    """Count one more failure; those before `since` are forgotten."""
    return await tx.only(
        """
        INSERT INTO login_failure (subject_hash, failures, failed_at)
        VALUES (%(subject_hash)s, 1, %(now)s)
        ON CONFLICT (subject_hash) DO UPDATE SET
            failures = CASE WHEN login_failure.failed_at < %(since)s THEN 1
                ELSE login_failure.failures + 1 END,
            failed_at = excluded.failed_at
        RETURNING *
        """,
        {"subject_hash": subject_hash, "since": since, "now": now},
        into=FailuresRow,
    )


async def lock(tx: Transaction, *, subject_hash: bytes, until: datetime) -> None:
    """Refuse whoever tries, whatever they say, for a while."""
    await tx.run(
        "UPDATE login_failure SET locked_until = %(until)s WHERE subject_hash = %(subject_hash)s",
        {"subject_hash": subject_hash, "until": until},
    )


async def succeed(tx: Transaction, *, subject_hash: bytes) -> None:
    """Forget the failures of somebody who has logged in."""
    await tx.run(
        "DELETE FROM login_failure WHERE subject_hash = %(subject_hash)s",
        {"subject_hash": subject_hash},
    )
