"""Following Cal.com: what has changed there is taken over, what is ours is only compared."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from booking.availability import Availability, Effect
from booking.business import Business
from booking.calendars import Calendars
from booking.directory import Directory
from booking.errors import ServiceUnavailable
from booking.slots import Span
from booking.sync.facts import Facts, kept
from booking.sync.following import Change, changes, followed, left_to_a_human
from booking.sync.working_hours import day_by_day, of_event_type
from calcom import shapes
from calcom.client import Client
from calcom.errors import Forbidden, NotFound, Unauthorised
from db import businesses
from db.businesses import EventTypeRow, LineRow, ServiceRow, StaffRow
from db.database import Database
from db.states import Unlinked

_log = logging.getLogger(__name__)

AHEAD: Final = timedelta(days=366)
"""How far slots are forgotten: as far as anybody can have asked."""


@dataclass(frozen=True, slots=True)
class Report:
    """What one look at a business's event types found."""

    business: str
    changes: Sequence[Change]
    broken: Sequence[str]
    """Links that lead nowhere, as `service id`; those of before included."""
    event_types: int


@dataclass(frozen=True, slots=True)
class _Ours:
    lines: Sequence[LineRow]
    staff: Sequence[StaffRow]
    services: Mapping[UUID, ServiceRow]
    event_types: Sequence[EventTypeRow]

    def subject(self, row: EventTypeRow) -> str:
        service = self.services.get(row.service_id)
        return f"{service.slug if service else 'no service'} {row.calcom_id}"


@dataclass(frozen=True, slots=True)
class _Theirs:
    event_types: Mapping[int, shapes.EventType]
    schedules: Sequence[shapes.Schedule]


class Sync:
    """Keeps event types as Cal.com has them. One for all businesses."""

    def __init__(
        self,
        *,
        database: Database,
        directory: Directory,
        calendars: Calendars,
        availability: Availability,
        observe: Callable[[str, int], None] = lambda _business, _broken: None,
    ) -> None:
        """`observe` is told a business's slug and how many of its links are broken."""
        self._db = database
        self._directory = directory
        self._calendars = calendars
        self._availability = availability
        self._observe = observe

    async def run(self, business: Business, *, now: datetime, dry_run: bool = False) -> Report:
        """Compare, and take over what is Cal.com's.

        Names, synonyms, phases, kinds and opening hours are the owner's: differences are reported
        and nothing is written. What changes makes us forget its slots.

        Args:
            business: Which.
            now: When.
            dry_run: Write nothing.

        Raises:
            CalcomError: Cal.com cannot be asked now: that says nothing about links.
        """
        ours = await self._ours(business)
        theirs = await self._theirs(business, ours)
        wanted = {row.id: _wanted(row, theirs, ours.staff) for row in ours.event_types}
        found = [
            *_taken_over(ours, wanted),
            *(_compared(ours, theirs) if theirs else ()),
        ]
        broken = [ours.subject(row) for row in ours.event_types if wanted[row.id].unlinked_because]
        if not dry_run:
            await self._write(business, ours, wanted, broken, now=now)
            self._observe(business.slug, len(broken))
        return Report(business.slug, found, broken, len(ours.event_types))

    async def _ours(self, business: Business) -> _Ours:
        async with self._db.transaction(business.id) as tx:
            return _Ours(
                lines=await businesses.lines(tx),
                staff=await businesses.staff(tx),
                services={service.id: service for service in await businesses.services(tx)},
                event_types=await businesses.event_types(tx),
            )

    async def _theirs(self, business: Business, ours: _Ours) -> _Theirs | None:
        """What Cal.com shows; `None` if it refuses our key."""
        try:
            client = (await self._calendars.of(business)).in_background()
            listed = {each.id: each for each in await client.event_types()}
            # A team's event types are not listed with those of the key's owner.
            for row in ours.event_types:
                if row.calcom_id not in listed and (single := await _single(client, row)):
                    listed[row.calcom_id] = single
            return _Theirs(listed, await client.schedules())
        except (ServiceUnavailable, Unauthorised, Forbidden):
            return None

    async def _write(
        self,
        business: Business,
        ours: _Ours,
        wanted: Mapping[UUID, Facts],
        broken: Sequence[str],
        *,
        now: datetime,
    ) -> None:
        changed = [
            row for row in ours.event_types if wanted[row.id] != kept(row) or not row.synced_at
        ]
        newly = [
            f"{ours.subject(row)}: {wanted[row.id].unlinked_because}"
            for row in changed
            if wanted[row.id].unlinked_because and not row.unlinked_because
        ]
        is_new = False
        async with self._db.transaction(business.id) as tx:
            for row in changed:
                await businesses.follow_event_type(tx, id=row.id, **asdict(wanted[row.id]), now=now)
            if newly:
                is_new = await businesses.raise_alarm(tx, note="; ".join(broken), now=now)
            mended = not broken and await businesses.end_alarm(tx, now=now)
        if is_new:
            _log.error("link_broken", extra={"business": business.slug, "links": newly})
        if mended:
            _log.info("links_whole", extra={"business": business.slug})
        if changed:
            await self._forget(business, [row.id for row in changed], now=now)

    async def _forget(self, business: Business, kinds: Sequence[UUID], *, now: datetime) -> None:
        self._directory.forget(business.slug)
        await self._availability.tell(
            business, Effect.UNKNOWN, kinds=kinds, spans=[Span(now, now + AHEAD)], now=now
        )


