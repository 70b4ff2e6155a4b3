"""A practice whose people work at the console."""

from collections.abc import AsyncIterator, Callable

import httpx
import pytest
from fastapi import FastAPI

from db.states import UserRole
from server.app import create_app
from tests.practice import Practice
from tests.server.console.people import Person, address, employ
from tests.servers import Addresses


@pytest.fixture
async def app(addresses: Addresses, practice: Practice) -> FastAPI:
    await employ(addresses, slug=practice.slug, now=practice.clock())
    return create_app(practice.parts)


@pytest.fixture
async def strangers(app: FastAPI) -> AsyncIterator[Callable[[], Person]]:
    """Makes people with a browser of their own, who are not logged in."""
    opened: list[httpx.AsyncClient] = []

    def stranger() -> Person:
        transport = httpx.ASGITransport(app)
        opened.append(httpx.AsyncClient(transport=transport, base_url="http://slotline.test"))
        return Person(opened[-1])

    yield stranger
    for http in opened:
        await http.aclose()


@pytest.fixture
async def stranger(strangers: Callable[[], Person]) -> Person:
    return strangers()


@pytest.fixture
async def staff(strangers: Callable[[], Person]) -> Person:
    person = strangers()
    await person.log_in(address(UserRole.STAFF))
    return person


@pytest.fixture
async def ops(strangers: Callable[[], Person]) -> Person:
    person = strangers()
    await person.log_in(address(UserRole.OPS))
    return person


@pytest.fixture
async def admin(strangers: Callable[[], Person]) -> Person:
    person = strangers()
    await person.log_in(address(UserRole.ADMIN))
    return person
