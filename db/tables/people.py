"""People who work with calls, and what they did."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    UniqueConstraint,
)
from sqlmodel import Field

from db.states import UserRole, UserState
from db.tables.base import (
    TENANT,
    Owned,
    Table,
    closed_set,
    instant,
    json_is,
    of_business,
    one_of,
    structure,
    within,
    words,
)


def of_user(column: str = "user_id") -> ForeignKeyConstraint:
    """Who; people belong to no business."""
    return ForeignKeyConstraint([column], ["user_account.id"])


class UserAccount(Table, table=True):
    """Somebody who may log in. They may work for several businesses, so no wall is around them."""

    __tablename__ = "user_account"
    __table_args__: ClassVar[Any] = (
        UniqueConstraint("email"),
        CheckConstraint(r"email = lower(email) AND email ~ '^\S+@\S+$'", name="email_is_folded"),
        CheckConstraint("language IN ('de', 'en')", name="language"),
        closed_set("state", UserState),
    )

    id: UUID = Field(primary_key=True)
    email: str = words()
    name: str = words()
    password_hash: str | None = words(optional=True)
    """Argon2id; `None` for those who log in elsewhere."""
    language: str | None = words(optional=True)
    """Of the console; `None`: the browser's."""
    state: UserState = one_of(UserState, default=UserState.ACTIVE)
    created_at: datetime = instant()
    updated_at: datetime = instant()


class Membership(Table, table=True):
    """What somebody may do at a business."""

    __tablename__ = "membership"
    __table_args__: ClassVar[Any] = (
        of_business(),
        of_user(),
        Index(None, "user_id"),
        closed_set("role", UserRole),
        {"info": TENANT},
    )

    business_id: UUID = Field(primary_key=True)
    user_id: UUID = Field(primary_key=True)
    role: UserRole = one_of(UserRole)
    since: datetime = instant()


class LoginSession(Table, table=True):
    """Somebody who is logged in. The token itself is only in their browser."""

    __tablename__ = "login_session"
    __table_args__: ClassVar[Any] = (of_user(), Index(None, "user_id"), Index(None, "seen_at"))

    token_hash: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    user_id: UUID
    created_at: datetime = instant()
    seen_at: datetime = instant()


class LoginFailure(Table, table=True):
    """How often in a row somebody could not log in, by a hash of the address that was tried."""

    __tablename__ = "login_failure"
    __table_args__: ClassVar[Any] = (Index(None, "failed_at"),)

    subject_hash: bytes = Field(sa_column=Column(LargeBinary, primary_key=True))
    failures: int
    failed_at: datetime = instant()
    locked_until: datetime | None = instant(optional=True)


class AuditEntry(Owned, table=True):
    """Who did or heard what. The application may add to it, and nothing else."""

    __tablename__ = "audit_entry"
    __table_args__: ClassVar[Any] = (
        of_business(),
        of_user(),
        Index(None, "business_id", "recorded_at"),
        json_is("facts"),
        {"info": TENANT},
    )

    user_id: UUID
    action: str = words()
    subject_kind: str | None = words(optional=True)
    subject_id: UUID | None = None
    facts: dict[str, Any] = structure()
    recorded_at: datetime = instant()


class CallComment(Owned, table=True):
    """What somebody noted about a call."""

    __tablename__ = "call_comment"
    __table_args__: ClassVar[Any] = (
        within("call", "call_id", ondelete="CASCADE"),
        of_user(),
        Index(None, "business_id", "call_id"),
        {"info": TENANT},
    )

    call_id: UUID
    user_id: UUID
    text: str = words()
    created_at: datetime = instant()
