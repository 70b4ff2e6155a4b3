"""Businesses and what they offer, as requests read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from db.states import BusinessStatus, EventKind, Unlinked
from db.transaction import Transaction


@dataclass(frozen=True, slots=True)
class BusinessRow:
    """A tenant."""

    id: UUID
    slug: str
    name: str
    timezone: str
    language: str
    status: BusinessStatus
    attendee_email_domain: str
    calcom_base_url: str | None
    calcom_versions: Mapping[str, str]
    transfer_number: str | None
    policies: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CredentialRow:
    """A secret as it is stored: sealed."""

    id: UUID
    name: str
    secret_encrypted: bytes = field(repr=False)
    created_at: datetime
    retires_at: datetime | None


@dataclass(frozen=True, slots=True)
class LineRow:
    """A dialled number."""

    id: UUID
    number: str
    name: str
    timezone: str
    language: str
    opening_hours: Mapping[str, Any] | None
    holidays: str | None
    """The region whose public holidays it keeps, such as `DE-BE`."""
    closures: Sequence[Any]
    policies: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StaffRow:
    """A host."""

    id: UUID
    slug: str
    name: str
    calcom_user_id: int | None
    policies: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """What callers ask for."""

    id: UUID
    slug: str
    name: str
    synonyms: Sequence[str]
    phases: Sequence[Any] | None
    policies: Mapping[str, Any]
    position: int


@dataclass(frozen=True, slots=True)
class EventTypeRow:
    """What Cal.com books for a service; lengths, buffers and notice are minutes."""

    id: UUID
    service_id: UUID
    calcom_id: int
    kind: EventKind
    staff_id: UUID | None
    length_minutes: int
    before_buffer_minutes: int
    after_buffer_minutes: int
    minimum_notice_minutes: int
    booking_window_days: int | None
    slot_interval_minutes: int | None
    seats: int | None
    host_ids: Sequence[UUID]
    """Among whom Cal.com chooses; empty: everybody."""
    requires_confirmation: bool
    required_fields: Sequence[str] = ()
    working_hours: Mapping[str, Any] | None = None
    unlinked_because: Unlinked | None = None
    synced_at: datetime | None = None


async def by_slug(tx: Transaction, *, slug: str) -> BusinessRow | None:
    """The business that a request names, served or not."""
    return await tx.one(
        "SELECT * FROM business WHERE slug = %(slug)s", {"slug": slug}, into=BusinessRow
    )


async def by_id(tx: Transaction, *, id: UUID) -> BusinessRow | None:  # noqa: A002
    """A business whose rows are at hand."""
    return await tx.one("SELECT * FROM business WHERE id = %(id)s", {"id": id}, into=BusinessRow)


async def active(tx: Transaction) -> list[BusinessRow]:
    """All that are served."""
    return await tx.all(
        "SELECT * FROM business WHERE status = 'active' ORDER BY slug", into=BusinessRow
    )


async def lines(tx: Transaction) -> list[LineRow]:
    """Those that are answered."""
    return await tx.all("SELECT * FROM line WHERE active ORDER BY number", into=LineRow)


async def staff(tx: Transaction) -> list[StaffRow]:
    """Those who can be booked."""
    return await tx.all("SELECT * FROM staff WHERE active ORDER BY slug", into=StaffRow)


async def services(tx: Transaction) -> list[ServiceRow]:
    """Those on offer, in the order in which they are told."""
    return await tx.all(
        "SELECT * FROM service WHERE active ORDER BY position, slug", into=ServiceRow
    )


async def event_types(tx: Transaction) -> list[EventTypeRow]:
    """Those on offer."""
    return await tx.all(
        "SELECT * FROM event_type WHERE active ORDER BY calcom_id", into=EventTypeRow
    )


async def credentials(tx: Transaction) -> list[CredentialRow]:
    """All, the newest of each name first; whether one has retired is for the reader's clock."""
    return await tx.all(
        "SELECT * FROM credential ORDER BY name, retires_at DESC, created_at DESC",
        into=CredentialRow,
    )
