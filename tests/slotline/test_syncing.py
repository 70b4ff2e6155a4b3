"""`slotline business sync` as people run it, against a Cal.com that answers over HTTP."""

import pytest

from tests.practice import Practice
from tests.servers import Addresses
from tests.slotline.command import Command, slotline_at
from tests.slotline.test_reconciling import calcom

pytestmark = pytest.mark.slow

__all__ = ["calcom"]


async def sync(addresses: Addresses, calcom: str, *words: str) -> Command:
    return await slotline_at(addresses, "business", "sync", *words, calcom=calcom)


async def test_it_takes_over_and_says_what(
    practice: Practice, addresses: Addresses, calcom: str
) -> None:
    world = practice.calendar.state.sandbox.world
    world.event_types[3].length_minutes = 50

    tried = await sync(addresses, calcom, "praxis", "--dry-run")
    done = await sync(addresses, calcom, "praxis")
    again = await sync(addresses, calcom, "praxis")

    line = ["cleaning", "3", "length_minutes", "45", "50"]
    assert tried[0] == done[0] == again[0] == 0
    assert "would be taken over" in tried[1]
    assert line in [each.split() for each in tried[1].splitlines()]
    assert line in [each.split() for each in done[1].splitlines()]
    assert "praxis: 4 event types looked at, nothing to take over" in again[1]


async def test_a_broken_link_is_named_and_the_command_fails(
    practice: Practice, addresses: Addresses, calcom: str
) -> None:
    world = practice.calendar.state.sandbox.world
    world.remove(world.event_types[1])

    code, said = await sync(addresses, calcom, "praxis")

    assert code == 1
    assert "broken: checkup 1" in said


async def test_a_business_that_is_not_there_is_one_line(
    practice: Practice, addresses: Addresses, calcom: str
) -> None:
    code, said = await sync(addresses, calcom, "nobody")
    assert (code, said.count("\n")) == (1, 1)
    assert "nobody" in said
