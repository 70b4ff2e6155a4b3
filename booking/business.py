"""What a business is to the booking desk: its lines, its services and who performs them.

Plain values, loaded once by `booking.directory` and handed around; nothing here waits.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from enum import StrEnum
from functools import cached_property
from uuid import UUID
from zoneinfo import ZoneInfo

from booking.house_rules import NO_RULES, HouseRules

OpeningHours = Mapping[int, tuple[tuple[time, time], ...]]
"""Weekday (0 = Monday) to the local spans in which the line is open; missing means closed."""

Holidays = Mapping[date, Mapping[str, str]]
"""Days to the names of the public holidays that they are, by language: `de`, `en`."""


class EventTypeKind(StrEnum):
    """How Cal.com fills a booking of an event type, and so what our claims must guard."""

    FIXED = "fixed"
    """One host, known beforehand: claimed by (host, time range)."""
    ROUND_ROBIN = "round_robin"
    """Cal.com picks the host: claimed by number among the hosts free at a start."""
    SEATED = "seated"
    """Several attendees at one start: claimed by seat number."""


@dataclass(frozen=True, slots=True)
class Staff:
    """A person who performs services; a host at Cal.com."""

    id: UUID
    slug: str
    name: str
    calcom_user_id: int | None = None
    rules: HouseRules = field(default=NO_RULES, hash=False)


@dataclass(frozen=True, slots=True)
class EventType:
    """One bookable event type at Cal.com. Lengths, buffers and notice are minutes."""

    id: UUID
    calcom_id: int
    kind: EventTypeKind
    length_minutes: int
    staff: Staff | None = None
    before_buffer_minutes: int = 0
    after_buffer_minutes: int = 0
    minimum_notice_minutes: int = 0
    booking_window_days: int | None = None
    seats: int | None = None
    requires_confirmation: bool = False
    hosts: tuple[Staff, ...] = ()
    """Among whom Cal.com chooses, of a round-robin type."""
    phases: tuple["Phase", ...] = ()
    """Active work with gaps, each phase booked by itself; `length_minutes` is then the whole."""
    is_linked: bool = True
    """Whether Cal.com takes bookings of it; known from the last look at its event types."""

    length: timedelta = field(init=False, repr=False)
    """`length_minutes` as a span: it is added to thousands of starts a second."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "length", timedelta(minutes=self.length_minutes))

    @property
    def performers(self) -> tuple[Staff, ...]:
        """Everybody whose time a booking of this type may take, as far as we know."""
        return (self.staff,) if self.staff else self.hosts

    @property
    def capacity(self) -> int:
        """How many bookings Cal.com takes at one start."""
        match self.kind:
            case EventTypeKind.FIXED:
                return 1
            case EventTypeKind.ROUND_ROBIN:
                return len(self.hosts)
            case EventTypeKind.SEATED:
                return self.seats or 1


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of active work in a service of several: its host is busy, in between free."""

    after: timedelta
    """Since the start of the whole."""
    event_type: EventType


@dataclass(frozen=True, slots=True)
class Service:
    """What callers hear and ask for; offered through one or more event types."""

    id: UUID
    slug: str
    name: str
    synonyms: tuple[str, ...] = ()
    event_types: tuple[EventType, ...] = ()
    rules: HouseRules = field(default=NO_RULES, hash=False)


@dataclass(frozen=True, slots=True)
class Closure:
    """Whole days on which a line is closed besides its weekdays; `last` is one of them."""

    first: date
    last: date
    reason: str | None = None
    """As said to callers, in the language of the line."""


@dataclass(frozen=True, slots=True)
class Line:
    """A dialled number. Callers would call it a branch."""

    id: UUID
    number: str
    """E.164, such as `+493023125010`."""
    name: str
    timezone: ZoneInfo
    language: str
    opening_hours: OpeningHours | None = None
    holidays: Holidays = field(default_factory=dict[date, Mapping[str, str]])
    """Of its region; it is closed then."""
    closures: tuple[Closure, ...] = ()
    rules: HouseRules = field(default=NO_RULES, hash=False)


@dataclass(frozen=True, slots=True)
class Reach:
    """How people are told besides on the phone."""

    staff_email: str | None = None
    """Who hears that something is to be done."""
    staff_number: str | None = None
    """E.164."""
    webhook: str | None = None
    """The address of a program of the business's that passes messages on."""
    confirms: bool = False
    """Whether callers get a message also of what they were told in the call."""


@dataclass(frozen=True)
class Business:
    """The tenant: everything that the desk must know to serve one call, and no customer."""

    id: UUID
    slug: str
    name: str
    timezone: ZoneInfo
    language: str
    """`de` or `en`: of a call whose request and line name none."""
    attendee_email_domain: str
    """Attendees without an e-mail address get one of their own under this domain."""
    lines: tuple[Line, ...] = ()
    services: tuple[Service, ...] = ()
    staff: tuple[Staff, ...] = ()
    transfer_number: str | None = None
    calcom_versions: Mapping[str, str] = field(default_factory=dict[str, str])
    """Cal.com API versions that differ from the pinned ones, by endpoint family."""
    calcom_base_url: str | None = None
    mirrors_holds: bool = False
    """Whether holds are shown at Cal.com as reservations, too."""
    rules: HouseRules = NO_RULES
    """For changing what was booked; see `booking.policy`."""
    reach: Reach = field(default=Reach(), hash=False)

    @cached_property
    def event_types(self) -> Mapping[UUID, EventType]:
        """Every event type of every service, by our own id; a whole stands for its first phase."""
        offered = [kind for service in self.services for kind in service.event_types]
        phases = {phase.event_type.id: phase.event_type for k in offered for phase in k.phases}
        return phases | {kind.id: kind for kind in offered}

    def line_of(self, number: str | None) -> Line | None:
        """The line with this number; for `None` the only line, if there is just one."""
        if number is None:
            return self.lines[0] if len(self.lines) == 1 else None
        return next((line for line in self.lines if line.number == number), None)
