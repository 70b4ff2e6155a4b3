"""Scenarios: TOML files that say who calls, into which world, and how it must end.

A file is `evals/scenarios/<suite>/<id>.toml`. Text may have blanks, filled anew for each trial from
its seed: `{person}`, `{first}`, `{last}`, `{spelled}` and `{number}` are the caller's,
`{relative}`, `{rival}` somebody else's; `{pick[key]}` takes from the row of `[[pick]]` that the
trial has drawn. Times without an offset are the business's.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
)

import toml_files
from evals import blanks
from evals.callers.script import Script
from evals.people import People
from toml_files import Fault, Key, Refused
from tools.catalogue import TOOLS

SCENARIOS: Final = Path(__file__).parent / "scenarios"

_DIGITS_OF_DIGEST: Final = 12


def _instant(written: str) -> str:
    """ISO 8601, with a blank in place of any part of it."""
    if not blanks.BLANK.search(written):
        try:
            datetime.fromisoformat(written)
        except ValueError:
            raise ValueError("is no time; write it like 2026-06-16T15:00") from None
    return written


def _tool(written: str) -> str:
    if written not in TOOLS:
        raise ValueError(f"is no tool; there are {', '.join(TOOLS)}")
    return written


Instant = Annotated[str, AfterValidator(_instant)]
ToolName = Annotated[str, AfterValidator(_tool)]
Word = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Ref = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Busy(_Table):
    """Somebody of the staff has no time: `end` is exclusive."""

    staff: Ref
    start: Instant
    end: Instant


class CalendarFault(_Table):
    """As in `POST /_sandbox/faults` of the stand-in."""

    on: Word = "*"
    do: Literal["error_before", "error_after", "drop_answer", "hang", "429", "latency"]
    times: Annotated[int, Field(ge=1)] = 1
    seconds: Annotated[float, Field(ge=0, le=60)] | None = None
    late: bool = False
    for_good: bool = False
    """Until the call is over; then Cal.com behaves again."""


class WebhookFault(_Table):
    """As in `POST /_sandbox/webhooks` of the stand-in."""

    do: Literal["duplicate", "late", "reorder", "lose"]
    times: Annotated[int, Field(ge=1)] = 1
    seconds: Annotated[float, Field(ge=0, le=60)] = 0.05


class Calendar(_Table):
    """What the stand-in for Cal.com is like in this scenario."""

    busy: tuple[Busy, ...] = ()
    faults: tuple[CalendarFault, ...] = ()
    webhooks: tuple[WebhookFault, ...] = ()
    latency_seconds: Annotated[float, Field(ge=0, le=10)] = 0.0
    """Of every answer, really waited for."""


class Standing(_Table):
    """A booking that stands before the phone rings."""

    id: Ref
    service: Ref
    start: Instant
    name: Word = "{person}"
    staff: Ref | None = None
    number: Word | None = None
    """Of whoever booked; left out: the caller's. A hidden number books nothing."""
    by: Literal["phone", "web"] = "phone"
    """`web`: on Cal.com's own page; it reaches us by webhook."""
    days_ago: Annotated[int, Field(ge=0, le=60)] = 7
    """When it was booked: what was booked just now can be changed without notice or fee."""


class Meanwhile(_Table):
    """What others do during the call: once, at the first occasion."""

    after_turn: Annotated[int, Field(ge=0)] | None = None
    """So many turns of the agent after its greeting."""
    after_tool: ToolName | None = None
    """As soon as that tool has replied for the first time, before the agent speaks."""
    book: Standing | None = None
    """Somebody books; `by` says how."""
    cancel: Ref | None = None
    """The practice cancels that standing booking in its calendar."""
    fault: CalendarFault | None = None
    redis: Literal["gone", "back"] | None = None
    """It cannot be reached any more; after the call, at the latest, it can."""


class Repeat(_Table):
    """The phone platform asks again under the same id, having waited in vain."""

    tool: ToolName
    times: Annotated[int, Field(ge=1, le=3)] = 1
    at_once: bool = False
    """While the first is still being answered, not after it."""


class Platform(_Table):
    """What the phone platform does."""

    repeats: tuple[Repeat, ...] = ()


class Wanted(_Table):
    """A booking that must stand in the end, with us and at Cal.com."""

    service: Ref
    start: Instant | None = None
    within: tuple[Instant, Instant] | None = None
    """Any start from the first to before the second, where the caller leaves it open."""
    name: Word = "{person}"
    staff: Ref | None = None
    """Left out: whoever."""
    state: Literal["confirmed", "pending"] = "confirmed"
    """`pending`: the host must accept it first."""


class Limits(_Table):
    """What the call may cost; more is reported, and fails nothing but its own figure."""

    turns: Annotated[int, Field(ge=1)] = 12
    """Of the agent, its greeting not counted."""
    tool_calls: Annotated[int, Field(ge=0)] = 8


class Expected(_Table):
    """How it must end. Standing bookings stay, unless `gone` names them."""

    bookings: tuple[Wanted, ...] = ()
    """What must have come: nothing, if it is left out."""
    gone: tuple[Ref, ...] = ()
    """Standing bookings that must be over, cancelled or moved."""
    say: tuple[Word, ...] = ()
    """What the caller must have heard, in these words; case and punctuation do not matter. `a|b`
    allows either."""
    never: tuple[Word, ...] = ()
    """What the caller must not have heard, such as somebody else's appointment."""
    callbacks: Annotated[int, Field(ge=0)] | None = None
    """How many call backs a human has promised; left out: it does not matter."""
    limits: Limits = Limits()


