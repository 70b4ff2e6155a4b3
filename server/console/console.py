"""The console as a web application: its addresses, who gets past each, what goes wrong."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from http import HTTPStatus
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from db import users
from db.console import queue
from db.errors import DatabaseUnavailable
from server.console import forms
from server.console.cookies import Cookies
from server.console.forms import Forged
from server.console.front import Front, to_login
from server.console.logging_in import LoggingIn
from server.console.looks import headers
from server.console.parts import ConsoleParts
from server.console.rooms import ROOMS, Room
from server.console.visit import Visit, ranks_at_least
from server.wire import WireError

_log = logging.getLogger(__name__)

_Answer = Callable[[Request], Awaitable[Response]]

_NOT_HERE: Final = HTTPException(HTTPStatus.NOT_FOUND)
"""No such business, not one of theirs, no such page, not for their role: the same answer."""


class Console:
    """All of it, below `/console`."""

    def __init__(self, parts: ConsoleParts) -> None:
        self._parts = parts
        self._front = Front(
            parts.database,
            LoggingIn(parts.database),
            Cookies(is_https=parts.is_https),
            parts.clock,
        )

    def close(self) -> None:
        """End what never ends by itself, so that the server can stop."""
        self._parts.live.close()

    @property
    def routes(self) -> list[BaseRoute]:
        """For the server's application."""
        return [
            Route("/console", _to_front_door, include_in_schema=False),
            Mount("/console", self._application()),
        ]

    def _application(self) -> Starlette:
        front = self._front
        return Starlette(
            routes=[
                Route("/", front.enter),
                Route("/login", front.show_login, methods=["GET"]),
                Route("/login", front.log_in, methods=["POST"]),
                Route("/logout", front.log_out, methods=["POST"]),
                Route("/account", front.show_account, methods=["GET"]),
                Route("/account/password", front.change_password, methods=["POST"]),
                Route("/choose", front.choose, methods=["POST"]),
                Route("/static/{version}/{path:path}", front.asset),
                *(
                    Route(f"/{{business}}{room.path}", self._door(room), methods=[room.method])
                    for room in ROOMS
                ),
            ],
            exception_handlers={
                HTTPException: self._refused,
                Forged: self._forged,
                WireError: self._unreadable,
                DatabaseUnavailable: self._unavailable,
                Exception: self._broken,
            },
        )

    def _door(self, room: Room) -> _Answer:
        async def answer(request: Request) -> Response:
            now = self._parts.clock()
            if room.method == "POST":
                forms.check_origin(request)
            visitor = await self._front.visitor(request, now=now)
            if visitor is None:
                return to_login(request)
            async with self._parts.database.registry() as tx:
                places = await users.memberships(tx, user_id=visitor.session.user_id)
            slug = request.path_params["business"]
            place = next((each for each in places if each.slug == slug), None)
            if place is None or not ranks_at_least(place.role, room.role):
                raise _NOT_HERE
            form: forms.Form = {}
            if room.method == "POST":
                form = await forms.read(request)
                forms.check_token(form, visitor.csrf)
            access = await self._parts.directory.access(slug)
            if access is None:
                raise _NOT_HERE
            looks = self._front.looks(request, visitor, now=now)
            async with self._parts.database.single(place.business_id) as tx:
                waiting = await queue.waiting(tx, now=now)
            return await room.page(
                self._parts,
                Visit(
                    request=request,
                    visitor=visitor,
                    places=places,
                    business=access.business,
                    role=place.role,
                    form=form,
                    looks=replace(looks, zone=access.business.timezone),
                    waiting=waiting,
                    now=now,
                ),
            )

        return answer

    async def _refused(self, request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else HTTPStatus.NOT_FOUND
        return self._sorry(request, status)

    async def _forged(self, request: Request, error: Exception) -> Response:
        _log.warning("console_form_refused", extra={"path": request.url.path, "why": str(error)})
        return self._sorry(request, HTTPStatus.FORBIDDEN)

    async def _unreadable(self, request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, WireError) else HTTPStatus.BAD_REQUEST
        return self._sorry(request, status)

    async def _unavailable(self, request: Request, _error: Exception) -> Response:
        return self._sorry(request, HTTPStatus.SERVICE_UNAVAILABLE)

    async def _broken(self, request: Request, _error: Exception) -> Response:
        """The traceback is in the log: the server writes it there."""
        return self._sorry(request, HTTPStatus.INTERNAL_SERVER_ERROR)

    def _sorry(self, request: Request, status_code: int) -> Response:
        looks = self._front.looks(request, None, now=self._parts.clock())
        known = {403, 404, 503}
        key = f"sorry.{status_code}" if status_code in known else "sorry.other"
        return looks.page("sorry.html", status_code=status_code, values={"key": key})


async def _to_front_door(_request: Request) -> Response:
    return RedirectResponse("/console/", 303, headers=headers())
