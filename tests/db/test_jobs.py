"""The timetable: one row a job, whose lease decides who runs it."""

import asyncio
from datetime import timedelta

from db import jobs
from db.database import Database
from db.jobs import LeasedJob
from tests.db.conftest import NOW

LEASE = timedelta(minutes=5)
HOUR = timedelta(hours=1)


async def plan(worker: Database) -> None:
    async with worker.registry() as tx:
        await jobs.plan(tx, name="sweep", due_at=NOW)


async def lease(worker: Database, *, after: timedelta = timedelta(0)) -> list[LeasedJob]:
    async with worker.registry() as tx:
        return await jobs.lease_due(tx, leases={"sweep": LEASE}, now=NOW + after, at_most=5)


async def test_of_many_workers_one_runs_a_job(db: Database, worker: Database) -> None:
    await plan(worker)
    leased = await asyncio.gather(*(lease(worker) for _ in range(8)))
    assert sorted(len(jobs_of_one) for jobs_of_one in leased) == [0] * 7 + [1]


async def test_a_job_that_is_planned_already_keeps_its_time(db: Database, worker: Database) -> None:
    await plan(worker)
    async with worker.registry() as tx:
        assert not await jobs.plan(tx, name="sweep", due_at=NOW + HOUR)
        [row] = await jobs.timetable(tx)
    assert row.due_at == NOW


async def test_a_run_whose_worker_died_is_taken_over_and_the_dead_cannot_write(
    db: Database, worker: Database
) -> None:
    await plan(worker)
    [first] = await lease(worker)
    [second] = await lease(worker, after=LEASE)

    async with worker.registry() as tx:
        assert not await jobs.finished(tx, first, due_at=NOW + 9 * HOUR, error=None, now=NOW)
        assert await jobs.finished(tx, second, due_at=NOW + HOUR, error=None, now=NOW)
        [row] = await jobs.timetable(tx)
    assert (row.due_at, row.run) == (NOW + HOUR, 2)


async def test_failures_in_a_row_are_counted(db: Database, worker: Database) -> None:
    await plan(worker)
    for expected, error in ((0, "TimeoutError"), (1, "TimeoutError"), (2, None), (0, None)):
        [run] = await lease(worker)
        assert run.failures == expected
        async with worker.registry() as tx:
            await jobs.finished(tx, run, due_at=NOW, error=error, now=NOW)


async def test_missed_runs_are_one(db: Database, worker: Database) -> None:
    await plan(worker)
    [run] = await lease(worker, after=timedelta(days=3))
    async with worker.registry() as tx:
        await jobs.finished(tx, run, due_at=NOW + timedelta(days=3) + HOUR, error=None, now=NOW)
    assert await lease(worker, after=timedelta(days=3)) == []
