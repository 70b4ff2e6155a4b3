"""Workers share nothing but rows: none does what another does, and what one drops is taken up."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import psycopg
import pytest
from psycopg import sql

from db import bookings
from db.database import WORKER_ROLE, Database
from server.queues.bookings import LEASE
from server.wiring import open_worker
from server.worker import Worker
from slotline.demo.processes import Part
from slotline.demo.stage import Stage, open_stage
from slotline.embedded import Running
from slotline.places import Places
from tests.practice import ADA, Practice
from tests.servers import Addresses

_PATIENCE_SECONDS = 60


async def request(practice: Practice, at: str) -> None:
    """A booking that never arrived at Cal.com, told as a request."""
    call = practice.call(ADA)
    checked = await call.ask(
        "check_availability", service="checkup", date="2026-02-11", time=at, staff="Anna"
    )
    await practice.misbehave("create_booking", "error_before")
    told = await call.ask("book", slot=checked["slots"][0]["id"], confirmed=True)
    assert told["status"] == "requested"


@asynccontextmanager
async def workers(practice: Practice) -> AsyncIterator[list[Worker]]:
    def one_more() -> object:
        return open_worker(
            practice.settings, clock=practice.clock, transport=practice.transport, gated=False
        )

    async with one_more() as first, one_more() as second:  # type: ignore[attr-defined]
        yield [first, second]


async def states(practice: Practice) -> list[str]:
    return [row["state"] for row in await practice.rows()]


async def test_two_workers_never_do_the_same(practice: Practice) -> None:
    hours = ("09:00", "10:00", "11:00", "14:00", "15:00", "16:00")
    for at in hours:
        await request(practice, at)
    asked = (await practice.requests_at_calcom())["create_booking"]

    practice.clock.advance(minutes=2)
    async with workers(practice) as both:
        for _ in range(3):
            await asyncio.gather(*(worker.work_once() for worker in both))

    assert await states(practice) == ["confirmed"] * len(hours)
    assert len(await practice.bookings_at_calcom()) == len(hours)
    assert (await practice.requests_at_calcom())["create_booking"] == asked + len(hours)


async def test_what_a_dead_worker_had_taken_is_done_by_another(
    practice: Practice, addresses: Addresses
) -> None:
    await request(practice, "14:30")
    practice.clock.advance(minutes=2)
    async with (
        Database.connect(addresses.database_url, role=WORKER_ROLE) as dead,
        dead.registry() as tx,
    ):
        assert await bookings.lease_due(tx, now=practice.clock(), lease=LEASE, at_most=5)

    async with workers(practice) as (worker, _):
        await worker.work_once()
        assert await states(practice) == ["pending"]  # it may yet come back

        practice.clock.now += LEASE
        await worker.work_once()
    assert await states(practice) == ["confirmed"]


async def test_f_051_a_booking_that_lost_its_due_date_still_reaches_the_calendar(
    practice: Practice,
) -> None:
    """No queue and no trigger knows of it any more; the sweep looks at the rows themselves."""
    await request(practice, "14:30")
    async with practice.database.single(practice.id) as tx:
        await tx.run("UPDATE booking SET due_at = NULL")
    practice.clock.advance(minutes=11)

    async with workers(practice) as (worker, _):
        await worker.work_once()
        assert await states(practice) == ["pending"]
        await worker.work_jobs_once()
        await worker.work_once()

    assert await states(practice) == ["confirmed"]
    assert "unsettled" in await practice.flags()


async def test_a_worker_that_is_running_works_until_it_is_told_to_stop(
    practice: Practice,
) -> None:
    await request(practice, "14:30")
    practice.clock.now += timedelta(minutes=2)
    stop = asyncio.Event()
    async with workers(practice) as (worker, _), asyncio.timeout(_PATIENCE_SECONDS):
        running = asyncio.create_task(worker.run(stop))
        while await states(practice) != ["confirmed"]:  # noqa: ASYNC110 - in the database
            await asyncio.sleep(0.05)
        stop.set()
        await running


@pytest.fixture
async def stage(
    addresses: Addresses, database_url: str, redis_url: str, tmp_path: Path
) -> AsyncIterator[Stage]:
    running = Running(
        database_url=addresses.database_url,
        database_owner_url=addresses.database_owner_url,
        redis_url=redis_url,
    )
    async with open_stage(
        tmp_path,
        running,
        file=Places.here().demo_business,
        language="en",
        variables={"SLOTLINE_WORKER_HEARTBEAT_FILE": str(tmp_path / "heartbeat")},
        with_worker=False,
    ) as stage:
        yield stage


async def test_a_worker_process_finishes_what_it_has_begun_when_it_is_told_to_stop(
    stage: Stage, addresses: Addresses, tmp_path: Path
) -> None:
    """SIGTERM comes while Cal.com takes its time to answer; the booking is settled all the same."""
    await _request(stage)
    async with httpx.AsyncClient(base_url=stage.calcom_base_url, trust_env=False) as calendar:
        fault = {"on": "list", "do": "latency", "times": 9, "seconds": 2}
        (await calendar.post("/_sandbox/faults", json=fault)).raise_for_status()
        async with stage.run("worker") as worker, asyncio.timeout(_PATIENCE_SECONDS):
            while not await _attempts(addresses):  # noqa: ASYNC110 - in a process
                await asyncio.sleep(0.05)
            assert (tmp_path / "heartbeat").exists()
            await _told_to_stop(worker)

    assert worker.child.returncode == 0, worker.log.read_text()
    assert await _booking(addresses, "state") == "confirmed"


async def _request(stage: Stage) -> None:
    """A booking that stands at Cal.com, whose answer was lost."""
    async with httpx.AsyncClient(trust_env=False, timeout=20) as http:

        async def ask(tool: str, **arguments: object) -> dict[str, object]:
            answer = await http.post(
                f"{stage.base_url}/v1/{stage.business.slug}/tools/{tool}",
                headers={"authorization": f"Bearer {stage.keys['api_key']}"},
                json={"call_id": "c1", "caller": None, "line": None, "arguments": arguments},
            )
            reply: dict[str, object] = answer.json()
            return reply

        await ask("check_availability", service="check-up", date="in 7 days")
        await ask("verify_name", name="Marta Ehlers")
        await ask("book", slot="A")
        fault = {"on": "create_booking", "do": "drop_answer", "times": 1}
        await http.post(f"{stage.calcom_base_url}/_sandbox/faults", json=fault)
        assert (await ask("book", slot="A", confirmed=True))["status"] == "requested"


async def _attempts(addresses: Addresses) -> object:
    return await _booking(addresses, "attempts")


async def _booking(addresses: Addresses, column: str) -> object:
    query = sql.SQL("SELECT {} FROM booking").format(sql.Identifier(column))
    async with await psycopg.AsyncConnection.connect(addresses.database_owner_url) as connection:
        [(value,)] = await (await connection.execute(query)).fetchall()
    return value


async def _told_to_stop(worker: Part) -> None:
    worker.child.terminate()
    await worker.child.wait()
