"""Which businesses there are, with their secrets: loaded seldom, at hand for every tool call."""

import asyncio
import logging
import re
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from booking.business import (
    Business,
    Closure,
    EventType,
    EventTypeKind,
    Holidays,
    Line,
    Reach,
    Service,
    Staff,
)
from booking.holidays import holidays
from booking.house_rules import restored as rules_of
from booking.last_known import LastKnown, Patience
from booking.opening_hours import restored
from booking.phases import composed
from booking.vault import Vault
from db import businesses
from db.businesses import BusinessRow, CredentialRow, EventTypeRow, LineRow, ServiceRow, StaffRow
from db.database import Database
from db.errors import DatabaseUnavailable
from db.states import BusinessStatus, EventKind

PATIENCE: Final = Patience(
    fresh=10.0,  # six statements for a business every ten seconds, whatever its traffic
    at_once=25.0,  # a disabled business or a renamed service is noticed within this
    usable=600.0,  # a restart or failover takes seconds to minutes; a stolen key must not last
    absent=5.0,  # whoever has just applied a business file tries again at once
    wait=0.25,  # loading takes 5 ms; an eighth of the two seconds of a read may be spent hoping
    retry=2.0,  # while the database is away, one request in two seconds waits for it
    most_absent=1024,  # slugs of 63 characters at most: about 200 KB
)

LANGUAGES: Final = ("de", "en")
"""In which callers may be told the name of a holiday."""

_log = logging.getLogger(__name__)

_SLUG: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


@dataclass(frozen=True, slots=True)
class Access:
    """A business and the credentials that are valid for it now."""

    business: Business
    secrets: Mapping[str, tuple[str, ...]] = field(repr=False)
    """By name; newest first, two of a name while it is rotated."""


class Directory:
    """Loads businesses by slug and remembers them in this process."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Load nothing yet.

        Args:
            database: Where businesses are.
            vault: Opens their credentials.
            now: Decides which credentials have retired.
            monotonic: Decides how long an answer counts; in seconds.
        """
        self._database = database
        self._vault = vault
        self._now = now
        self._slugs: dict[UUID, str] = {}
        self._known = LastKnown(
            self._load, away=DatabaseUnavailable, patience=PATIENCE, clock=monotonic
        )

    async def access(self, slug: str) -> Access | None:
        """The business of this slug; `None` if there is none or it is disabled.

        Raises:
            DatabaseUnavailable: It cannot be loaded now, and is not known well enough either.
            SecretKeyWrong: Its credentials were sealed with another key.
        """
        if not _SLUG.fullmatch(slug):
            return None
        return await self._known.get(slug)

    async def access_of(self, business_id: UUID) -> Access | None:
        """The same by our own id: for workers, which find bookings before businesses."""
        if (slug := self._slugs.get(business_id)) is None:
            async with self._database.registry() as registry:
                row = await businesses.by_id(registry, id=business_id)
            if row is None:
                return None
            slug = self._slugs[business_id] = row.slug
        return await self.access(slug)

    def forget(self, slug: str) -> None:
        """Load a business anew at the next call, because something about it has changed."""
        self._known.forget(slug)

    async def _load(self, slug: str) -> Access | None:
        async with self._database.registry() as registry:
            row = await businesses.by_slug(registry, slug=slug)
        if row is None or row.status is not BusinessStatus.ACTIVE:
            return None
        async with self._database.transaction(row.id) as tx:
            lines = await businesses.lines(tx)
            staff = await businesses.staff(tx)
            services = await businesses.services(tx)
            event_types = await businesses.event_types(tx)
            credentials = await businesses.credentials(tx)
        days = await asyncio.to_thread(self._holidays, lines)
        business = _business(
            row, holidays=days, lines=lines, staff=staff, services=services, event_types=event_types
        )
        return Access(business, self._opened(credentials))

    def _holidays(self, lines: Sequence[LineRow]) -> dict[UUID, Holidays]:
        """Of each line's region, for as long as anybody books ahead, by the line's id."""
        this = self._now().year
        years = tuple(range(this - 1, this + 4))
        return {
            line.id: holidays(line.holidays, years=years, languages=LANGUAGES)
            for line in lines
            if line.holidays
        }

    def _opened(self, credentials: Sequence[CredentialRow]) -> dict[str, tuple[str, ...]]:
        """The credentials that have not retired; they come newest first."""
        now = self._now()
        secrets: dict[str, tuple[str, ...]] = {}
        for row in credentials:
            if row.retires_at is None or now < row.retires_at:
                secret = self._vault.open(row.secret_encrypted)
                secrets[row.name] = (*secrets.get(row.name, ()), secret)
        return secrets


