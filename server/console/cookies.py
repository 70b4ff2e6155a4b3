"""The console's cookies: a session, how it looks, and what ties the login form to its browser."""

from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from server.console.logging_in import LONGEST

_YEAR: Final = 365 * 24 * 3600
THEMES: Final = ("light", "dark")


@dataclass(frozen=True, slots=True)
class Cookies:
    """Reads and writes them. With https their names forbid that anybody else on the host sets them.

    Source: https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis, `__Host-`.
    """

    is_https: bool

    def session(self, request: Request) -> str | None:
        """The token of a session, if the browser has one."""
        return request.cookies.get(self._name("session")) or None

    def begin(self, response: Response, token: str) -> None:
        """Give the browser a session."""
        self._set(response, "session", token, seconds=int(LONGEST.total_seconds()))

    def end(self, response: Response) -> None:
        """Take the session away again."""
        self._set(response, "session", "", seconds=0)

    def knock(self, request: Request) -> str | None:
        """What the login form must carry, too."""
        return request.cookies.get(self._name("login")) or None

    def let_knock(self, response: Response, secret: str) -> None:
        """Tie a login form to this browser: nobody can have others log in as somebody else."""
        self._set(response, "login", secret, seconds=3600)

    def theme(self, request: Request) -> str | None:
        """`light` or `dark`; `None`: as the system has it."""
        chosen = request.cookies.get("slotline_theme")
        return chosen if chosen in THEMES else None

    def choose_theme(self, response: Response, theme: str) -> None:
        """Remember how the console shall look in this browser; anything else: as the system has."""
        known = theme in THEMES
        response.set_cookie(
            "slotline_theme",
            theme if known else "",
            max_age=_YEAR if known else 0,
            path="/console",
            secure=self.is_https,
            httponly=True,
            samesite="lax",
        )

    def _name(self, what: str) -> str:
        return f"__Host-slotline_{what}" if self.is_https else f"slotline_{what}"

    def _set(self, response: Response, what: str, value: str, *, seconds: int) -> None:
        response.set_cookie(
            self._name(what),
            value,
            max_age=seconds,
            path="/",
            secure=self.is_https,
            httponly=True,
            samesite="lax",
        )
