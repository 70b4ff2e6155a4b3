"""What Cal.com said of one local day of one event type, and how long that counts. Pure."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Final

from booking.business import EventType
from booking.slots import Span

FRESH_SECONDS: Final = 1_800.0
"""Bookings are told by webhooks and found by reconciliation: what this catches are calendars that
Cal.com itself only looks up. A refused booking costs an apology; docs/performance.md counts both
the refusals and the requests."""

FREED_FRESH_SECONDS: Final = 1_200.0
"""The starts that were freed are known; Cal.com may list others beside them."""

AT_ONCE_SECONDS: Final = 3_600.0
"""So old an answer is still given at once, while Cal.com is asked behind it: before the caller has
chosen, what has gone is no longer offered."""

EMPTY_FRESH_SECONDS: Final = 300.0
"""That nothing is free on any day asked may be an outage of the host's calendar."""

DOUBT_FRESH_SECONDS: Final = 5.0
"""While a host's calendar is doubted, Cal.com is asked again that often."""

BELIEVED_AFTER_SECONDS: Final = 60.0
"""A host without any slot is believed to have none once Cal.com has said so for that long."""

KEPT_SECONDS: Final = 24 * 3600
"""While Cal.com is down an old answer, marked as such, beats none."""

_NO_SEATS: Final[Mapping[int, int]] = MappingProxyType({})


class Mark(StrEnum):
    """What has happened to a day since it was asked about."""

    SOUND = "f"
    FREED = "s"
    """Time was freed, and the slots of it are known: Cal.com should confirm that soon."""
    CHANGED = "h"
    """Nobody knows what: Cal.com must be asked before the next answer."""


class Age(IntEnum):
    """How an answer may be used, best first."""

    FRESH = 0
    STALE = 1
    """Given at once, and asked for anew behind that."""
    OLD = 2
    """Given, with a doubt, if Cal.com does not answer in time."""
    GONE = 3


@dataclass(frozen=True, slots=True)
class Day:
    """One remembered answer: starts in seconds since the epoch, ascending.

    Also the starts that Cal.com no longer lists because a booking of ours takes them: our claims
    hide those until the booking goes, and then they are back at once.
    """

    asked_at: float
    """Seconds since the epoch, when Cal.com was asked."""
    starts: tuple[int, ...]
    mark: Mark = Mark.SOUND
    seats_gone: Mapping[int, int] = field(default_factory=lambda: _NO_SEATS)
    """By start, of seated event types: the seats that others than we have booked."""
    doubted_since: float | None = None
    """When Cal.com first said that this host, whose slots these were, has none any more."""

    def age(self, now: datetime) -> Age:
        """How it may be used."""
        seconds = now.timestamp() - self.asked_at
        if seconds > KEPT_SECONDS:
            return Age.GONE
        if self.mark is Mark.CHANGED or seconds > AT_ONCE_SECONDS:
            return Age.OLD
        if self.doubted_since is not None and seconds >= DOUBT_FRESH_SECONDS:
            return Age.OLD
        limit = FREED_FRESH_SECONDS if self.mark is Mark.FREED else FRESH_SECONDS
        return Age.STALE if seconds >= limit else Age.FRESH

    def is_due_when_empty(self, now: datetime) -> bool:
        """Whether it should be asked again, given that nothing was free on any day asked."""
        return now.timestamp() - self.asked_at > EMPTY_FRESH_SECONDS

    def marked(self, mark: Mark) -> "Day":
        """The same after more has happened to it."""
        if self.mark in {mark, Mark.CHANGED}:
            return self
        return replace(self, mark=mark)

    def knows(self, kind: EventType, spans: Iterable[Span]) -> bool:
        """Whether starts are known of an event type that overlap a stretch of time."""
        length = kind.length.total_seconds()
        return any(
            any(
                start < span.end.timestamp() and start + length > span.start.timestamp()
                for start in self.starts
            )
            for span in spans
        )


def merged(
    asked_at: float,
    listed: Mapping[int, int],
    before: Day | None,
    is_ours: Callable[[int], bool],
) -> Day:
    """A new answer, with what only our own bookings keep off the list.

    Args:
        asked_at: Seconds since the epoch.
        listed: Starts that Cal.com lists now, and how many seats of each others have booked.
        before: The former answer.
        is_ours: Whether a booking of ours takes a start.
    """
    hidden = [
        start
        for start in (before.starts if before else ())
        if start not in listed and is_ours(start)
    ]
    seats = {start: gone for start, gone in listed.items() if gone}
    return Day(asked_at, tuple(sorted((*listed, *hidden))), seats_gone=seats or _NO_SEATS)


def doubted(asked_at: float, before: Day | None) -> Day:
    """The former answer, kept because nobody believes the new one yet."""
    if before is None:
        return Day(asked_at, (), doubted_since=asked_at)
    since = before.doubted_since if before.doubted_since is not None else asked_at
    return replace(before, asked_at=asked_at, mark=Mark.SOUND, doubted_since=since)


def dumps(day: Day) -> str:
    """As stored: the mark, when it was asked in 13 digits of milliseconds, and JSON of the rest."""
    rest = [day.doubted_since, list(day.starts), {str(k): n for k, n in day.seats_gone.items()}]
    return f"{day.mark}{day.asked_at * 1000:013.0f}{json.dumps(rest, separators=(',', ':'))}"


def loads(stored: str) -> Day:
    """From what `dumps` made.

    Raises:
        ValueError: It is something else.
    """
    since, starts, seats = json.loads(stored[14:])
    return Day(
        asked_at=int(stored[1:14]) / 1000,
        starts=tuple(starts),
        mark=Mark(stored[0]),
        seats_gone={int(start): gone for start, gone in seats.items()} or _NO_SEATS,
        doubted_since=since,
    )