class Step(_Table):
    """A tool call."""

    tool: ToolName
    arguments: dict[str, Any] = {}


class Scenario(_Table):
    """One behaviour, with one name."""

    id: Ref
    suite: Ref
    title: Word
    tags: tuple[Ref, ...] = ()
    language: Literal["en", "de"] = "en"
    now: AwareDatetime
    """When the phone rings. Every day and time that is said counts from it."""
    caller: Script
    number: Word = "{number}"
    """The caller's, also where it is hidden."""
    pick: tuple[dict[str, Any], ...] = ()
    """One of these is drawn for each trial."""
    customers: dict[Word, Word] = {}
    """Who is known beside the caller: name by number."""
    standing: tuple[Standing, ...] = ()
    calendar: Calendar = Calendar()
    meanwhile: tuple[Meanwhile, ...] = ()
    platform: Platform = Platform()
    expected: Expected = Expected()
    golden: tuple[Step, ...] = ()
    """Tool calls that reach what is expected: proof that it can be done."""

    @property
    def digest(self) -> str:
        """The version: changes with anything that could change a result."""
        return sha256(self.model_dump_json().encode()).hexdigest()[:_DIGITS_OF_DIGEST]

    def filled(self, people: People, pick: Mapping[str, Any]) -> Self:
        """The same without blanks."""
        values = {**people.blanks(), "pick": pick}
        return type(self).model_validate(blanks.filled(self.model_dump(), values))


def disagreements(scenario: Scenario) -> Iterator[tuple[Key, str]]:
    """What no single key shows: where, and what."""
    yield from _names(scenario)
    for row, wanted in enumerate(scenario.expected.bookings):
        if (wanted.start is None) == (wanted.within is None):
            yield ("expected", "bookings", row), "needs either start or within"
    for row, event in enumerate(scenario.meanwhile):
        if (event.after_turn is None) == (event.after_tool is None):
            yield ("meanwhile", row), "needs either after_turn or after_tool"
        deeds = (event.book, event.cancel, event.fault, event.redis)
        if sum(deed is not None for deed in deeds) != 1:
            yield ("meanwhile", row), "needs one of book, cancel, fault and redis"
    known = {*People.BLANKS, *(f"pick[{name}]" for name in (scenario.pick or ({},))[0])}
    for key, blank in blanks.found_in(scenario.model_dump()):
        if blank not in known:
            yield key, f"has a blank that nothing fills: {{{blank}}}"
    if any(set(row) != set(scenario.pick[0]) for row in scenario.pick):
        yield ("pick",), "has rows with different keys"


def _names(scenario: Scenario) -> Iterator[tuple[Key, str]]:
    """Standing bookings go by names of the file's own."""
    names = [each.id for each in scenario.standing]
    for row, name in enumerate(names):
        if name in names[:row]:
            yield ("standing", row, "id"), "stands in this file already"
    gone: list[tuple[Key, str]] = [
        (("expected", "gone", row), name) for row, name in enumerate(scenario.expected.gone)
    ]
    cancelled: list[tuple[Key, str]] = [
        (("meanwhile", row, "cancel"), event.cancel)
        for row, event in enumerate(scenario.meanwhile)
        if event.cancel
    ]
    for key, name in gone + cancelled:
        if name not in names:
            yield key, f"names no standing booking: {name}"


def load(path: Path) -> Scenario:
    """Read one scenario.

    Raises:
        Refused: With every fault that could be found, each with file, line and key.
    """
    scenario = toml_files.read(path, Scenario, disagreements=disagreements)
    for name, written, place in (
        ("id", scenario.id, path.stem),
        ("suite", scenario.suite, path.parent.name),
    ):
        if written != place:
            raise Refused([Fault(str(path), 1, name, f"is {written}, and the file says {place}")])
    return scenario


def suites(folder: Path = SCENARIOS) -> list[str]:
    """The names of all suites."""
    return sorted(path.name for path in folder.iterdir() if path.is_dir())


def load_suite(*names: str, folder: Path = SCENARIOS) -> list[Scenario]:
    """All scenarios of some suites, in the order of their names.

    Raises:
        Refused: With the faults of all files that have any.
        NoSuchSuite: There is no suite of a name, or nothing in it.
    """
    found: list[Scenario] = []
    faults: list[Fault] = []
    for name in names:
        paths = sorted((folder / name).glob("*.toml"))
        if not paths:
            raise NoSuchSuite(f"there is no suite {name!r}: there are {', '.join(suites(folder))}")
        for path in paths:
            try:
                found.append(load(path))
            except Refused as refusal:
                faults += refusal.faults
    if faults:
        raise Refused(faults)
    return found


class NoSuchSuite(Exception):
    """Nothing is found under that name. The message says what there is."""


def digest_of(scenarios: Iterable[Scenario]) -> str:
    """The version of several scenarios together."""
    text = "\n".join(sorted(f"{each.id} {each.digest}" for each in scenarios))
    return sha256(text.encode()).hexdigest()[:_DIGITS_OF_DIGEST]
