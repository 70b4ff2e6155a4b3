"""Frameworks for voice agents on one side, our real server over HTTP on the other.

`make test-platforms` installs the frameworks into an environment of their own and runs these.
"""

from collections.abc import AsyncIterator
from importlib.util import find_spec

import pytest

from tests.practice import ADA, LINE, Practice
from tests.server.agent.scripted import Says
from tests.server.platforms.switchboard import SECRETS, Switchboard, connected
from tests.servers import Addresses
from tests.serving import on_a_port

collect_ignore_glob = [
    f"test_{name}.py"
    for name, package in {"livekit": "livekit", "pipecat": "pipecat"}.items()
    if find_spec(package) is None
]

SCRIPT: list[Says] = [
    {"check_availability": {"service": "check-up", "date": "tomorrow", "time": "10:00"}},
    "Shall I book it?",
    {"book": {"slot": "A", "confirmed": True}},
    "It is booked.",
]
OF_ADA = {"caller": ADA, "line": LINE}


@pytest.fixture
async def switchboard(
    practice: Practice, addresses: Addresses, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Switchboard]:
    """The practice's server on a port, and the environment that the examples read."""
    async with (
        connected(practice, addresses) as switchboard,
        on_a_port(switchboard.app) as url,
    ):
        monkeypatch.setenv("SLOTLINE_URL", f"{url}/v1/{practice.slug}")
        monkeypatch.setenv("SLOTLINE_API_KEY", SECRETS["api_key"])
        yield switchboard


async def booked_once(switchboard: Switchboard, platform: str) -> None:
    """The same, whichever framework has led the call."""
    (booking,) = await switchboard.practice.bookings_at_calcom()
    assert booking["start"] == "2026-02-11T09:00:00.000Z"
    await switchboard.settle()
    (call,) = await switchboard.calls()
    assert (call["platform"], call["platform_call_id"]) == (platform, "call_of_ada")
    assert call["caller_number"] == OF_ADA["caller"]
