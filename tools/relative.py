"""Words that speak of a new time by where an appointment stands: an hour later, the same time."""

from datetime import datetime, timedelta

from tools.tool import ToolContext
from tools.when.meaning import Day, Instant
from tools.wish import resolved


def on_their_own(
    said_date: str | None, said_time: str | None, *, stands_at: datetime, context: ToolContext
) -> tuple[str | None, str | None]:
    """A day and a time that need nothing else to be understood; others come back as they are.

    Args:
        said_date: As said.
        said_time: As said.
        stands_at: Where the appointment stands, in local time.
        context: Whose words.
    """
    words = context.words
    both = " ".join(part for part in (said_date, said_time) if part)
    if words.same_time.search(both):
        other_day = words.same_time.sub(" ", both).strip()
        return other_day or stands_at.date().isoformat(), f"{stands_at:%H:%M}"
    for text, day in ((said_time, said_date), (said_date, None)):
        for mark, sign in ((words.later, 1), (words.earlier, -1)):
            if text and mark.search(text):
                away = _away(mark.sub(" ", text), stands_at, context)
                if away is not None:
                    to = stands_at + sign * away
                    return day or to.date().isoformat(), f"{to:%H:%M}"
    return said_date, said_time


def _away(said: str, stands_at: datetime, context: ToolContext) -> timedelta | None:
    """How far "half an hour" is, and "a week"."""
    match resolved(f"in {said.strip()}", None, context, now=stands_at):
        case Instant(start=start):
            return start - stands_at
        case Day(day=day):
            return day - stands_at.date()
        case _:
            return None
