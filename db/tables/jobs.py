"""Work that comes round by the clock."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Column, Text
from sqlmodel import Field

from db.tables.base import Table, instant, integer, words


class PeriodicJob(Table, table=True):
    """When a job is due next, of all businesses together: its row is the lease as well."""

    __tablename__ = "periodic_job"
    __table_args__: ClassVar[Any] = ()

    name: str = Field(sa_column=Column(Text, primary_key=True))
    due_at: datetime = instant()
    run: int = integer(default=0)
    """Counts the runs; whoever has been overtaken cannot write down an outcome any more."""
    failures: int = integer(default=0)
    """In a row."""
    started_at: datetime | None = instant(optional=True)
    finished_at: datetime | None = instant(optional=True)
    error: str | None = words(optional=True)