def _business(
    row: BusinessRow,
    *,
    holidays: Mapping[UUID, Holidays],
    lines: Sequence[LineRow],
    staff: Sequence[StaffRow],
    services: Sequence[ServiceRow],
    event_types: Sequence[EventTypeRow],
) -> Business:
    people = {
        person.id: Staff(
            person.id,
            person.slug,
            person.name,
            person.calcom_user_id,
            rules=rules_of(person.policies),
        )
        for person in staff
    }
    performed: dict[UUID, list[EventType]] = defaultdict(list)
    for event_type in event_types:
        if event_type.staff_id is None or event_type.staff_id in people:
            performed[event_type.service_id].append(_event_type(event_type, people))
    return Business(
        id=row.id,
        slug=row.slug,
        name=row.name,
        timezone=_zone(row.timezone, f"business {row.slug}") or ZoneInfo("UTC"),
        language=row.language,
        attendee_email_domain=row.attendee_email_domain,
        lines=tuple(
            _line(line, zone, holidays.get(line.id, {}))
            for line in lines
            if (zone := _zone(line.timezone, f"line {line.number} of {row.slug}"))
        ),
        services=tuple(
            Service(
                id=service.id,
                slug=service.slug,
                name=service.name,
                synonyms=tuple(service.synonyms),
                event_types=tuple(_offered(service, performed[service.id])),
                rules=rules_of(service.policies),
            )
            for service in services
        ),
        staff=tuple(people.values()),
        transfer_number=row.transfer_number,
        calcom_versions=row.calcom_versions,
        calcom_base_url=row.calcom_base_url,
        mirrors_holds=bool(row.policies.get("mirror_holds")),
        rules=rules_of(row.policies),
        reach=_reach(row.policies.get("messages")),
    )


def _reach(stored: object) -> Reach:
    """As `business apply` has checked it; what an older release does not know is left out."""
    if not isinstance(stored, Mapping):
        return Reach()
    told = {name: stored.get(name) for name in ("staff_email", "staff_number", "webhook")}
    return Reach(**told, confirms=stored.get("confirms") is True)


def _zone(name: str, whose: str) -> ZoneInfo | None:
    """A time zone; `None` if there is none of that name: better no line than wrong times."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        _log.error("no_such_timezone", extra={"of": whose, "timezone": name})
        return None


def _line(row: LineRow, timezone: ZoneInfo, holidays: Holidays) -> Line:
    return Line(
        id=row.id,
        number=row.number,
        name=row.name,
        timezone=timezone,
        language=row.language,
        opening_hours=None if row.opening_hours is None else restored(row.opening_hours),
        holidays=holidays,
        closures=tuple(
            Closure(
                date.fromisoformat(each["first"]),
                date.fromisoformat(each["last"]),
                each.get("reason"),
            )
            for each in row.closures
        ),
        rules=rules_of(row.policies),
    )


def _event_type(row: EventTypeRow, people: Mapping[UUID, Staff]) -> EventType:
    return EventType(
        id=row.id,
        calcom_id=row.calcom_id,
        kind=EventTypeKind(row.kind),
        length_minutes=row.length_minutes,
        staff=people[row.staff_id] if row.staff_id else None,
        before_buffer_minutes=row.before_buffer_minutes,
        after_buffer_minutes=row.after_buffer_minutes,
        minimum_notice_minutes=row.minimum_notice_minutes,
        booking_window_days=row.booking_window_days,
        seats=row.seats,
        requires_confirmation=row.requires_confirmation,
        hosts=_hosts(row, people),
        is_linked=row.unlinked_because is None,
    )


def _offered(service: ServiceRow, kinds: Sequence[EventType]) -> Sequence[EventType]:
    return composed(service.phases, kinds) if service.phases else kinds


def _hosts(row: EventTypeRow, people: Mapping[UUID, Staff]) -> tuple[Staff, ...]:
    """Among whom Cal.com chooses; whoever does not say may mean everybody."""
    if row.kind is not EventKind.ROUND_ROBIN:
        return ()
    named = [people[id_] for id_ in row.host_ids if id_ in people]
    return tuple(named or people.values())
