"""The demo's day of calls: what is committed can be played, told and heard."""

import tomllib
from pathlib import Path

from calls.recordings.audio import HEAD_BYTES, recognise
from slotline.demo import calls_of_a_day
from slotline.demo.calls_of_a_day import day
from tools import catalogue

_DAY = Path(calls_of_a_day.__file__).with_name("day")


def test_what_is_played_is_what_the_script_says() -> None:
    """Whoever changes the script speaks it again: `scripts/demo_day.py`."""
    script = tomllib.loads((_DAY / "script.toml").read_text(encoding="utf-8"))["calls"]
    assert [call["id"] for call in script] == [call.id for call in day()]
    for told, call in zip(script, day(), strict=True):
        said = [(kind, what) for kind, what, *_ in told["lines"] if kind in {"agent", "caller"}]
        asked = [(what, rest[0]) for kind, what, *rest in told["lines"] if kind == "tool"]
        assert [(turn.role.value, turn.text) for turn in call.turns] == said
        assert [(tool.tool, tool.arguments) for _, tool in call.tools] == asked


def test_a_call_has_its_times_in_order_and_can_be_heard() -> None:
    for call in day():
        times = [at for turn in call.turns for at in (turn.starts_at_ms, turn.ends_at_ms)]
        assert None not in times
        assert times == sorted(times, key=lambda at: at or 0)
        assert all(at_ms < call.lasts_ms for at_ms, _ in call.tools)
        assert {tool.tool for _, tool in call.tools} <= set(catalogue.TOOLS)
        known = recognise(call.sound[:HEAD_BYTES])
        assert known
        assert known.media_type == "audio/ogg"
    assert sum(len(call.sound) for call in day()) < 1_000_000
