"""Jobs that come round: one row each, shared by all workers.

A job that was missed, however often, is due once. For the worker's role, in `registry`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from db.transaction import Transaction


@dataclass(frozen=True, slots=True)
class LeasedJob:
    """A job that a worker must run. Whoever holds an older `run` has been overtaken."""

    name: str
    run: int
    failures: int
    """In a row, before this run."""


@dataclass(frozen=True, slots=True)
class JobRow:
    """How a job has been going."""

    name: str
    due_at: datetime
    run: int
    failures: int
    started_at: datetime | None
    finished_at: datetime | None
    error: str | None


async def plan(tx: Transaction, *, name: str, due_at: datetime, again: bool = False) -> bool:
    """Put a job on the timetable; one that is there already keeps its time.

    Args:
        tx: Where.
        name: Of the job.
        due_at: When it is due first.
        again: Have one that is there already come sooner, too, unless it is being run.

    Returns:
        Whether anything was planned.
    """
    planned = await tx.run(
        """
        INSERT INTO periodic_job (name, due_at) VALUES (%(name)s, %(due_at)s)
        ON CONFLICT (name) DO UPDATE SET due_at = excluded.due_at
        WHERE %(again)s AND periodic_job.finished_at IS NOT NULL
            AND periodic_job.due_at > excluded.due_at
        """,
        {"name": name, "due_at": due_at, "again": again},
    )
    return planned == 1


async def lease_due(
    tx: Transaction, *, leases: Mapping[str, timedelta], now: datetime, at_most: int
) -> list[LeasedJob]:
    """Take jobs that are due and hide them for a while.

    Args:
        tx: Where.
        leases: The jobs that can be run here, and for how long: it must outlast a run.
        now: When.
        at_most: Jobs.
    """
    return await tx.all(
        """
        WITH due AS (
            SELECT job.name, lease.length
            FROM periodic_job AS job
            JOIN unnest(%(names)s::text[], %(leases)s::interval[]) AS lease (name, length)
                ON lease.name = job.name
            WHERE due_at <= %(now)s
            ORDER BY due_at LIMIT %(at_most)s
            FOR UPDATE OF job SKIP LOCKED
        )
        UPDATE periodic_job AS job
        SET due_at = %(now)s + due.length, run = run + 1, started_at = %(now)s, finished_at = NULL
        FROM due WHERE job.name = due.name
        RETURNING job.name, job.run, job.failures
        """,
        {
            "names": list(leases.keys()),
            "leases": list(leases.values()),
            "now": now,
            "at_most": at_most,
        },
        into=LeasedJob,
    )


async def finished(
    tx: Transaction, job: LeasedJob, *, due_at: datetime, error: str | None, now: datetime
) -> bool:
    """Note how a run ended and when the next one is due; false if it has been overtaken."""
    noted = await tx.run(
        """
        UPDATE periodic_job SET
            due_at = %(due_at)s, finished_at = %(now)s, error = %(error)s,
            failures = CASE WHEN %(error)s::text IS NULL THEN 0 ELSE failures + 1 END
        WHERE name = %(name)s AND run = %(run)s
        """,
        {"name": job.name, "run": job.run, "due_at": due_at, "error": error, "now": now},
    )
    return noted == 1


async def timetable(tx: Transaction) -> list[JobRow]:
    """Every job that any worker has planned."""
    return await tx.all("SELECT * FROM periodic_job ORDER BY name", into=JobRow)
