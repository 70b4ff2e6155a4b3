"""People who may log in, and what they may do where.

Accounts belong to no business: all of this is for `registry`, unless it says otherwise. Making and
changing them is for the owner of the tables.
"""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from db.states import UserRole, UserState
from db.transaction import Transaction


@dataclass(frozen=True, slots=True)
class UserRow:
    """Somebody who may log in."""

    id: UUID
    email: str
    name: str
    password_hash: str | None = field(repr=False)
    language: str | None
    state: UserState


@dataclass(frozen=True, slots=True)
class MembershipRow:
    """What somebody may do at a business that is served."""

    business_id: UUID
    slug: str
    name: str
    role: UserRole


@dataclass(frozen=True, slots=True)
class ColleagueRow:
    """Somebody who works for the business."""

    id: UUID
    email: str
    name: str
    role: UserRole
    state: UserState


async def by_email(tx: Transaction, *, email: str) -> UserRow | None:
    """Whoever has this address, however it is capitalised."""
    return await tx.one(
        "SELECT * FROM user_account WHERE email = lower(%(email)s)", {"email": email}, into=UserRow
    )


async def memberships(tx: Transaction, *, user_id: UUID) -> list[MembershipRow]:
    """Where somebody works.

    The wall around memberships opens for whoever is named here: name those who have logged in.
    """
    return await tx.all(
        """
        SELECT set_config('slotline.user_id', %(user_id)s::text, true);
        SELECT business.id AS business_id, business.slug, business.name, membership.role
        FROM membership JOIN business ON business.id = membership.business_id
        WHERE membership.user_id = %(user_id)s AND business.status = 'active'
        ORDER BY business.name, business.slug
        """,
        {"user_id": user_id},
        into=MembershipRow,
    )


async def everybody(tx: Transaction) -> list[UserRow]:
    """All accounts, by address."""
    return await tx.all("SELECT * FROM user_account ORDER BY email", into=UserRow)


async def colleagues(tx: Transaction) -> list[ColleagueRow]:
    """Who works for the business of the transaction, also who may not log in any more."""
    return await tx.all(
        """
        SELECT user_account.*, membership.role
        FROM membership JOIN user_account ON user_account.id = membership.user_id
        ORDER BY user_account.name, user_account.email
        """,
        into=ColleagueRow,
    )


async def add(
    tx: Transaction,
    *,
    id: UUID,  # noqa: A002
    email: str,
    name: str,
    password_hash: str | None,
    language: str | None,
    now: datetime,
) -> UUID:
    """An account of this address, made now if there is none; what is told of it counts.

    Returns:
        Its id: the given one, or that of the account that was there.
    """
    return await tx.only(
        """
        INSERT INTO user_account (
            id, email, name, password_hash, language, created_at, updated_at)
        VALUES (
            %(id)s, lower(%(email)s), %(name)s, %(password_hash)s, %(language)s, %(now)s, %(now)s)
        ON CONFLICT (email) DO UPDATE SET
            name = excluded.name, state = 'active', updated_at = excluded.updated_at,
            password_hash = coalesce(excluded.password_hash, user_account.password_hash),
            language = coalesce(excluded.language, user_account.language)
        RETURNING id
        """,
        {
            "id": id,
            "email": email,
            "name": name,
            "password_hash": password_hash,
            "language": language,
            "now": now,
        },
        into=UUID,
    )


async def put_membership(tx: Transaction, *, user_id: UUID, role: UserRole, now: datetime) -> None:
    """Let somebody work for the business of the transaction, in this role from now on."""
    await tx.run(
        """
        INSERT INTO membership (business_id, user_id, role, since)
        VALUES (%(business_id)s, %(user_id)s, %(role)s, %(now)s)
        ON CONFLICT (business_id, user_id)
        DO UPDATE SET role = excluded.role, since = excluded.since
        """,
        {"user_id": user_id, "role": role, "now": now},
    )


async def set_password(
    tx: Transaction,
    *,
    id: UUID,  # noqa: A002
    password_hash: str,
    now: datetime,
) -> None:
    """Replace what somebody's password is compared with."""
    await tx.run(
        """
        UPDATE user_account SET password_hash = %(password_hash)s, updated_at = %(now)s
        WHERE id = %(id)s
        """,
        {"id": id, "password_hash": password_hash, "now": now},
    )


async def set_language(
    tx: Transaction,
    *,
    id: UUID,  # noqa: A002
    language: str | None,
    now: datetime,
) -> None:
    """Choose what the console speaks; `None`: what the browser asks for."""
    await tx.run(
        "UPDATE user_account SET language = %(language)s, updated_at = %(now)s WHERE id = %(id)s",
        {"id": id, "language": language, "now": now},
    )


async def set_state(
    tx: Transaction,
    *,
    id: UUID,  # noqa: A002
    state: UserState,
    now: datetime,
) -> None:
    """Let somebody log in, or not any more."""
    await tx.run(
        "UPDATE user_account SET state = %(state)s, updated_at = %(now)s WHERE id = %(id)s",
        {"id": id, "state": state, "now": now},
    )
