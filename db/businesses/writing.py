"""Setting a business up: for the owner's commands, as the application may only read its tables."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from psycopg.types.json import Jsonb

from db.states import BusinessStatus, EventKind
from db.transaction import Transaction

NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


async def put_business(
    tx: Transaction,
    *,
    slug: str,
    name: str,
    timezone: str,
    language: str,
    attendee_email_domain: str,
    calcom_base_url: str | None,
    calcom_versions: Mapping[str, str],
    transfer_number: str | None,
    policies: Mapping[str, Any],
    now: datetime,
    status: BusinessStatus = BusinessStatus.ACTIVE,
) -> None:
    """Make or change the business that `tx` is in."""
    await tx.run(
        """
        INSERT INTO business (
            id, slug, name, timezone, language, status, attendee_email_domain, calcom_base_url,
            calcom_versions, transfer_number, policies, created_at, updated_at)
        VALUES (
            %(business_id)s, %(slug)s, %(name)s, %(timezone)s, %(language)s, %(status)s,
            %(attendee_email_domain)s, %(calcom_base_url)s, %(calcom_versions)s,
            %(transfer_number)s, %(policies)s, %(now)s, %(now)s)
        ON CONFLICT (id) DO UPDATE SET
            slug = excluded.slug, name = excluded.name, timezone = excluded.timezone,
            language = excluded.language, status = excluded.status,
            attendee_email_domain = excluded.attendee_email_domain,
            calcom_base_url = excluded.calcom_base_url, calcom_versions = excluded.calcom_versions,
            transfer_number = excluded.transfer_number, policies = excluded.policies,
            updated_at = excluded.updated_at
        """,
        {
            "slug": slug,
            "name": name,
            "timezone": timezone,
            "language": language,
            "status": status,
            "attendee_email_domain": attendee_email_domain,
            "calcom_base_url": calcom_base_url,
            "calcom_versions": Jsonb(dict(calcom_versions)),
            "transfer_number": transfer_number,
            "policies": Jsonb(dict(policies)),
            "now": now,
        },
    )


async def put_line(
    tx: Transaction,
    *,
    id: UUID,  # noqa: A002
    number: str,
    name: str,
    timezone: str,
    language: str,
    opening_hours: Mapping[str, Any] | None,
    holidays: str | None = None,
    closures: Sequence[Any] = (),
    policies: Mapping[str, Any] = NOTHING,
) -> UUID:
    """Make or change the line with this number; its id stays if it has one."""
    return await tx.only(
        """
        INSERT INTO line (
            id, business_id, number, name, timezone, language, opening_hours, holidays, closures,
            policies)
        VALUES (
            %(id)s, %(business_id)s, %(number)s, %(name)s, %(timezone)s, %(language)s,
            %(opening_hours)s, %(holidays)s, %(closures)s, %(policies)s)
        ON CONFLICT (business_id, number) DO UPDATE SET
            name = excluded.name, timezone = excluded.timezone, language = excluded.language,
            opening_hours = excluded.opening_hours, holidays = excluded.holidays,
            closures = excluded.closures, policies = excluded.policies, active = true
        RETURNING id
        """,
        {
            "id": id,
            "number": number,
            "name": name,
            "timezone": timezone,
            "language": language,
            "opening_hours": None if opening_hours is None else Jsonb(dict(opening_hours)),
            "holidays": holidays,
            "closures": Jsonb(list(closures)),
            "policies": Jsonb(dict(policies)),
        },
        into=UUID,
    )


async def put_staff(
    tx: Transaction,
    *,
    id: UUID,  # noqa: A002
    slug: str,
    name: str,
    calcom_user_id: int | None,
    policies: Mapping[str, Any] = NOTHING,
) -> UUID:
    """Make or change the host with this slug; their id stays if they have one."""
    return await tx.only(
        """
        INSERT INTO staff (id, business_id, slug, name, calcom_user_id, policies)
        VALUES (
            %(id)s, %(business_id)s, %(slug)s, %(name)s, %(calcom_user_id)s, %(policies)s)
        ON CONFLICT (business_id, slug) DO UPDATE SET
            name = excluded.name, calcom_user_id = excluded.calcom_user_id,
            policies = excluded.policies, active = true
        RETURNING id
        """,
        {
            "id": id,
            "slug": slug,
            "name": name,
            "calcom_user_id": calcom_user_id,
            "policies": Jsonb(dict(policies)),
        },
        into=UUID,
    )


async def put_service(
    tx: Transaction,
    *,
    id: UUID,  # noqa: A002
    slug: str,
    name: str,
    synonyms: Sequence[str],
    position: int,
    phases: Sequence[Any] | None = None,
    policies: Mapping[str, Any] = NOTHING,
) -> UUID:
    """Make or change the service with this slug; its id stays if it has one."""
    return await tx.only(
        """
        INSERT INTO service (
            id, business_id, slug, name, synonyms, phases, position, policies)
        VALUES (
            %(id)s, %(business_id)s, %(slug)s, %(name)s, %(synonyms)s::text[], %(phases)s,
            %(position)s, %(policies)s)
        ON CONFLICT (business_id, slug) DO UPDATE SET
            name = excluded.name, synonyms = excluded.synonyms, phases = excluded.phases,
            position = excluded.position, policies = excluded.policies, active = true
        RETURNING id
        """,
        {
            "id": id,
            "slug": slug,
            "name": name,
            "synonyms": list(synonyms),
            "phases": None if phases is None else Jsonb(list(phases)),
            "position": position,
            "policies": Jsonb(dict(policies)),
        },
        into=UUID,
    )


async def put_event_type(
    tx: Transaction,
    *,
    id: UUID,  # noqa: A002
    service_id: UUID,
    calcom_id: int,
    kind: EventKind,
    staff_id: UUID | None,
    length_minutes: int,
    before_buffer_minutes: int = 0,
    after_buffer_minutes: int = 0,
    minimum_notice_minutes: int = 0,
    booking_window_days: int | None = None,
    slot_interval_minutes: int | None = None,
    seats: int | None = None,
    host_ids: Collection[UUID] = (),
    requires_confirmation: bool = False,
) -> UUID:
    """Make or change the event type with this id at Cal.com; its own id stays if it has one."""
    return await tx.only(
        """
        INSERT INTO event_type (
            id, business_id, service_id, calcom_id, kind, staff_id, length_minutes,
            before_buffer_minutes, after_buffer_minutes, minimum_notice_minutes,
            booking_window_days, slot_interval_minutes, seats, host_ids, requires_confirmation)
        VALUES (
            %(id)s, %(business_id)s, %(service_id)s, %(calcom_id)s, %(kind)s, %(staff_id)s,
            %(length_minutes)s, %(before_buffer_minutes)s, %(after_buffer_minutes)s,
            %(minimum_notice_minutes)s, %(booking_window_days)s, %(slot_interval_minutes)s,
            %(seats)s, %(host_ids)s::uuid[], %(requires_confirmation)s)
        ON CONFLICT (business_id, calcom_id) DO UPDATE SET
            service_id = excluded.service_id, kind = excluded.kind, staff_id = excluded.staff_id,
            length_minutes = excluded.length_minutes,
            before_buffer_minutes = excluded.before_buffer_minutes,
            after_buffer_minutes = excluded.after_buffer_minutes,
            minimum_notice_minutes = excluded.minimum_notice_minutes,
            booking_window_days = excluded.booking_window_days,
            slot_interval_minutes = excluded.slot_interval_minutes, seats = excluded.seats,
            host_ids = excluded.host_ids,
            requires_confirmation = excluded.requires_confirmation, active = true
        RETURNING id
        """,
        {
            "id": id,
            "service_id": service_id,
            "calcom_id": calcom_id,
            "kind": kind,
            "staff_id": staff_id,
            "length_minutes": length_minutes,
            "before_buffer_minutes": before_buffer_minutes,
            "after_buffer_minutes": after_buffer_minutes,
            "minimum_notice_minutes": minimum_notice_minutes,
            "booking_window_days": booking_window_days,
            "slot_interval_minutes": slot_interval_minutes,
            "seats": seats,
            "host_ids": list(host_ids),
            "requires_confirmation": requires_confirmation,
        },
        into=UUID,
    )


async def put_credential(
    tx: Transaction,
    *,
    id: UUID,  # noqa: A002
    name: str,
    secret_encrypted: bytes,
    now: datetime,
) -> None:
    """Add a secret beside those of its name: until they retire, all of them are valid."""
    await tx.run(
        """
        INSERT INTO credential (id, business_id, name, secret_encrypted, created_at)
        VALUES (%(id)s, %(business_id)s, %(name)s, %(secret_encrypted)s, %(now)s)
        """,
        {"id": id, "name": name, "secret_encrypted": secret_encrypted, "now": now},
    )


async def retire_credential(tx: Transaction, *, id: UUID, at: datetime) -> None:  # noqa: A002
    """Let a secret be valid until `at`, or as long as it was, if that is shorter."""
    await tx.run(
        "UPDATE credential SET retires_at = least(retires_at, %(at)s) WHERE id = %(id)s",
        {"id": id, "at": at},
    )
