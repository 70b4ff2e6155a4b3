"""What a business file may say, key by key. `deploy/business.example.toml` shows all of it.

Messages of the validators follow the key's name: "timezone: is no time zone".
"""

import re
from datetime import date, time
from decimal import Decimal
from difflib import get_close_matches
from itertools import pairwise
from typing import Annotated, Final, Literal
from zoneinfo import available_timezones

import phonenumbers
from babel.numbers import list_currencies
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    SecretStr,
    StringConstraints,
    ValidationInfo,
)

from booking.business import EventTypeKind
from booking.holidays import holidays
from booking.opening_hours import WEEKDAYS

GENERATE = "generate"
"""In place of a secret: make a random one at the first `apply`, keep it afterwards."""

UNLIMITED: Final = "unlimited"
"""In place of a limit: lifts that of a more general level."""

_MOST_OFTEN = 100
_ENVIRONMENT = "env:"
_SHORTEST_SECRET = 8
_SPAN = re.compile(r"\s*(?P<opens>\d{1,2}:\d{2})\s*[-–]\s*(?P<closes>\d{1,2}:\d{2})\s*")


def _phone_number(written: str) -> str:
    """E.164 of a number that a person wrote, with blanks and all."""
    try:
        number = phonenumbers.parse(written, None)
    except phonenumbers.NumberParseException:
        raise ValueError("is no phone number; write it like +49 30 23125010") from None
    if not phonenumbers.is_valid_number(number):
        raise ValueError("is a number that no phone can have")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _timezone(written: str) -> str:
    zones = available_timezones()
    if written not in zones:
        close = get_close_matches(written, zones, n=1)
        hint = f"did you mean {close[0]}?" if close else "write it like Europe/Berlin"
        raise ValueError(f"is no time zone; {hint}")
    return written


def _span(written: object) -> tuple[time, time]:
    """`"09:00-12:30"` as a pair of times; midnight at the end of the day is `time.min`."""
    match = _SPAN.fullmatch(written) if isinstance(written, str) else None
    if match is None:
        raise ValueError('is no span of hours; write it like "09:00-12:30"')
    opens_at, closes_at = match["opens"], match["closes"]
    try:
        opens = time.fromisoformat(opens_at.zfill(5))
        closes = time.min if closes_at == "24:00" else time.fromisoformat(closes_at.zfill(5))
    except ValueError:
        raise ValueError("names a time that no clock shows") from None
    if closes <= opens and closes != time.min:
        raise ValueError("ends before it begins")
    return opens, closes


def _apart(spans: tuple[tuple[time, time], ...]) -> tuple[tuple[time, time], ...]:
    ordered = tuple(sorted(spans))
    for (_, closes), (opens, _) in pairwise(ordered):
        if opens < closes or closes == time.min:
            raise ValueError(f"has spans that overlap at {opens:%H:%M}")
    return ordered


def _secret(written: SecretStr, validation: ValidationInfo) -> SecretStr:
    """Follow `env:NAME` into the environment that came along as the validation's context."""
    text = written.get_secret_value()
    if text.startswith(_ENVIRONMENT):
        name = text.removeprefix(_ENVIRONMENT).strip()
        text = (validation.context or {}).get("environment", {}).get(name, "").strip()
        if not text:
            raise ValueError(f"takes its value from {name}, which is not set")
    if text != GENERATE and (len(text) < _SHORTEST_SECRET or any(map(str.isspace, text))):
        raise ValueError(f"is shorter than {_SHORTEST_SECRET} characters, or has a blank in it")
    return SecretStr(text)


def _shaped(pattern: str, otherwise: str) -> AfterValidator:
    """Text of a given form; people read `otherwise`, not the pattern."""
    form = re.compile(pattern)

    def checked(written: str) -> str:
        if form.fullmatch(written) is None:
            raise ValueError(otherwise)
        return written

    return AfterValidator(checked)


