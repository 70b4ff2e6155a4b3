"""The order of a call, and how long its parts took."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from db.call_reports import TurnRow
from db.console.call import AskedRow
from db.states import Role
from server.console.timeline import WIDTH, timeline, waterfall

_START = datetime(2026, 2, 10, 9, tzinfo=UTC)


def _turn(position: int, starts_at_ms: int | None, ends_at_ms: int | None = None) -> TurnRow:
    return TurnRow(position, tuple(Role)[position % 2], f"{position}", starts_at_ms, ends_at_ms)


def _asked(at_ms: int, duration_ms: float = 50.0, *, ok: bool = True) -> AskedRow:
    at = _START + timedelta(milliseconds=at_ms)
    return AskedRow(uuid4(), "book", {}, "booked", ok, {}, at, duration_ms)


def _order(turns: list[TurnRow], asked: list[AskedRow]) -> str:
    moments = timeline(turns, asked, started_at=_START)
    return "".join(each.turn.text if each.turn else "t" for each in moments)


def test_tool_calls_stand_where_they_were_made() -> None:
    turns = [_turn(0, 0), _turn(1, 2000), _turn(2, 5000)]
    assert _order(turns, [_asked(1500), _asked(1600), _asked(9000)]) == "0tt12t"
    assert _order(turns, [_asked(-300)]) == "t012"
    assert _order([], [_asked(0)]) == "t"


def test_without_times_they_come_last() -> None:
    assert _order([_turn(0, None), _turn(1, None)], [_asked(100)]) == "01t"


def test_the_waterfall_shows_the_whole_call() -> None:
    shown = waterfall(
        [_turn(0, 0, 4000), _turn(1, 5000, None)],
        [_asked(4000, 1000.0), _asked(5000, ok=False)],
        started_at=_START,
        ended_at=_START + timedelta(seconds=10),
    )
    assert shown
    assert [(bar.lane, bar.kind) for bar in shown.bars] == [
        ("agent", "agent"),
        ("tool", "ok"),
        ("caller", "caller"),
        ("tool", "failed"),
    ]
    assert [(bar.x, bar.width) for bar in shown.bars[:2]] == [(0, 240), (240, 60)]
    assert shown.ticks[-1] == (WIDTH, 10_000)
    assert len(shown.ticks) == 11


def test_a_call_of_hours_has_few_ticks_and_one_of_nothing_no_waterfall() -> None:
    long = waterfall([_turn(0, 9_000_000, 9_000_100)], [], started_at=_START, ended_at=None)
    assert long
    assert len(long.ticks) <= 12
    assert waterfall([_turn(0, None)], [], started_at=_START, ended_at=None) is None
