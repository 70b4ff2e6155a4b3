"""What the evals need of whoever furnishes: a business file, a database, a calendar's account."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from calcom.sandbox import Seed
from db.database import Database


@dataclass(frozen=True, slots=True)
class Offered:
    """One event type of the house."""

    calcom_id: int
    service: str
    staff: tuple[str, ...]
    """Whoever may host it, by slug."""
    phase: int
    """Of a service with several: from 0."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The house as its business file has it, the same for every trial."""

    name: str
    line: str
    """The number that is dialled, E.164."""
    timezone: str
    staff: Mapping[str, int]
    """Cal.com's user by slug."""
    offered: tuple[Offered, ...]

    def event_type(self, service: str, staff: str | None = None) -> int:
        """Cal.com's id for the first phase of a service.

        Raises:
            NotInTheHouse: Nobody offers that, or not by this person.
        """
        for each in self.offered:
            if each.service == service and not each.phase and staff in {None, *each.staff}:
                return each.calcom_id
        raise NotInTheHouse(f"nobody does {service}" + (f" as {staff}" if staff else ""))


class NotInTheHouse(Exception):
    """A scenario asks for a service or a person that the business file does not have."""


@dataclass(frozen=True, slots=True)
class Tenancy:
    """The house as one trial has it: a business that nobody else uses."""

    id: UUID
    slug: str
    seed: Seed = field(repr=False)
    """The account at Cal.com that belongs to it."""


class House(Protocol):
    """Furnishes one business after the other in a database of its own."""

    plan: Plan
    database: Database
    """As the owner of the tables, to look at rows."""

    async def furnish(self, slug: str, *, customers: Mapping[str, str], now: datetime) -> Tenancy:
        """Let a business of that name move in, which knows some customers: name by number."""
        ...

    async def sweep(self) -> None:
        """Leave no row and no key: for whoever comes next."""
        ...
