"""One request of somebody who is logged in, at one business."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from booking.business import Business
from db.console.queue import WaitingRow
from db.states import UserRole
from db.users import MembershipRow
from server.console.forms import Form
from server.console.logging_in import LoggedIn
from server.console.looks import Looks

_RANKS = {role: rank for rank, role in enumerate((UserRole.STAFF, UserRole.OPS, UserRole.ADMIN))}


@dataclass(frozen=True, slots=True)
class Visit:
    """Who asks, where, and with what."""

    request: Request
    visitor: LoggedIn
    places: Sequence[MembershipRow]
    """Where else they work."""
    business: Business
    role: UserRole
    form: Form
    """Of a POST, its token checked; else empty."""
    looks: Looks
    waiting: WaitingRow
    """How much waits for people here: shown beside every page."""
    now: datetime

    @property
    def user_id(self) -> UUID:
        return self.visitor.session.user_id

    @property
    def home(self) -> str:
        """The address of this business's part of the console."""
        return f"/console/{self.business.slug}"

    @property
    def query(self) -> Mapping[str, str]:
        return self.request.query_params

    @property
    def is_ops(self) -> bool:
        return ranks_at_least(self.role, UserRole.OPS)

    @property
    def is_admin(self) -> bool:
        return ranks_at_least(self.role, UserRole.ADMIN)

    @property
    def here(self) -> str:
        """The address of this page, to come back to."""
        url = self.request.url
        return f"{url.path}?{url.query}" if url.query else url.path

    def back_to(self, page: str) -> str:
        """Where a form leads: to the page, or to the list that it was sent from."""
        return "/queue" if self.form.get("back") == "queue" else page

    def path_id(self, name: str) -> UUID:
        """An id in the address; the route has checked that it is one."""
        return UUID(str(self.request.path_params[name]))

    def page(self, template: str, /, **values: object) -> Response:
        """A page of this business."""
        return self.looks.page(template, values={"visit": self, **values})

    def go(self, path: str, *, said: str | None = None, sorry: str | None = None) -> Response:
        """Leave a form for a page of this business, and say there what became of it.

        Args:
            path: Below the business, such as `/queue`.
            said: What was done: a key of the words without its `said.`.
            sorry: Why it was not: a key without its `sorry.`.
        """
        told = f"said={said}" if said else f"sorry={sorry}" if sorry else ""
        mark = "&" if "?" in path else "?"
        return RedirectResponse(f"{self.home}{path}{mark if told else ''}{told}", 303)


def ranks_at_least(role: UserRole, wanted: UserRole) -> bool:
    """Whether a role may also do what another may."""
    return _RANKS[role] >= _RANKS[wanted]
