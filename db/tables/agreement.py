"""Where we and Cal.com do not agree, and how far we have compared."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Index, Text, text
from sqlmodel import Field

from db.states import Quarrel
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


class SyncFailure(Owned, table=True):
    """Ours and theirs differ, and nothing safe would mend it. Open while `mended_at` is NULL."""

    __tablename__ = "sync_failure"
    __table_args__: ClassVar[Any] = (
        of_business(),
        within("booking", "booking_id"),
        Index(
            "uq_sync_failure_open",
            "business_id",
            "kind",
            "subject",
            unique=True,
            postgresql_where=text("mended_at IS NULL"),
        ),
        closed_set("kind", Quarrel),
        json_is("ours"),
        json_is("theirs"),
        {"info": TENANT},
    )

    kind: Quarrel = one_of(Quarrel)
    subject: str = words()
    """Which booking at Cal.com, without its uid: that is a secret."""
    booking_id: UUID | None = None
    ours: dict[str, Any] | None = structure(optional=True)
    theirs: dict[str, Any] | None = structure(optional=True)
    first_seen_at: datetime = instant()
    last_seen_at: datetime = instant()
    mended_at: datetime | None = instant(optional=True)


class Watermark(Table, table=True):
    """Up to when what a source tells has been compared with ours."""

    __tablename__ = "watermark"
    __table_args__: ClassVar[Any] = (of_business(), {"info": TENANT})

    business_id: UUID = Field(primary_key=True)
    source: str = Field(primary_key=True, sa_type=Text)
    reached_at: datetime = instant()
