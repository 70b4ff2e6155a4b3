"""What a business offers, once as a file wants it and once as the database has it, side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from booking import opening_hours
from db import businesses
from db.businesses import BusinessRow
from db.transaction import Transaction
from slotline.business_file.schema import BusinessFile, Line, Rules

Entry = tuple[str, str]
"""Such as `("service", "haircut")`: numbers, slugs and ids at Cal.com tell things apart."""

Fields = Mapping[str, Any]
Sheet = Mapping[Entry, Fields]
"""Every entry with its fields, named as the columns; event types name service and staff by slug."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What the database has, with the ids that rows point to each other by."""

    sheet: dict[Entry, Fields] = field(default_factory=dict[Entry, Fields])
    ids: dict[Entry, UUID] = field(default_factory=dict[Entry, UUID])
    followed: set[Entry] = field(default_factory=set[Entry])
    """Event types that have been synced: their figures are Cal.com's, not the file's."""


def wanted(file: BusinessFile) -> Sheet:
    """What a file wants."""
    sheet: dict[Entry, Fields] = {
        ("business", file.slug): {
            "name": file.name,
            "timezone": file.timezone,
            "language": file.language,
            "attendee_email_domain": file.attendee_email_domain,
            "calcom_base_url": file.calcom.base_url and file.calcom.base_url.rstrip("/"),
            "calcom_versions": file.calcom.versions.model_dump(exclude_none=True),
            "transfer_number": file.transfer_number,
            "policies": _rules(file.policies),
        }
    }
    for line in file.lines:
        sheet["line", line.number] = _line(line, file)
    for person in file.staff:
        sheet["staff", person.slug] = {
            **person.model_dump(exclude={"slug", "policies"}),
            "policies": _rules(person.policies),
        }
    for position, service in enumerate(file.services):
        sheet["service", service.slug] = {
            "name": service.name,
            "synonyms": list(service.synonyms),
            "position": position,
            "phases": [phase.model_dump(mode="json") for phase in service.phases] or None,
            "policies": _rules(service.policies),
        }
        for each in service.event_types:
            sheet["event type", str(each.calcom_id)] = {
                "service": service.slug,
                **each.model_dump(exclude={"calcom_id", "hosts"}),
                "hosts": sorted(each.hosts),
            }
    return sheet


def _line(line: Line, file: BusinessFile) -> Fields:
    hours = line.opening_hours
    return {
        "name": line.name,
        "timezone": line.timezone or file.timezone,
        "language": line.language or file.language,
        "opening_hours": hours and opening_hours.stored(hours.by_weekday()),
        "holidays": line.holidays,
        "closures": [
            each.model_dump(mode="json", exclude_none=True)
            for each in sorted(line.closures, key=lambda closure: closure.first)
        ],
        "policies": _rules(line.policies),
    }


def _rules(rules: Rules) -> Fields:
    return rules.model_dump(mode="json", exclude_none=True)


async def present(tx: Transaction, business: BusinessRow) -> Stored:
    """What the database has of a business."""
    lines = await businesses.lines(tx)
    staff = await businesses.staff(tx)
    services = await businesses.services(tx)
    event_types = await businesses.event_types(tx)
    slugs: dict[UUID | None, str] = {each.id: each.slug for each in staff}
    slugs |= {each.id: each.slug for each in services}
    stored = Stored()
    _note(stored, ("business", business.slug), business)
    for line in lines:
        _note(stored, ("line", line.number), line)
    for person in staff:
        _note(stored, ("staff", person.slug), person)
    for service in services:
        _note(stored, ("service", service.slug), service)
    for each in event_types:
        links = {
            "service": slugs.get(each.service_id),
            "staff": slugs.get(each.staff_id),
            "hosts": sorted(slugs[host] for host in each.host_ids if host in slugs),
        }
        entry = ("event type", str(each.calcom_id))
        _note(stored, entry, each, links)
        if each.synced_at is not None:
            stored.followed.add(entry)
    return stored


def as_followed(sheet: Sheet, stored: Stored) -> Sheet:
    """What a file wants, but for the figures that are followed at Cal.com."""
    kept = {
        entry: {name: stored.sheet[entry][name] for name in _CALCOMS} for entry in stored.followed
    }
    return {entry: {**fields, **kept.get(entry, {})} for entry, fields in sheet.items()}


def _note(stored: Stored, entry: Entry, row: Any, links: Fields | None = None) -> None:
    fields = {name: getattr(row, name) for name in _COLUMNS[entry[0]]}
    stored.sheet[entry] = {**(links or {}), **fields}
    stored.ids[entry] = row.id


_CALCOMS: Sequence[str] = (
    "length_minutes",
    "before_buffer_minutes",
    "after_buffer_minutes",
    "minimum_notice_minutes",
    "booking_window_days",
    "slot_interval_minutes",
    "requires_confirmation",
)

_COLUMNS: Mapping[str, Sequence[str]] = {
    "business": (
        "name",
        "timezone",
        "language",
        "attendee_email_domain",
        "calcom_base_url",
        "calcom_versions",
        "transfer_number",
        "policies",
    ),
    "line": (
        "name",
        "timezone",
        "language",
        "opening_hours",
        "holidays",
        "closures",
        "policies",
    ),
    "staff": ("name", "calcom_user_id", "policies"),
    "service": ("name", "synonyms", "position", "phases", "policies"),
    "event type": (
        "kind",
        "length_minutes",
        "before_buffer_minutes",
        "after_buffer_minutes",
        "minimum_notice_minutes",
        "booking_window_days",
        "slot_interval_minutes",
        "seats",
        "requires_confirmation",
    ),
}