def _limit(written: object) -> int | str:
    """How often something may be done."""
    if written == UNLIMITED:
        return UNLIMITED
    if not isinstance(written, int) or isinstance(written, bool) or not 0 <= written <= _MOST_OFTEN:
        raise ValueError(f'must be a whole number up to {_MOST_OFTEN}, or "{UNLIMITED}"')
    return written


def _currency(written: str) -> str:
    if written not in list_currencies():
        raise ValueError("is no currency; write it like EUR")
    return written


def _region(written: str) -> str:
    try:
        holidays(written, years=(), languages=("en",))
    except ValueError:
        raise ValueError("is no region whose holidays we know; write it like DE-BE") from None
    return written


def _closure(written: object) -> object:
    """A single day stands for a closure of that day."""
    return {"first": written, "last": written} if isinstance(written, date | str) else written


Name = Annotated[str, StringConstraints(min_length=1, max_length=120)]
Slug = Annotated[
    str,
    StringConstraints(max_length=63),
    _shaped(r"[a-z0-9]+(-[a-z0-9]+)*", "must be small letters, digits and single hyphens"),
]
Domain = Annotated[
    str,
    StringConstraints(max_length=200, to_lower=True),
    _shaped(
        r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]",
        "is no domain; write it like bookings.example.com",
    ),
]
Address = Annotated[
    str,
    _shaped(r"https?://[^\s/?#]+(/[^\s?#]*)?", "is no address; write it like https://api.cal.com"),
]
EmailAddress = Annotated[str, _shaped(r"[^\s@<>,]+@[^\s@<>,]+\.[^\s@<>,]+", "is no e-mail address")]
Version = Annotated[
    str, _shaped(r"20\d{2}-[01]\d-[0-3]\d", "is no version of Cal.com's; write it like 2024-08-13")
]
PhoneNumber = Annotated[str, AfterValidator(_phone_number)]
Timezone = Annotated[str, AfterValidator(_timezone)]
Language = Literal["de", "en"]
Minutes = Annotated[int, Field(strict=True, ge=0, le=7 * 24 * 60)]
Hours = Annotated[int, Field(strict=True, ge=0, le=30 * 24)]
Days = Annotated[int, Field(strict=True, ge=1, le=730)]
Switch = Annotated[bool, Field(strict=True)]
CalcomId = Annotated[int, Field(strict=True, gt=0)]
Limit = Annotated[int | str, PlainValidator(_limit)]
Amount = Annotated[Decimal, Field(gt=0, le=100_000, decimal_places=2)]
Percent = Annotated[Decimal, Field(gt=0, le=100, decimal_places=2)]
Currency = Annotated[str, AfterValidator(_currency)]
Region = Annotated[str, AfterValidator(_region)]
Span = Annotated[tuple[time, time], BeforeValidator(_span)]
Day = Annotated[tuple[Span, ...], AfterValidator(_apart)]
Secret = Annotated[SecretStr, AfterValidator(_secret)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class OpeningHours(_Table):
    """Spans of a week; a day that is not named is closed."""

    monday: Day = ()
    tuesday: Day = ()
    wednesday: Day = ()
    thursday: Day = ()
    friday: Day = ()
    saturday: Day = ()
    sunday: Day = ()

    def by_weekday(self) -> dict[int, Day]:
        """Spans by the number of the day, Monday being 0."""
        return {number: getattr(self, day) for number, day in enumerate(WEEKDAYS)}


class Fee(_Table):
    """What a change costs when less than this is left until the start."""

    within_hours: Hours
    percent: Percent | None = None
    amount: Amount | None = None
    currency: Currency | None = None


class Rules(_Table):
    """What is asked of those who move or cancel; what is left out is for a more general level."""

    cancel_notice_hours: Hours | None = None
    move_notice_hours: Hours | None = None
    cancel_fees: tuple[Fee, ...] | None = None
    move_fees: tuple[Fee, ...] | None = None
    moves_per_booking: Limit | None = None
    cancellations: Limit | None = None
    cancellations_within_days: Days | None = None


class Closure(_Table):
    """Days on which a line is closed; the last one is one of them."""

    first: date
    last: date
    reason: Name | None = None


class Line(_Table):
    """A dialled number."""

    number: PhoneNumber
    name: Name
    timezone: Timezone | None = None
    language: Language | None = None
    opening_hours: OpeningHours | None = None
    holidays: Region | None = None
    closures: tuple[Annotated[Closure, BeforeValidator(_closure)], ...] = ()
    policies: Rules = Rules()


class Staff(_Table):
    """A person who performs services."""

    slug: Slug
    name: Name
    calcom_user_id: CalcomId | None = None
    policies: Rules = Rules()


class EventType(_Table):
    """An event type at Cal.com through which a service is booked."""

    calcom_id: CalcomId
    kind: EventTypeKind
    staff: Slug | None = None
    hosts: tuple[Slug, ...] = ()
    length_minutes: Annotated[Minutes, Field(ge=1)]
    before_buffer_minutes: Minutes = 0
    after_buffer_minutes: Minutes = 0
    minimum_notice_minutes: Minutes = 0
    booking_window_days: Days | None = None
    slot_interval_minutes: Annotated[Minutes, Field(ge=1)] | None = None
    seats: Annotated[int, Field(strict=True, ge=1, le=1000)] | None = None
    requires_confirmation: Switch = False


class Phase(_Table):
    """Active work within a service; during the gap after it the host is free for others."""

    active_minutes: Annotated[Minutes, Field(ge=1)]
    gap_minutes: Minutes = 0
    event_types: tuple[CalcomId, ...]


class Service(_Table):
    """What callers ask for."""

    slug: Slug
    name: Name
    synonyms: tuple[Name, ...] = ()
    phases: tuple[Phase, ...] = ()
    event_types: tuple[EventType, ...]
    policies: Rules = Rules()


class Messages(_Table):
    """Who is told what besides on the phone."""

    staff_email: EmailAddress | None = None
    staff_number: PhoneNumber | None = None
    webhook: Address | None = None
    confirms: Switch | None = None


class Policies(Rules):
    """Rules of the house, wherever a line, a service or a host has no other."""

    mirror_holds: Switch | None = None
    messages: Messages | None = None


class Versions(_Table):
    """Values of the header `cal-api-version`, where they differ from the pinned ones."""

    bookings: Version | None = None
    booking_list: Version | None = None
    slots: Version | None = None
    event_types: Version | None = None
    schedules: Version | None = None


class Calcom(_Table):
    """Where the calendar is, if not where `CALCOM_BASE_URL` says."""

    base_url: Address | None = None
    versions: Versions = Versions()


class Credentials(_Table):
    """Secrets, each as such, as `env:NAME` or as `generate`."""

    api_key: Secret | None = None
    retell_key: Secret | None = None
    retell_llm_secret: Secret | None = None
    vapi_secret: Secret | None = None
    elevenlabs_secret: Secret | None = None
    openai_webhook_secret: Secret | None = None
    calcom_key: Secret | None = None
    calcom_webhook_secret: Secret | None = None
    webhook_secret: Secret | None = None


class Customer(_Table):
    """A caller who is known from the first call on."""

    number: PhoneNumber
    name: Name
    salutation: Name | None = None
    language: Language | None = None


class BusinessFile(_Table):
    """The whole file."""

    slug: Slug
    name: Name
    timezone: Timezone
    language: Language
    attendee_email_domain: Domain
    transfer_number: PhoneNumber | None = None
    calcom: Calcom = Calcom()
    credentials: Credentials = Credentials()
    policies: Policies = Policies()
    lines: tuple[Line, ...]
    staff: tuple[Staff, ...] = ()
    services: tuple[Service, ...]
    customers: tuple[Customer, ...] = ()
