"""Which pages there are, and who may enter: every address of a business stands here."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from db.states import UserRole
from server.console.pages import (
    audit,
    booking,
    callbacks,
    calls,
    customers,
    health,
    matter,
    prompts,
    queue,
    recording,
)
from server.console.parts import ConsoleParts
from server.console.visit import Visit

Page = Callable[[ConsoleParts, Visit], Awaitable[Response]]

_STAFF: Final = UserRole.STAFF
_OPS: Final = UserRole.OPS
_ADMIN: Final = UserRole.ADMIN

_MATTER: Final = "/matters/{matter:uuid}"
_CUSTOMER: Final = "/customers/{customer:uuid}"
_BOOKING: Final = f"{_MATTER}/bookings/{{booking:uuid}}"


@dataclass(frozen=True, slots=True)
class Room:
    """A page of a business, or what one of its forms does."""

    role: UserRole
    """Who may enter at least."""
    method: str
    path: str
    """Below `/console/{business}`."""
    page: Page


ROOMS: Final[Sequence[Room]] = (
    Room(_STAFF, "GET", "/queue", queue.show),
    Room(_STAFF, "GET", "/queue/list", queue.show_list),
    Room(_STAFF, "GET", "/queue/events", queue.listen),
    Room(_STAFF, "GET", _MATTER, matter.show),
    Room(_STAFF, "POST", f"{_MATTER}/assign", queue.assign),
    Room(_STAFF, "POST", f"{_MATTER}/comment", matter.comment),
    Room(_STAFF, "POST", f"{_MATTER}/resolve", matter.resolve),
    Room(_STAFF, "POST", f"{_MATTER}/reopen", matter.reopen),
    Room(_STAFF, "POST", f"{_MATTER}/callback", booking.call_back),
    Room(_STAFF, "GET", f"{_BOOKING}/move", booking.show_move),
    Room(_STAFF, "POST", f"{_BOOKING}/move", booking.move),
    Room(_STAFF, "POST", f"{_BOOKING}/cancel", booking.cancel),
    Room(_STAFF, "POST", f"{_BOOKING}/accept", booking.accept),
    Room(_STAFF, "GET", "/recordings/{recording:uuid}", recording.listen),
    Room(_STAFF, "GET", "/callbacks", callbacks.show),
    Room(_STAFF, "POST", "/callbacks/{task:uuid}", callbacks.close),
    Room(_STAFF, "GET", "/customers", customers.show),
    Room(_STAFF, "GET", _CUSTOMER, customers.show_one),
    Room(_STAFF, "POST", f"{_CUSTOMER}/merge", customers.merge),
    Room(_ADMIN, "POST", f"{_CUSTOMER}/erase", customers.erase),
    Room(_OPS, "POST", f"{_MATTER}/scenario", matter.draft),
    Room(_OPS, "GET", "/calls", calls.show),
    Room(_OPS, "GET", "/health", health.show),
    Room(_OPS, "POST", "/health/compare", health.compare),
    Room(_OPS, "POST", "/health/failures/{failure:uuid}/settle", health.settle),
    Room(_OPS, "GET", "/prompts", prompts.show),
    Room(_OPS, "GET", "/prompts/runs/{run}", prompts.report),
    Room(_ADMIN, "GET", "/audit", audit.show),
)
