"""People at the console: who they are, and how they ask without a browser."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import httpx

from db.database import Database
from db.states import UserRole
from slotline.people import add_to
from tests.servers import Addresses

PASSWORD: Final = "correct horse battery"

_TOKEN: Final = re.compile(r'name="csrf" value="([^"]+)"')


def address(role: UserRole) -> str:
    return f"{role.value}@praxis.example"


async def employ(addresses: Addresses, *, slug: str, now: datetime) -> None:
    """One person of each role works for a business."""
    async with Database.connect(addresses.database_owner_url, role=None) as owner:
        for role in UserRole:
            await add_to(
                owner,
                address(role),
                name=f"{role.value.title()} Person",
                slug=slug,
                role=role,
                password=PASSWORD,
                language="en",
                now=now,
            )


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a browser that runs no scripts."""

    http: httpx.AsyncClient

    async def log_in(self, email: str, password: str = PASSWORD, **more: str) -> httpx.Response:
        page = await self.http.get("/console/login")
        form = {"csrf": token_of(page), "email": email, "password": password, **more}
        return await self.http.post("/console/login", data=form)

    async def see(self, path: str) -> httpx.Response:
        return await self.http.get(path)

    async def press(
        self, page: str, action: str, form: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """Send a form of a page."""
        token = token_of(await self.http.get(page))
        return await self.http.post(action, data={"csrf": token, **(form or {})})


def token_of(page: httpx.Response) -> str:
    found = _TOKEN.search(page.text)
    assert found, (page.status_code, page.text[:500])
    return found[1]
