"""What following Cal.com changes about an event type, and what is shown but left to a human.

Pure: values in, values out.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any
from uuid import UUID

from booking.sync.facts import Facts, kept, unbookable
from calcom import shapes
from db.businesses import EventTypeRow, StaffRow
from db.states import EventKind, Unlinked


@dataclass(frozen=True, slots=True)
class Change:
    """Something that is not at Cal.com as it is here. `is_ours`: shown, and never overwritten."""

    subject: str
    """Such as `cleaning 4` (service and Cal.com's id) or `line +49...`."""
    what: str
    old: str
    new: str
    is_ours: bool = False


def followed(
    row: EventTypeRow,
    theirs: shapes.EventType | None,
    *,
    working_hours: Mapping[str, Any] | None,
    staff: Sequence[StaffRow],
) -> Facts:
    """An event type as Cal.com has it now.

    Args:
        row: As we have it.
        theirs: As Cal.com shows it; `None` if it does not.
        working_hours: Its host's schedule; `None` if that is not shown to us.
        staff: Everybody who can be booked.
    """
    facts = kept(row)
    if theirs is None:
        return replace(facts, unlinked_because=Unlinked.GONE)
    lengths = {theirs.length_minutes, *theirs.length_options_minutes}
    hosts = [who.id for who in staff if who.calcom_user_id in theirs.host_ids]
    is_fixed = row.kind is EventKind.FIXED
    return replace(
        facts,
        length_minutes=row.length_minutes
        if row.length_minutes in lengths
        else theirs.length_minutes,
        before_buffer_minutes=theirs.before_buffer_minutes,
        after_buffer_minutes=theirs.after_buffer_minutes,
        minimum_notice_minutes=theirs.minimum_notice_minutes,
        booking_window_days=theirs.booking_window_days,
        slot_interval_minutes=theirs.slot_interval_minutes,
        seats=(theirs.seats_per_slot or row.seats) if row.kind is EventKind.SEATED else row.seats,
        requires_confirmation=theirs.requires_confirmation,
        staff_id=hosts[0] if is_fixed and len(theirs.host_ids) == len(hosts) == 1 else row.staff_id,
        host_ids=tuple(hosts)
        if row.kind is EventKind.ROUND_ROBIN and hosts and not _same(hosts, row, staff)
        else facts.host_ids,
        required_fields=tuple(sorted(f.slug for f in theirs.fields if f.required and not f.hidden)),
        working_hours=working_hours or facts.working_hours,
        unlinked_because=Unlinked.UNBOOKABLE if unbookable(theirs) else None,
    )


def _same(hosts: Sequence[UUID], row: EventTypeRow, staff: Sequence[StaffRow]) -> bool:
    """Whether those are the hosts that we believe in; who names none means everybody."""
    return set(hosts) == set(row.host_ids or [who.id for who in staff])


def changes(subject: str, old: Facts, new: Facts, *, names: Mapping[UUID, str]) -> Iterator[Change]:
    """One for each fact that differs."""
    for each in fields(Facts):
        before, after = getattr(old, each.name), getattr(new, each.name)
        if before != after:
            yield Change(subject, each.name, _said(before, names), _said(after, names))


def left_to_a_human(
    subject: str,
    row: EventTypeRow,
    theirs: shapes.EventType,
    *,
    staff: Sequence[StaffRow],
    names: Mapping[UUID, str],
) -> Iterator[Change]:
    """What contradicts the owner's own choices: which kind it is, and who is who."""
    if (row.kind is EventKind.SEATED) != (theirs.seats_per_slot is not None):
        there = "not seated" if theirs.seats_per_slot is None else EventKind.SEATED.value
        yield Change(subject, "kind", row.kind.value, there, is_ours=True)
    if row.kind is not EventKind.FIXED or not theirs.host_ids:
        return
    known = {who.calcom_user_id for who in staff} - {None}
    mine = next((who.calcom_user_id for who in staff if who.id == row.staff_id), None)
    if len(theirs.host_ids) > 1:
        there = f"{len(theirs.host_ids)} hosts"
        yield Change(subject, "kind", row.kind.value, there, is_ours=True)
    elif mine is not None and theirs.host_ids[0] not in known:
        there = f"user {theirs.host_ids[0]}, who is nobody here"
        yield Change(subject, "staff", _said(row.staff_id, names), there, is_ours=True)


def _said(value: object, names: Mapping[UUID, str]) -> str:
    match value:
        case None | [] | ():
            return "-"
        case bool():
            return "yes" if value else "no"
        case UUID():
            return names.get(value, str(value))
        case Mapping():
            return "; ".join(f"{key} {_said(inner, names)}" for key, inner in value.items())
        case [str() as opens, str() as closes] if ":" in opens and ":" in closes:
            return f"{opens}-{closes}"
        case list() | tuple():
            return ", ".join(_said(each, names) for each in value)
        case _:
            return str(value)
