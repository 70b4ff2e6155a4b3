"""Whole calls on a server that really serves."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from uuid import uuid4

import pytest

from booking.vault import Vault
from db import businesses
from db.database import Database
from evals.load import NO_ANSWER, Load, Target, ask_once_each, run
from server.app import create_app
from server.serve import listen, serve
from tests.practice import LINE, SECRET_KEY, TUESDAY, Practice
from tests.servers import Addresses

API_KEY = "api_load"
AT_ONCE = Load(calls=12, per_second=200, books=1.0, thinks_seconds=(0.0, 0.0), days_ahead=10)


@asynccontextmanager
async def served(practice: Practice) -> AsyncIterator[str]:
    stop, listener = asyncio.Event(), listen("127.0.0.1", 0)
    app = create_app(practice.parts)
    task = asyncio.create_task(serve(app, practice.settings.server, listener=listener, stop=stop))
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        stop.set()
        await task


@pytest.fixture
async def target(practice: Practice, addresses: Addresses) -> AsyncIterator[Target]:
    sealed = Vault(SECRET_KEY).seal(API_KEY)
    async with (
        Database.connect(addresses.database_owner_url, role=None) as owner,
        owner.transaction(practice.id) as tx,
    ):
        await businesses.put_credential(
            tx, id=uuid4(), name="api_key", secret_encrypted=sealed, now=practice.clock()
        )
    async with served(practice) as url:
        yield Target(url, practice.slug, API_KEY, LINE, services=("check-up",))


async def test_calls_book_what_they_were_told(target: Target, practice: Practice) -> None:
    done: list[int] = []
    loaded = await run(target, AT_ONCE, now=practice.clock(), progress=done.append)
    assert done == list(range(1, 13))
    asked = {step: len(samples) for step, samples in loaded.milliseconds.items()}
    once_a_call = ("context", "check, first", "check, again", "end of call")
    assert {asked[step] for step in once_a_call} == {12}
    assert loaded.failed == 0
    assert loaded.booked > 0
    states = Counter(row["state"] for row in await practice.rows())
    assert states["confirmed"] == loaded.booked
    assert loaded.requests == sum(asked.values()) == len(loaded.late)
    assert all(told.n == asked[step] for step, told in loaded.percentiles().items())


async def test_calls_that_change_their_mind_leave_nothing(
    target: Target, practice: Practice
) -> None:
    loaded = await run(target, replace(AT_ONCE, calls=4, changes=1.0), now=practice.clock())
    assert loaded.failed == 0
    assert loaded.booked > 0
    for step in ("find_booking", "reschedule, looked", "cancel, read back", "cancel"):
        assert len(loaded.milliseconds[step]) == loaded.booked
    assert loaded.statuses["cancel: cancelled"] == loaded.booked
    assert await practice.bookings_at_calcom() == []
    asks = await run(target, replace(AT_ONCE, calls=2, books=0.0, changes=1.0), now=TUESDAY)
    assert asks.statuses["request_callback: callback_created"] == 2


async def test_unprepared_questions_are_asked_once_each(target: Target, practice: Practice) -> None:
    loaded = await ask_once_each(target, now=practice.clock(), days=[3, 20])
    assert loaded.statuses == {"check, unprepared: available": 2}
    assert loaded.failed == 0


async def test_whoever_does_not_answer_is_counted_and_holds_up_nobody() -> None:
    """Nobody listens there; calls go on, and end."""
    with listen("127.0.0.1", 0) as nobody:
        port = nobody.getsockname()[1]
    target = Target(f"http://127.0.0.1:{port}", "praxis", API_KEY)
    loaded = await run(target, AT_ONCE, now=TUESDAY)
    assert loaded.failed == loaded.requests == 4 * 12
    assert loaded.statuses[f"context: {NO_ANSWER}"] == 12