async def _single(client: Client, row: EventTypeRow) -> shapes.EventType | None:
    try:
        return await client.event_type(row.calcom_id)
    except (NotFound, Forbidden):
        return None


def _wanted(row: EventTypeRow, theirs: _Theirs | None, staff: Sequence[StaffRow]) -> Facts:
    if theirs is None:
        return replace(kept(row), unlinked_because=Unlinked.KEY_REFUSED)
    shown = theirs.event_types.get(row.calcom_id)
    hours = of_event_type(shown, theirs.schedules) if shown else None
    return followed(row, shown, working_hours=hours, staff=staff)


def _taken_over(ours: _Ours, wanted: Mapping[UUID, Facts]) -> list[Change]:
    names = {who.id: who.name for who in ours.staff}
    return [
        change
        for row in ours.event_types
        for change in changes(ours.subject(row), kept(row), wanted[row.id], names=names)
    ]


def _compared(ours: _Ours, theirs: _Theirs) -> list[Change]:
    """What is the owner's own and differs."""
    names = {who.id: who.name for who in ours.staff}
    found: list[Change] = []
    used: list[Mapping[str, object]] = []
    for row in ours.event_types:
        if shown := theirs.event_types.get(row.calcom_id):
            found += left_to_a_human(ours.subject(row), row, shown, staff=ours.staff, names=names)
            found += _phases(ours, row, shown)
            if hours := of_event_type(shown, theirs.schedules):
                used.append(hours)
    for line in ours.lines:
        in_zone = [hours for hours in used if hours["timezone"] == line.timezone]
        if line.opening_hours is None or not in_zone:
            continue
        found += [
            Change(f"line {line.number}", f"hours on {day}", here, there, is_ours=True)
            for day, here, there in day_by_day(line.opening_hours, in_zone)
        ]
    return found


def _phases(ours: _Ours, row: EventTypeRow, shown: shapes.EventType) -> list[Change]:
    """A phase is as long as the owner says; an event type of another length cannot be it."""
    service = ours.services.get(row.service_id)
    lengths = {shown.length_minutes, *shown.length_options_minutes}
    return [
        Change(
            ours.subject(row),
            f"active_minutes of phase {number}",
            str(phase["active_minutes"]),
            str(shown.length_minutes),
            is_ours=True,
        )
        for number, phase in enumerate((service and service.phases) or (), start=1)
        if row.calcom_id in phase["event_types"] and phase["active_minutes"] not in lengths
    ]
