"""`slotline reconcile` as people run it, against a Cal.com that answers over HTTP."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from server.serve import listen, serve
from tests.practice import BERLIN, Practice
from tests.servers import Addresses
from tests.slotline.command import Command, slotline_at

pytestmark = pytest.mark.slow


@pytest.fixture
async def calcom(practice: Practice) -> AsyncIterator[str]:
    """The practice's Cal.com on a port of its own, today."""
    practice.clock.now = datetime.now(UTC)
    stop = asyncio.Event()
    with listen("127.0.0.1", 0) as listener:
        serving = asyncio.create_task(
            serve(practice.calendar, practice.settings.server, listener=listener, stop=stop)
        )
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        stop.set()
        await serving


async def reconcile(addresses: Addresses, calcom: str, *words: str) -> Command:
    return await slotline_at(addresses, "reconcile", *words, calcom=calcom)


async def web_booking(practice: Practice) -> dict[str, Any]:
    day = practice.clock().astimezone(BERLIN).date() + timedelta(days=3)
    while day.weekday() > 4:
        day += timedelta(days=1)
    start = datetime.combine(day, time(9, 30), BERLIN).isoformat()
    body = {"start": start, "name": "Rosa Winter", "email": "rosa@example.com"}
    answer = await practice.calendar_http.post("/_sandbox/bookings", json=body)
    answer.raise_for_status()
    return answer.json()["data"]  # type: ignore[no-any-return]


async def test_it_mends_and_says_what_it_did(
    practice: Practice, addresses: Addresses, calcom: str
) -> None:
    made = await web_booking(practice)

    tried = await reconcile(addresses, calcom, "praxis", "--dry-run")
    assert tried[0] == 0
    assert "dry run" in tried[1]
    assert await practice.rows() == []

    code, said = await reconcile(addresses, calcom)

    assert code == 0
    assert "praxis" in said
    assert "everything" in said
    (row,) = await practice.rows()
    assert row["calcom_uid"] == made["uid"]
    assert made["uid"] not in said


async def test_it_ends_with_1_while_something_is_left_to_a_human(
    practice: Practice, addresses: Addresses, calcom: str
) -> None:
    made = await web_booking(practice)
    await reconcile(addresses, calcom)
    async with practice.database.transaction(practice.id) as tx:
        await tx.run("UPDATE booking SET state = 'cancelled'")

    code, said = await reconcile(addresses, calcom, "praxis", "--full")

    assert code == 1
    assert "stands though dead" in said
    assert made["uid"] not in said


async def test_an_unknown_business_is_one_clear_line(
    practice: Practice, addresses: Addresses, calcom: str
) -> None:
    code, said = await reconcile(addresses, calcom, "nobody")
    assert (code, said) == (1, "slotline: there is no active business 'nobody'\n")
