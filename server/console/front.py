"""The pages outside every business: logging in and out, one's own account, what browsers load."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response

from db import users
from db.database import Database
from server.console import forms
from server.console.cookies import Cookies
from server.console.forms import Forged
from server.console.logging_in import LockedOut, LoggedIn, LoggingIn, LoginRefused
from server.console.looks import STATIC, Looks, headers, looks_for, version
from server.console.passwords import LONGEST, SHORTEST, BadPassword
from server.console.words import LANGUAGES

LOGIN: Final = "/console/login"
_FOR_EVER: Final = "private, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Front:
    """Answers whoever is not at a business yet."""

    database: Database
    logging_in: LoggingIn
    cookies: Cookies
    clock: Callable[[], datetime]

    async def visitor(self, request: Request, *, now: datetime) -> LoggedIn | None:
        """Who asks, if they are logged in."""
        token = self.cookies.session(request)
        return await self.logging_in.who(token, now=now) if token else None

    def looks(self, request: Request, visitor: LoggedIn | None, *, now: datetime) -> Looks:
        """How pages look to this browser."""
        return looks_for(
            visitor.session.language if visitor else None,
            request.headers.get("accept-language", ""),
            self.cookies.theme(request),
            now,
        )

    async def enter(self, request: Request) -> Response:
        """Where somebody belongs: the first business that they work for."""
        visitor = await self.visitor(request, now=self.clock())
        if visitor is None:
            return to_login(request)
        async with self.database.registry() as tx:
            places = await users.memberships(tx, user_id=visitor.session.user_id)
        if not places:
            return RedirectResponse("/console/account", 303)
        return RedirectResponse(f"/console/{places[0].slug}/queue", 303)

    async def show_login(self, request: Request) -> Response:
        """Ask for address and password."""
        return self._login_page(request)

    async def log_in(self, request: Request) -> Response:
        """Begin a session, or say no more than that it did not work."""
        forms.check_origin(request)
        form = await forms.read(request)
        forms.check_token(form, self.cookies.knock(request) or secrets.token_hex())
        email, now = form.get("email", ""), self.clock()
        try:
            token = await self.logging_in.log_in(email, form.get("password", ""), now=now)
        except LockedOut:
            return self._login_page(
                request, HTTPStatus.TOO_MANY_REQUESTS, "login.locked", email, form.get("next", "")
            )
        except LoginRefused:
            return self._login_page(
                request, HTTPStatus.FORBIDDEN, "login.refused", email, form.get("next", "")
            )
        response = RedirectResponse(_safe(form.get("next", "")), 303)
        self.cookies.begin(response, token)
        return response

    async def log_out(self, request: Request) -> Response:
        """End the session."""
        visitor = await self._sender(request)
        await self.logging_in.log_out(visitor.token)
        response = RedirectResponse(LOGIN, 303)
        self.cookies.end(response)
        return response

    async def show_account(self, request: Request) -> Response:
        """One's own password and language."""
        visitor = await self.visitor(request, now=self.clock())
        if visitor is None:
            return to_login(request)
        return await self._account_page(request, visitor, said=request.query_params.get("said"))

    async def change_password(self, request: Request) -> Response:
        """Replace one's own password."""
        visitor, form, now = *await self._form(request), self.clock()
        try:
            await self.logging_in.change_password(
                visitor, old=form.get("old", ""), new=form.get("new", ""), now=now
            )
        except BadPassword:
            return await self._account_page(request, visitor, error="account.bad_password")
        except LockedOut:
            return await self._account_page(request, visitor, error="login.locked")
        except LoginRefused:
            return await self._account_page(request, visitor, error="account.wrong_password")
        return RedirectResponse("/console/account?said=account.changed", 303)

    async def choose(self, request: Request) -> Response:
        """Choose a language or a theme, and come back to where one was."""
        visitor, form = await self._form(request)
        response = RedirectResponse(_safe(form.get("next", "")), 303)
        if form.get("language") in LANGUAGES:
            async with self.database.registry() as tx:
                await users.set_language(
                    tx, id=visitor.session.user_id, language=form["language"], now=self.clock()
                )
        if "theme" in form:
            self.cookies.choose_theme(response, form["theme"])
        return response

    async def asset(self, request: Request) -> Response:
        """A file of `static/`; browsers keep what has the version of now in its address."""
        path = (STATIC / request.path_params["path"]).resolve()
        if not path.is_relative_to(STATIC) or not _is_file(path):
            return Response(status_code=HTTPStatus.NOT_FOUND, headers=headers())
        is_current = request.path_params["version"] == version()
        keep = {"cache-control": _FOR_EVER} if is_current else {}
        return FileResponse(path, headers={**headers(), **keep})

    async def _sender(self, request: Request) -> LoggedIn:
        visitor, _ = await self._form(request)
        return visitor

    async def _form(self, request: Request) -> tuple[LoggedIn, forms.Form]:
        forms.check_origin(request)
        visitor = await self.visitor(request, now=self.clock())
        if visitor is None:
            raise Forged("nobody is logged in")
        form = await forms.read(request)
        forms.check_token(form, visitor.csrf)
        return visitor, form

    def _login_page(
        self,
        request: Request,
        status_code: int = 200,
        error: str | None = None,
        email: str = "",
        then: str | None = None,
    ) -> Response:
        knock = self.cookies.knock(request) or secrets.token_hex()
        response = self.looks(request, None, now=self.clock()).page(
            "login.html",
            status_code=status_code,
            values={
                "csrf": knock,
                "error": error,
                "email": email,
                "next": then if then is not None else request.query_params.get("next", ""),
            },
        )
        self.cookies.let_knock(response, knock)
        return response

    async def _account_page(
        self,
        request: Request,
        visitor: LoggedIn,
        *,
        said: str | None = None,
        error: str | None = None,
    ) -> Response:
        async with self.database.registry() as tx:
            places = await users.memberships(tx, user_id=visitor.session.user_id)
        return self.looks(request, visitor, now=self.clock()).page(
            "account.html",
            status_code=HTTPStatus.BAD_REQUEST if error else HTTPStatus.OK,
            values={
                "visitor": visitor,
                "places": places,
                "said": said,
                "error": error,
                "shortest": SHORTEST,
                "longest": LONGEST,
            },
        )


def to_login(request: Request) -> Response:
    """Log in first, then come back here."""
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    then = f"?next={quote(here)}" if request.method == "GET" and here != "/console/" else ""
    return RedirectResponse(f"{LOGIN}{then}", 303)


def _safe(path: str) -> str:
    """An address of the console; whatever else a form says leads to its front door."""
    is_ours = path.startswith("/console/") and "//" not in path and "\\" not in path
    return path if is_ours and path.isprintable() else "/console/"


def _is_file(path: Path) -> bool:
    return path.is_file()
