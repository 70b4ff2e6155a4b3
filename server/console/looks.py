"""What a page is made with: templates, words, how days and numbers are written."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache
from hashlib import sha256
from pathlib import Path
from secrets import token_urlsafe
from typing import Final

from babel.dates import format_date, format_datetime, format_time, format_timedelta
from babel.numbers import format_decimal
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from calls.flags import FlagWords, words_for
from calls.numbers import spaced
from db.states import FlagKind
from server.console.words import LANGUAGES, Words, words_in

_FOLDER: Final = Path(__file__).parent
STATIC: Final = _FOLDER / "static"

_JUST_NOW: Final = timedelta(minutes=1)

_HEADERS: Final = {
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cache-control": "no-store",
}


@dataclass(frozen=True, slots=True)
class Looks:
    """How pages look to one browser, now."""

    words: Words
    theme: str | None
    zone: tzinfo
    now: datetime

    def page(
        self, template: str, /, *, values: Mapping[str, object], status_code: int = 200
    ) -> Response:
        """A page. Everything that a caller, a model or a colleague said in it is text."""
        nonce = token_urlsafe(16)
        html = (
            _templates()
            .get_template(template)
            .render(
                t=self.words,
                looks=self,
                nonce=nonce,
                assets=f"/console/static/{version()}",
                **values,
            )
        )
        return HTMLResponse(html, status_code, headers=headers(nonce))

    def day(self, moment: datetime | date, form: str = "EEE d MMM") -> str:
        """`Tue 10 Feb`."""
        local = moment.astimezone(self.zone) if isinstance(moment, datetime) else moment
        return format_date(local, form, locale=self.words.language)

    def time(self, moment: datetime) -> str:
        """`14:30`, or `2:30 PM`."""
        return format_time(moment, "short", tzinfo=self.zone, locale=self.words.locale)

    def moment(self, moment: datetime) -> str:
        """Day and time, the day left out today."""
        local = moment.astimezone(self.zone)
        if local.date() == self.now.astimezone(self.zone).date():
            return self.time(moment)
        return f"{self.day(moment)}, {self.time(moment)}"

    def exact(self, moment: datetime) -> str:
        """Everything, for a tool tip."""
        return format_datetime(moment, "full", tzinfo=self.zone, locale=self.words.locale)

    def ago(self, moment: datetime) -> str:
        """`5 minutes ago`, or `in 2 hours`."""
        if abs(moment - self.now) < _JUST_NOW:
            return self.words("just_now")
        return format_timedelta(
            moment - self.now, add_direction=True, threshold=1.2, locale=self.words.language
        )

    def clock(self, milliseconds: float | None) -> str:
        """A place in a call: `1:05`."""
        if milliseconds is None:
            return "–"
        seconds = max(0, round(milliseconds / 1000))
        return f"{seconds // 60}:{seconds % 60:02d}"

    def lasting(self, span: timedelta | None) -> str:
        """How long something took: `1:05`."""
        return self.clock(span.total_seconds() * 1000 if span is not None else None)

    def milliseconds(self, value: float | None) -> str:
        """`7 ms`, `1.2 s`."""
        if value is None:
            return "–"
        if value < 1000:  # noqa: PLR2004 - a second
            return f"{self.number(value)} ms"
        return f"{format_decimal(value / 1000, '0.0', locale=self.words.language)} s"

    def number(self, value: float) -> str:
        """Whole, in the language's groups of digits."""
        return format_decimal(round(value), locale=self.words.language)

    def percent(self, part: float, whole: float) -> str:
        """`97.5 %`; a dash of nothing."""
        if not whole:
            return "–"
        return f"{format_decimal(100 * part / whole, '0.#', locale=self.words.language)} %"

    def phone(self, number: str | None) -> str:
        """A number as people write it."""
        return spaced(number) if number else self.words("number.hidden")

    def flag(self, kind: str) -> FlagWords:
        """What is odd, and what to do about it; as it is called where a newer release said so."""
        if kind in set(FlagKind):
            return words_for(FlagKind(kind), self.words.language)
        return FlagWords(kind.replace("_", " "), "")

    def initials(self, name: str) -> str:
        """`AB`, for a picture of somebody."""
        return "".join(part[0] for part in name.split()[:2]).upper()

    def json(self, value: object) -> str:
        """A structure, for people."""
        return json.dumps(value, indent=2, ensure_ascii=False, default=str)


def looks_for(language: str | None, accepted: str, theme: str | None, now: datetime) -> Looks:
    """How pages look before anybody has chosen a business.

    Args:
        language: What somebody has chosen.
        accepted: `Accept-Language`, if nobody has.
        theme: `light`, `dark`, or as the system has it.
        now: When.
    """
    return Looks(words_in(language or _preferred(accepted)), theme, UTC, now)


def headers(nonce: str = "") -> Mapping[str, str]:
    """What every answer of the console carries. No script or style stands in a page itself."""
    styles = f"'self' 'nonce-{nonce}'" if nonce else "'self'"
    policy = (
        "default-src 'none'; script-src 'self'; "
        f"style-src {styles}; img-src 'self' data:; font-src 'self'; media-src 'self' blob:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    return {**_HEADERS, "content-security-policy": policy}


@cache
def version() -> str:
    """Changes with any file of `static/`, so that browsers may keep them for ever."""
    digest = sha256()
    for path in sorted(STATIC.rglob("*")):
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(_FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _preferred(accepted: str) -> str:
    """The first language that a browser asks for and we have; they list the best one first."""
    for part in accepted.split(","):
        language = part.partition(";")[0].strip().lower()[:2]
        if language in LANGUAGES:
            return language
    return "en"
