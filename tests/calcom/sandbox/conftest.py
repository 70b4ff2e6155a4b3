from collections.abc import AsyncIterator

import pytest

from tests.calcom.sandbox.account import Account, opened


@pytest.fixture
async def account() -> AsyncIterator[Account]:
    """The recorded account, set up, without the limits that get in a test's way."""
    account = opened()
    async with account.http:
        yield account
        await account.app.settle()
