"""Log lines: JSON, masked, and written from a thread of their own.

`opened` is entered once, at start-up; after that whoever logs through structlog or `logging` logs
here. Nothing that happens to a line can hold up or fail a call: it is put on a queue, and what the
sink cannot take is counted and dropped.
"""

import json
import logging
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from queue import SimpleQueue
from threading import Event, Thread
from time import time
from typing import TextIO

import structlog
from structlog.dev import ConsoleRenderer

from server import metrics
from server.masking import masked
from server.settings import Log

Line = MutableMapping[str, object]

_ROOM = 10_000
"""Lines that wait for a sink: some seconds of a full server. What comes after them is lost."""

_GATHERS_SECONDS = 0.02
"""Lines are written together: a thread that woke for each would take the interpreter from the event
loop each time, which costs answers more than the writing does."""

_CLOSES_WITHIN_SECONDS = 2.0
"""A sink that has not taken the last lines by then never will; the process ends regardless."""

_bound: ContextVar[dict[str, object] | None] = ContextVar("bound", default=None)

_OURS = ("booking", "calcom", "calls", "db", "server", "slotline", "tools", "uvicorn")
"""Loggers that speak at our level. The rest is heard from warnings on: httpx, for one, would write
every address that it asks, and with them the uids of bookings."""

_RECORD_FIELDS = {*logging.makeLogRecord({}).__dict__, "message", "asctime", "color_message"}
"""What `logging` itself puts on a record; anything else came in as `extra`."""


@contextmanager
def story(**fields: object) -> Iterator[None]:
    """Put `fields` on every line that is written inside, by whomever; see `bind`."""
    token = _bound.set(fields)
    try:
        yield
    finally:
        _bound.reset(token)


def bind(**fields: object) -> None:
    """Add fields to the story that is going on, for its later lines in all of its tasks."""
    if (bound := _bound.get()) is not None:
        bound.update(fields)


class Journal:
    """A sink and the thread that writes to it."""

    def __init__(self, sink: TextIO, render: Callable[[Line], str]) -> None:
        self._sink = sink
        self._render = render
        self._waiting: SimpleQueue[Line | None] = SimpleQueue()
        self._closing = Event()
        self._lost = 0
        self._thread = Thread(target=self._write_all, name="journal", daemon=True)
        self._thread.start()

    @property
    def lost(self) -> int:
        """Lines that nobody will ever read."""
        return self._lost

    def put(self, line: Line) -> None:
        """Take a line; never waits, never raises."""
        if self._waiting.qsize() >= _ROOM:
            self._lost += 1
        else:
            self._waiting.put(line)

    def close(self) -> None:
        """Write what was put so far, if the sink takes it within two seconds."""
        self._closing.set()
        self._waiting.put(None)
        self._thread.join(_CLOSES_WITHIN_SECONDS)

    def _write_all(self) -> None:
        while (line := self._waiting.get()) is not None:
            self._closing.wait(_GATHERS_SECONDS)
            gathered = [line]
            for _ in range(self._waiting.qsize()):
                if (line := self._waiting.get()) is None:
                    return self._write(gathered)
                gathered.append(line)
            self._write(gathered)
        return None

    def _write(self, lines: Sequence[Line]) -> None:
        try:
            self._sink.write("".join(map(self._rendered, lines)))
            self._sink.flush()
        except Exception:  # noqa: BLE001 - there is nobody left to tell
            self._lost += len(lines)

    def _rendered(self, line: Line) -> str:
        try:
            return self._render(line) + "\n"
        except Exception:  # noqa: BLE001 - as above; its neighbours shall be read
            self._lost += 1
            return ""


@contextmanager
def opened(log: Log, sink: TextIO = sys.stderr) -> Iterator[Journal]:
    """Send everything that is logged to `sink` until the end of the block."""
    plain = log.format == "console" or (log.format == "auto" and sink.isatty())
    journal = Journal(sink, _for_people() if plain else as_json)
    level = logging.getLevelNamesMapping()[log.level.upper()]
    structlog.configure(
        processors=[_complete],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *names: _Pen(journal, *names),
    )
    metrics.LOG_LINES_LOST.set_function(lambda: journal.lost)
    borrowed = _Borrowed(journal)
    levels = {"": max(level, logging.WARNING), **dict.fromkeys(_OURS, level)}
    levels_before = {name: logging.getLogger(name).level for name in levels}
    _set_levels(levels)
    logging.getLogger().addHandler(borrowed)
    try:
        yield journal
    finally:
        logging.getLogger().removeHandler(borrowed)
        _set_levels(levels_before)
        structlog.reset_defaults()
        journal.close()


def _set_levels(levels: Mapping[str, int]) -> None:
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def as_json(line: Line) -> str:
    """One line of JSON, without personal data; `time` is UTC."""
    return json.dumps(masked(_readable(line)), ensure_ascii=False, separators=(",", ":"))


def _for_people() -> Callable[[Line], str]:
    renderer = ConsoleRenderer(timestamp_key="time")

    def render(line: Line) -> str:
        return renderer(None, "", masked(_readable(line)))

    return render


def _readable(line: Line) -> Line:
    """Spell out what was cheaper to leave for later: the time and the traceback."""
    clock, error = line.pop("clock", None), line.pop("error", None)
    if isinstance(clock, float):
        moment = datetime.fromtimestamp(clock, UTC)
        line = {"time": f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z", **line}
    if isinstance(error, BaseException):
        line["exception"] = "".join(traceback.format_exception(error))
    return line


def _complete(_logger: object, level: str, event: Line) -> Mapping[str, object]:
    """The only step of structlog on the caller's time: what the writing thread could not know."""
    match event.pop("exc_info", None):
        case BaseException() as error:
            event["error"] = error
        case None | False:
            pass
        case _:
            event["error"] = sys.exc_info()[1]
    said = event.pop("event", "")
    return {"clock": time(), "level": level, "event": said, **(_bound.get() or {}), **event}


class _Pen:
    """What structlog calls with a finished line."""

    def __init__(self, journal: Journal, name: str | None = None) -> None:
        self._journal = journal
        self._name = name

    def _write(self, **line: object) -> None:
        if self._name:
            line["logger"] = self._name
        self._journal.put(line)

    debug = info = warning = error = critical = exception = msg = _write


class _Borrowed(logging.Handler):
    """Lines of libraries, and of our own rooms below, that log with the standard library."""

    def __init__(self, journal: Journal) -> None:
        super().__init__()
        self._journal = journal

    def emit(self, record: logging.LogRecord) -> None:
        with suppress(Exception):  # a record whose arguments do not fit its format
            line: Line = {
                "clock": record.created,
                "level": record.levelname.lower(),
                "event": record.getMessage(),
                "logger": record.name,
                **(_bound.get() or {}),
            }
            extra = record.__dict__.keys() - _RECORD_FIELDS
            line.update({name: record.__dict__[name] for name in extra})
            if record.exc_info and record.exc_info[1]:
                line["error"] = record.exc_info[1]
            self._journal.put(line)
