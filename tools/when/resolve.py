"""The entry: the words for a day and for a time, and what they mean."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from tools.when.clock import Hours, Opening
from tools.when.de import GERMAN
from tools.when.en import ENGLISH
from tools.when.heard import Heard, hear
from tools.when.language import Language
from tools.when.meaning import Meaning
from tools.when.rules import Setting
from tools.when.settle import settle
from tools.when.wish import wish_of

LANGUAGES = (ENGLISH, GERMAN)
_LONGEST = 300
"""Characters; a longer text is not an answer to "when?"."""
_UNREADABLE = "?"
_MONTH_FIRST = ("America/", "US/", "Pacific/Honolulu")
_DAY_FIRST = (
    "Europe/London",
    "Europe/Dublin",
    "Australia/",
    "Pacific/Auckland",
    "Asia/",
    "Africa/",
)


def resolve(
    date_text: str | None,
    time_text: str | None,
    *,
    now: datetime,
    zone: ZoneInfo,
    language: str,
    hours: Opening | None = None,
) -> Meaning:
    """Read when a caller wants to come, from the words that a model passes on.

    Pure: the same arguments always give the same meaning. Any string ends in one, and nothing
    is ever assumed that was not said.

    Args:
        date_text: ISO or as said. Both words may stand in one text: "tomorrow at half past two".
        time_text: The same for the time.
        now: Aware; the start of the call.
        zone: Of the line; days and wall times are its.
        language: Of the call, such as `de` or `en-GB`. The others are tried after it, because
            models translate.
        hours: The opening hours that decide between the two halves of the day, and the ends of
            parts of the day.
    """
    setting = Setting(
        now=now.astimezone(zone),
        zone=zone,
        in_time=False,
        bare_half=0,
        month_first=_month_first(language, zone),
    )
    languages = _languages(language)
    day = hear(_bounded(date_text), languages, setting)
    time = hear(
        _bounded(time_text),
        languages,
        replace(setting, in_time=True),
        day_given=day.speaks_of_day,
    )
    wish = wish_of(
        day,
        time,
        day_said=_said(date_text, day),
        time_said=_said(time_text, time),
        today=setting.today,
    )
    return settle(wish, setting, Hours(hours))


def _bounded(text: str | None) -> str:
    """A text of bounded length; what is too long says nothing that could be understood."""
    return (text or "").strip() if len(text or "") <= _LONGEST else _UNREADABLE


def _said(text: str | None, heard: Heard) -> bool:
    return bool(text and text.strip()) and "blank" not in heard.wishes


def _languages(code: str) -> Sequence[Language]:
    return sorted(LANGUAGES, key=lambda each: not code.lower().startswith(each.code))


def _month_first(language: str, zone: ZoneInfo) -> bool | None:
    """How "5/6" is read: by the country of the language, else by that of the zone."""
    if not language.lower().startswith("en"):
        return False
    if "-" in language:
        return language.lower() == "en-us"
    if zone.key.startswith(_MONTH_FIRST):
        return True
    return False if zone.key.startswith(_DAY_FIRST) else None
