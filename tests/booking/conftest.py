"""The desk's own fixtures."""

import pytest

from tests.booking.scene import Scene, furnish
from tests.practice import Practice
from tests.servers import Addresses


@pytest.fixture
async def scene(practice: Practice, addresses: Addresses) -> Scene:
    """A practice with every kind of event type, seen from the desk."""
    await furnish(practice, addresses)
    access = await practice.parts.directory.access(practice.slug)
    assert access
    return Scene(practice, access.business, addresses)
