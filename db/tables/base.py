"""What all tables share: how constraints are called, and the columns that every table has.

The classes of this package say what the schema is; Alembic compares migrations with them and the
console reads through them. Everything that a caller waits for is SQL of its own, in the modules
beside this package.

Instants have no server default: `now` is always told, so that a simulated clock stays one clock.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    ForeignKeyConstraint,
    MetaData,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, SQLModel

_NAMES = {
    "pk": "pk_%(table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
}
metadata = MetaData(naming_convention=_NAMES)

TENANT: Mapping[str, Any] = {"tenant": True}
"""Marks a table (in `Table.info`) whose rows belong to one business each."""


class Table(SQLModel):
    """Base of all tables."""

    metadata: ClassVar[MetaData] = metadata
    __table_args__: ClassVar[Any] = ()


class Owned(Table):
    """Base of the tables under row-level security: every row belongs to one business."""

    id: UUID = Field(primary_key=True)
    business_id: UUID = Field(nullable=False)


class OneOf(TypeDecorator[StrEnum]):
    """Text that is read back as a member of its closed set."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        super().__init__()
        self.kind = kind

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:  # noqa: ARG002
        return None if value is None else self.kind(value)


def instant(*, optional: bool = False) -> Any:
    """A column for a moment, kept as `timestamptz`."""
    return _field(DateTime(timezone=True), optional=optional)


def words(*, default: str | None = None, optional: bool = False) -> Any:
    """A column for text; `default` is the server's."""
    server_default = None if default is None else text(f"'{default}'")
    return _field(Text, optional=optional, server_default=server_default)


def word_list() -> Any:
    """A column for a list of texts, empty unless told."""
    return _field(ARRAY(Text), server_default=text("'{}'"))


def integer(*, default: int | None = None) -> Any:
    """A column for a whole number; `default` is the server's."""
    server_default = None if default is None else text(str(default))
    return Field(sa_column_kwargs={"server_default": server_default})


def switch(*, default: bool) -> Any:
    """A column for yes or no; `default` is the server's."""
    return Field(sa_column_kwargs={"server_default": text(str(default).lower())})


def one_of(kind: type[StrEnum], *, default: StrEnum | None = None, optional: bool = False) -> Any:
    """A column for a member of a closed set, kept by value; `closed_set` adds its CHECK."""
    server_default = None if default is None else text(f"'{default.value}'")
    return _field(OneOf(kind), optional=optional, server_default=server_default)


def structure(*, default: str | None = "{}", optional: bool = False) -> Any:
    """A column for a JSON structure; `json_is` adds the CHECK that refuses text in its place."""
    server_default = None if default is None or optional else text(f"'{default}'")
    return _field(JSONB(none_as_null=True), optional=optional, server_default=server_default)


def closed_set(column: str, kind: type[StrEnum]) -> CheckConstraint:
    """The rule that `column` holds nothing but the values of `kind`."""
    values = ", ".join(f"'{member.value}'" for member in kind)
    return CheckConstraint(f"{column} IN ({values})", name=column)


def json_is(column: str, shape: str = "object") -> CheckConstraint:
    """The rule that `column` holds a JSON `shape`: `object` or `array`, never encoded text."""
    return CheckConstraint(f"jsonb_typeof({column}) = '{shape}'", name=f"{column}_is_{shape}")


def parent_key() -> UniqueConstraint:
    """What `within` needs on the table that is pointed to."""
    return UniqueConstraint("business_id", "id")


def of_business() -> ForeignKeyConstraint:
    """Where a row's business comes from, unless one of its parents that it cannot lack says so."""
    return ForeignKeyConstraint(["business_id"], ["business.id"])


def within(parent: str, column: str, **options: Any) -> ForeignKeyConstraint:
    """A foreign key that cannot reach across businesses."""
    there = [f"{parent}.business_id", f"{parent}.id"]
    return ForeignKeyConstraint(["business_id", column], there, **options)


def _field(kind: Any, *, optional: bool = False, server_default: Any = None) -> Any:
    """A field whose column is spelled out; an optional one is NULL unless told."""
    column: Column[Any] = Column(kind, nullable=optional, server_default=server_default)
    return Field(default=None, sa_column=column) if optional else Field(sa_column=column)
