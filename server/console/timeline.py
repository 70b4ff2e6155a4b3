"""A call in its order: what was said, and between it what was asked of us. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from db.call_reports import TurnRow
from db.console.call import AskedRow
from db.states import Role


@dataclass(frozen=True, slots=True)
class Moment:
    """A turn or a tool call, and when it was: milliseconds since the call started."""

    at_ms: int | None
    turn: TurnRow | None = None
    asked: AskedRow | None = None


def timeline(
    turns: Sequence[TurnRow], asked: Sequence[AskedRow], *, started_at: datetime
) -> list[Moment]:
    """Turns in their order, and each tool call before the first turn that began after it.

    Where a platform tells no times, tool calls come after everything that was said.
    """
    waiting = [(_since(each.started_at, started_at), each) for each in asked]
    moments: list[Moment] = []
    for turn in turns:
        while waiting and turn.starts_at_ms is not None and waiting[0][0] < turn.starts_at_ms:
            at_ms, first = waiting.pop(0)
            moments.append(Moment(at_ms, asked=first))
        moments.append(Moment(turn.starts_at_ms, turn=turn))
    return moments + [Moment(at_ms, asked=each) for at_ms, each in waiting]


@dataclass(frozen=True, slots=True)
class Bar:
    """Something that took time, on the waterfall. Positions and lengths are in its own units."""

    lane: str
    """`caller`, `agent` or `tool`."""
    kind: str
    x: float
    width: float
    label: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class Waterfall:
    """A whole call on one line of time."""

    bars: Sequence[Bar]
    ticks: Sequence[tuple[float, int]]
    """Position and milliseconds."""


WIDTH: Final = 600.0
_THINNEST: Final = 2.0
_STEPS_SECONDS: Final = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600)
_MOST_TICKS: Final = 10


def waterfall(
    turns: Sequence[TurnRow],
    asked: Sequence[AskedRow],
    *,
    started_at: datetime,
    ended_at: datetime | None,
) -> Waterfall | None:
    """Every stretch of speech and every tool call; `None` if there is none with a time."""
    spans = sorted([*_spoken(turns), *_worked(asked, started_at)], key=lambda bar: bar.at_ms)
    if not spans:
        return None
    lasted = round((ended_at - started_at) / timedelta(milliseconds=1)) if ended_at else 0
    whole = max(lasted, *(bar.at_ms + round(bar.width) for bar in spans), 1)
    scale = WIDTH / whole
    step = _step(whole)
    return Waterfall(
        bars=[
            Bar(
                bar.lane,
                bar.kind,
                round(bar.at_ms * scale, 2),
                round(max(bar.width * scale, _THINNEST), 2),
                bar.label,
                bar.at_ms,
            )
            for bar in spans
        ],
        ticks=[(round(at * scale, 2), at) for at in range(0, whole + 1, step)],
    )


def _spoken(turns: Sequence[TurnRow]) -> Iterator[Bar]:
    for turn in turns:
        if turn.starts_at_ms is not None:
            ends_at = turn.ends_at_ms if turn.ends_at_ms is not None else turn.starts_at_ms
            lane = "agent" if turn.role is Role.AGENT else "caller"
            lasted = max(ends_at - turn.starts_at_ms, 0)
            yield Bar(lane, lane, 0.0, lasted, turn.text, turn.starts_at_ms)


def _worked(asked: Sequence[AskedRow], started_at: datetime) -> Iterator[Bar]:
    for each in asked:
        at_ms = max(_since(each.started_at, started_at), 0)
        yield Bar("tool", "ok" if each.ok else "failed", 0.0, each.duration_ms, each.tool, at_ms)


def _since(instant: datetime, start: datetime) -> int:
    return round((instant - start) / timedelta(milliseconds=1))


def _step(whole_ms: int) -> int:
    """Milliseconds between two ticks: few enough to be read."""
    fits = (each for each in _STEPS_SECONDS if whole_ms / (each * 1000) <= _MOST_TICKS)
    return 1000 * next(fits, max(_STEPS_SECONDS[-1], whole_ms // (_MOST_TICKS * 1000)))
