"""The resolver with the setting of one imaginary practice, for tests that vary the words."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from tools.when.meaning import Meaning
from tools.when.resolve import resolve

BERLIN = ZoneInfo("Europe/Berlin")
WEDNESDAY = datetime(2026, 6, 17, 11, 25, tzinfo=BERLIN)
OPEN = (time(8), time(18))


def read(
    date_text: str | None,
    time_text: str | None = None,
    *,
    now: datetime = WEDNESDAY,
    language: str = "de",
    hours: tuple[time, time] | None = OPEN,
) -> Meaning:
    """Resolve in Berlin, by default on Wednesday, 17 June 2026 at 11:25, open from 8 to 18."""
    return resolve(
        date_text,
        time_text,
        now=now,
        zone=ZoneInfo(str(now.tzinfo)),
        language=language,
        hours=hours,
    )


def local(day: int, hour: int, minute: int = 0, *, month: int = 6) -> datetime:
    """A wall time of Berlin in 2026."""
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN)
