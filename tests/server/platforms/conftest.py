"""What tests of platforms share."""

from collections.abc import AsyncIterator

import pytest

from tests.practice import Practice
from tests.server.platforms.switchboard import Switchboard, connected
from tests.servers import Addresses


@pytest.fixture
async def switchboard(practice: Practice, addresses: Addresses) -> AsyncIterator[Switchboard]:
    async with connected(practice, addresses) as switchboard:
        yield switchboard
