"""Known people, and the numbers that they call from."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
    text,
)
from sqlmodel import Field

from db.states import CustomerOrigin
from db.tables.base import (
    TENANT,
    Owned,
    Table,
    closed_set,
    instant,
    of_business,
    one_of,
    parent_key,
    switch,
    words,
)


class Customer(Owned, table=True):
    """A person. What is not known is NULL, so any number may lack an address or a number."""

    __tablename__ = "customer"
    __table_args__: ClassVar[Any] = (
        of_business(),
        parent_key(),
        UniqueConstraint("business_id", "id", "name_normalised"),
        closed_set("origin", CustomerOrigin),
        CheckConstraint("email <> ''", name="email_is_not_empty"),
        {"info": TENANT},
    )

    name: str = words()
    name_normalised: str = words(default="")
    """Empty while the name is unknown."""
    salutation: str | None = words(optional=True)
    language: str | None = words(optional=True)
    email: str | None = words(optional=True)
    origin: CustomerOrigin = one_of(CustomerOrigin)
    created_at: datetime = instant()
    updated_at: datetime = instant()


class CustomerNumber(Table, table=True):
    """A number that a customer is reached at: one owner, and others who use it too.

    The name stands here once more so that the database itself refuses a second customer of the
    same name on the same number, and so lets concurrent first contacts end in one record.
    """

    __tablename__ = "customer_number"
    __table_args__: ClassVar[Any] = (
        ForeignKeyConstraint(
            ["business_id", "customer_id", "name_normalised"],
            ["customer.business_id", "customer.id", "customer.name_normalised"],
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        UniqueConstraint("business_id", "number", "name_normalised"),
        Index(
            "uq_customer_number_owner",
            "business_id",
            "number",
            unique=True,
            postgresql_where=text("is_owner"),
        ),
        CheckConstraint(r"number ~ '^\+[1-9][0-9]{3,14}$'", name="number_is_international"),
        {"info": TENANT},
    )

    business_id: UUID = Field(primary_key=True)
    customer_id: UUID = Field(primary_key=True)
    number: str = Field(sa_column=Column(Text, primary_key=True))
    name_normalised: str = words()
    is_owner: bool = switch(default=False)
    created_at: datetime = instant()
