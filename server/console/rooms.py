"""Which pages there are, and who may enter: every address of the console stands here."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from db.states import UserRole
from server.console.parts import ConsoleParts
from server.console.visit import Visit

Page = Callable[[ConsoleParts, Visit], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Room:
    """A page of a business, or what one of its forms does."""

    method: str
    path: str
    """Below `/console/{business}`."""
    role: UserRole
    """Who may at least."""
    page: Page


ROOMS: Final[Sequence[Room]] = ()
