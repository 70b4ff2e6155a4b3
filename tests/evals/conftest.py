"""Seats for trials, over the databases of the test run."""

from collections.abc import AsyncIterator

import pytest

from evals.seat import Seat
from slotline.embedded.copies import Copy
from slotline.evaluating.house import open_seat
from tests.servers import Addresses


@pytest.fixture(scope="session")
async def seat(addresses: Addresses) -> AsyncIterator[Seat]:
    """A server, a worker and a database that each trial empties before it begins."""
    copy = Copy(
        addresses.database_url,
        addresses.database_owner_url,
        addresses.redis_url,
        addresses.superuser_url,
    )
    async with open_seat(copy) as seat:
        yield seat
