"""Log lines are JSON, carry the call's story, hide people, and never hold anybody up."""

import asyncio
import io
import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import structlog

from server import journal
from server.settings import Log

_log = structlog.get_logger("tests.journal")


@contextmanager
def _written(level: str = "info", form: str = "json") -> Iterator[list[dict[str, Any]]]:
    """Lines appear when the block ends."""
    sink, lines = io.StringIO(), list[dict[str, Any]]()
    with journal.opened(Log.model_validate({"level": level, "format": form}), sink):
        yield lines
    lines += [json.loads(line) for line in sink.getvalue().splitlines()]


def test_a_line_is_json_with_time_level_and_fields() -> None:
    with _written() as lines:
        _log.info("tool_call", tool="book", ms=12.5)
    (line,) = lines
    assert list(line)[:3] == ["time", "level", "event"]
    assert line["time"].endswith("Z")
    assert line | {"level": "info", "event": "tool_call", "tool": "book", "ms": 12.5} == line
    assert line["logger"] == "tests.journal"


def test_lines_of_the_standard_library_are_the_same() -> None:
    with _written() as lines:
        logging.getLogger("uvicorn.error").warning(
            "took %d s", 3, extra={"caller": "+493023125010"}
        )
    (line,) = lines
    assert line["event"] == "took 3 s"
    assert line["level"] == "warning"
    assert line["logger"] == "uvicorn.error"
    assert line["caller"] == "+49…10"


async def test_the_story_is_told_on_every_line_of_its_tasks() -> None:
    async def deeper() -> None:
        journal.bind(call="c-1")
        logging.getLogger("booking.below").error("in a task of its own")

    with _written() as lines:
        with journal.story(business="demo"):
            await asyncio.create_task(deeper())
            _log.info("after")
        _log.info("outside")
    inside, after, outside = lines
    assert (inside["business"], inside["call"]) == ("demo", "c-1")
    assert (after["business"], after["call"]) == ("demo", "c-1")
    assert "business" not in outside


async def test_two_stories_at_once_do_not_mix() -> None:
    async def one(call: str) -> None:
        with journal.story(business=call):
            await asyncio.sleep(0)
            journal.bind(call=call)
            await asyncio.sleep(0)
            _log.info("told")

    with _written() as lines:
        await asyncio.gather(*(one(str(number)) for number in range(5)))
    assert [(line["business"], line["call"]) for line in lines] == [
        (str(n), str(n)) for n in range(5)
    ]


def test_binding_outside_a_story_changes_nothing() -> None:
    with _written() as lines:
        journal.bind(call="c-1")
        _log.info("alone")
    assert "call" not in lines[0]


def test_a_traceback_is_in_the_log_and_masked() -> None:
    with _written() as lines:
        try:
            int("no customer on +493023125010")
        except ValueError:
            _log.exception("fault")
            logging.getLogger("booking.below").exception("fault")
    for line in lines:
        assert line["level"] == "error"
        assert "Traceback" in line["exception"]
        assert "no customer on +49…10" in line["exception"]


def test_what_is_below_the_level_is_not_written() -> None:
    with _written(level="warning") as lines:
        _log.info("quiet")
        logging.getLogger("booking.below").info("quiet")
        _log.warning("loud")
    assert [line["event"] for line in lines] == ["loud"]


def test_libraries_are_heard_from_warnings_on() -> None:
    """httpx would write every address that it asks, the uids of bookings included."""
    with _written() as lines:
        logging.getLogger("httpx").info("HTTP Request: GET https://api.cal.com/v2/bookings/abc")
        logging.getLogger("httpx").warning("GET https://api.cal.com/v2/bookings/abc failed")
    assert [line["event"] for line in lines] == [
        "GET https://api.cal.com/v2/bookings/[secret] failed"
    ]


def test_people_on_a_terminal_get_words() -> None:
    sink = io.StringIO()
    with journal.opened(Log(format="console"), sink):
        _log.info("tool_call", tool="book", caller="+493023125010")
    assert "tool_call" in sink.getvalue()
    assert "+49…10" in sink.getvalue()
    assert not sink.getvalue().startswith("{")


class _Broken(io.StringIO):
    def write(self, _text: str) -> int:
        raise OSError("no space left on device")


def test_a_broken_sink_fails_nobody_and_is_counted() -> None:
    """An appointment once failed because a log file could not be written."""
    with journal.opened(Log(format="json"), _Broken()) as broken:
        _log.info("tool_call")
        _log.info("tool_call")
    assert broken.lost == 2


class _Stuck(io.StringIO):
    def __init__(self) -> None:
        super().__init__()
        self.reached, self.released = threading.Event(), threading.Event()

    def write(self, text: str) -> int:
        self.reached.set()
        self.released.wait()
        return super().write(text)


def test_a_stuck_sink_holds_nobody_up_and_what_it_cannot_take_is_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(journal, "_ROOM", 3)
    sink = _Stuck()
    with journal.opened(Log(format="json"), sink) as stuck:
        _log.info("first")
        sink.reached.wait()
        for _ in range(5):  # would never end if a line waited for the sink
            _log.info("more")
        assert stuck.lost == 2
        sink.released.set()
    assert len(sink.getvalue().splitlines()) == 4


def test_a_line_that_cannot_be_rendered_is_counted() -> None:
    class Unspeakable:
        def __str__(self) -> str:
            raise RuntimeError("no words")

    with _written() as lines:
        _log.info("odd", thing=Unspeakable())
        _log.info("fine")
    assert [line["event"] for line in lines] == ["fine"]
