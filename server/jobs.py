"""What comes round by the clock, once for all workers: the timetable, and what each job does."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import httpx

from booking.availability import Warming
from booking.business import Business
from booking.directory import Access, Directory
from booking.inbox import SOURCE
from booking.reconcile import Reconciler, Report
from booking.sync import Sync
from calls.recordings import NotStored, StoreUnavailable
from db import businesses, call_reports, claims, flags, jobs, recordings, silence, watermarks
from db.database import Database
from db.jobs import LeasedJob
from server import worker_metrics
from server.backoff import Backoff
from server.noticing import Notices
from server.traces import CallKey, NoTraces, Score, Traces
from server.traces.sounds import Sound, SoundRefused, Sounds

_log = logging.getLogger(__name__)

SILENT_AFTER_BOOKINGS: Final = 3
"""One event may be late and a second one lost; three in a row are an interrupted stream."""

_HEARD_WITHIN: Final = timedelta(minutes=10)
_ON_THE_PHONE: Final = timedelta(minutes=30)
"""Nobody is silent for so long; platforms end a call after some ten minutes of it."""
_VERDICTS: Final = "verdicts"
"""How far traces have been told."""
_SOUNDS: Final = "traced_recordings"
"""How far recordings are in traces."""
_SETTLED: Final = timedelta(minutes=10)
"""A recording is noted as of when its fetching began; by now that has ended."""
_AT_FIRST: Final = timedelta(days=1)
_AGAIN: Final = Backoff(timedelta(seconds=10), timedelta(minutes=10))
_MARGIN: Final = timedelta(seconds=30)
"""A lease outlasts the longest run by this."""


class RunIncomplete(Exception):
    """A job failed for some businesses; for the others it is done."""


@dataclass(frozen=True, slots=True)
class Rounds:
    """What jobs work with: the businesses that are served."""

    database: Database
    directory: Directory
    reconciler: Reconciler
    sync: Sync
    warming: Warming
    notices: Notices
    traces: Traces | NoTraces
    sounds: Sounds | None = None
    """Where recordings may leave the house."""

    async def each(self, visit: Callable[[Business], Awaitable[None]]) -> None:
        """Visit every business; see `each_access`."""

        async def visit_it(access: Access) -> None:
            await visit(access.business)

        await self.each_access(visit_it)

    async def each_access(self, visit: Callable[[Access], Awaitable[None]]) -> None:
        """Visit every business with its credentials; one that fails does not keep others waiting.

        Raises:
            RunIncomplete: Some visits failed.
        """
        async with self.database.registry() as registry:
            slugs = [row.slug for row in await businesses.active(registry)]
        failed = 0
        for slug in slugs:
            try:
                if access := await self.directory.access(slug):
                    await visit(access)
            except Exception:  # noqa: BLE001 - another business must not suffer from it
                failed += 1
                _log.exception("visit_failed", extra={"business": slug})
        if failed:
            raise RunIncomplete(f"{failed} of {len(slugs)} businesses")


@dataclass(frozen=True, slots=True)
class Job:
    """Something that is done again and again."""

    name: str
    every: timedelta
    run: Callable[[Rounds, datetime], Awaitable[None]]
    limit: timedelta = timedelta(minutes=5)
    """A run that takes longer is stopped."""
    at: timedelta | None = None
    """Since midnight UTC, for a job whose hour matters."""
    at_start: bool = False
    """Due again whenever a worker starts."""

    def next_after(self, now: datetime) -> datetime:
        """When it is due next. However many times were missed, it is one."""
        if self.at is None:
            return now + self.every
        start = now.replace(hour=0, minute=0, second=0, microsecond=0) + self.at
        return start + self.every * ((now - start) // self.every + 1)


async def expire_claims(rounds: Rounds, now: datetime) -> None:
    """Forget holds that nobody will confirm any more, and claims on time that is over."""

    async def visit(business: Business) -> None:
        async with rounds.database.single(business.id) as tx:
            await claims.expire(tx, now=now)

    await rounds.each(visit)


async def sweep(rounds: Rounds, now: datetime) -> None:
    """Find bookings that should long have been settled, whatever their queue says (F-051)."""
    overdue = 0

    async def visit(business: Business) -> None:
        nonlocal overdue
        overdue += await rounds.reconciler.hand_to_workers(business, now=now)

    await rounds.each(visit)
    worker_metrics.OVERDUE_BOOKINGS.set(overdue)


async def listen_for_silence(rounds: Rounds, now: datetime) -> None:
    """Notice that Cal.com tells us nothing any more (F-088)."""
    silent = 0

    async def visit(business: Business) -> None:
        nonlocal silent
        async with rounds.database.single(business.id) as tx:
            is_silent = await silence.flag(
                tx,
                source=SOURCE,
                bookings=SILENT_AFTER_BOOKINGS,
                before=now - _HEARD_WITHIN,
                now=now,
            )
        silent += is_silent
        if is_silent:
            _log.error("calendar_silent", extra={"business": business.slug})

    await rounds.each(visit)
    worker_metrics.SILENT_BUSINESSES.set(silent)


async def end_silent_calls(rounds: Rounds, now: datetime) -> None:
    """End calls of which nobody tells the end: not every platform does."""

    async def visit(business: Business) -> None:
        async with rounds.database.single(business.id) as tx:
            await call_reports.end_silent(tx, before=now - _ON_THE_PHONE, now=now)

    await rounds.each(visit)


async def reconcile(rounds: Rounds, now: datetime) -> None:
    """Compare what has changed at Cal.com since the last time, where that is due."""

    async def visit(business: Business) -> None:
        if await rounds.reconciler.is_due(business, told_by=SOURCE, now=now):
            _told(await rounds.reconciler.catch_up(business, now=now), now)

    await rounds.each(visit)


async def reconcile_in_full(rounds: Rounds, now: datetime) -> None:
    """Compare everything, also what Cal.com no longer lists."""

    async def visit(business: Business) -> None:
        _told(await rounds.reconciler.run(business, since=None, now=now), now)

    await rounds.each(visit)


async def sync(rounds: Rounds, now: datetime) -> None:
    """Follow event types and schedules at Cal.com, of which no webhook tells; check their links."""

    async def visit(business: Business) -> None:
        report = await rounds.sync.run(business, now=now)
        written = [change for change in report.changes if not change.is_ours]
        if written:
            changed = sorted({change.subject for change in written})
            _log.info("event_types_followed", extra={"business": business.slug, "which": changed})

    await rounds.each(visit)


def _told(report: Report, now: datetime) -> None:
    worker_metrics.reconciled(
        report.business,
        orphan_rate=report.orphan_rate,
        consistency=report.consistency,
        open_failures=len(report.failures),
        oldest_unsettled_seconds=(report.oldest_unsettled or timedelta()).total_seconds(),
        at=now,
    )


async def keep_warm(rounds: Rounds, now: datetime) -> None:
    """Ask Cal.com for what callers will ask soon, before it is too old to be given at once."""

    async def visit(business: Business) -> None:
        await rounds.warming.keep_warm(business, now=now)

    await rounds.each(visit)


async def notify_staff(rounds: Rounds, now: datetime) -> None:
    """Tell staff that somebody is waiting."""

    async def visit(access: Access) -> None:
        await rounds.notices.tell(access, now=now)

    await rounds.each_access(visit)


async def send_verdicts(rounds: Rounds, now: datetime) -> None:
    """Tell traces what staff said of flagged calls."""

    async def visit(business: Business) -> None:
        async with rounds.database.transaction(business.id) as tx:
            since = await watermarks.get(tx, source=_VERDICTS) or now - _AT_FIRST
            for verdict in await flags.verdicts_since(tx, since=since, until=now):
                call = CallKey(business.id, verdict.platform, verdict.platform_call_id)
                rounds.traces.put(Score(call, "verdict", verdict.label, f"verdict-{verdict.id}"))
            await watermarks.reach(tx, source=_VERDICTS, at=now)

    if rounds.traces.is_on:
        await rounds.each(visit)


async def send_recordings(rounds: Rounds, now: datetime) -> None:
    """Lay recordings of flagged calls into their traces; while Langfuse is away, for a day."""
    sounds = rounds.sounds
    if sounds is None:
        return

    async def visit(business: Business) -> None:
        until = now - _SETTLED
        async with rounds.database.transaction(business.id) as tx:
            reached = await watermarks.get(tx, source=_SOUNDS)
            since = max(reached or now - _AT_FIRST, now - _AT_FIRST)
            rows = await recordings.flagged_since(tx, since=since, until=until)
        try:
            for row in rows:
                await _send(sounds, business, row)
        except (httpx.HTTPError, StoreUnavailable) as error:
            _log.warning("recordings_not_traced", extra={"why": type(error).__name__})
            return
        async with rounds.database.single(business.id) as tx:
            await watermarks.reach(tx, source=_SOUNDS, at=until)

    await rounds.each(visit)


async def _send(sounds: Sounds, business: Business, row: recordings.FlaggedRow) -> None:
    sound = Sound(
        CallKey(business.id, row.platform, row.platform_call_id),
        row.channel,
        row.stored_as,
        row.media_type,
        row.size_bytes,
        row.started_at.timestamp(),
        row.ended_at.timestamp(),
    )
    try:
        await sounds.add(sound)
    except (NotStored, SoundRefused) as error:  # the next one may be taken
        _log.warning("recording_not_traced", extra={"why": str(error)})


TIMETABLE: Final = (
    Job("reconcile", timedelta(minutes=5), reconcile),
    Job(
        "reconcile_in_full",
        timedelta(days=1),
        reconcile_in_full,
        limit=timedelta(minutes=30),
        at=timedelta(hours=2, minutes=30),
    ),
    Job("expire_claims", timedelta(minutes=1), expire_claims, limit=timedelta(minutes=1)),
    Job("sweep", timedelta(minutes=1), sweep, limit=timedelta(minutes=1)),
    Job("end_silent_calls", timedelta(minutes=5), end_silent_calls, limit=timedelta(minutes=1)),
    Job("listen_for_silence", timedelta(minutes=5), listen_for_silence),
    Job("notify_staff", timedelta(minutes=1), notify_staff, limit=timedelta(minutes=2)),
    Job("send_verdicts", timedelta(minutes=1), send_verdicts, limit=timedelta(minutes=1)),
    Job("send_recordings", timedelta(minutes=1), send_recordings),
    Job("keep_warm", timedelta(minutes=1), keep_warm, limit=timedelta(minutes=1)),
    Job("sync", timedelta(hours=6), sync, at_start=True),
)


class DueJobs:
    """Runs jobs that are due; a row for each decides which worker does."""

    name = "jobs"

    def __init__(
        self,
        *,
        leasing: Database,
        rounds: Rounds,
        clock: Callable[[], datetime],
        timetable: Sequence[Job] = TIMETABLE,
    ) -> None:
        """`leasing` is connected as the worker's role."""
        self._leasing = leasing
        self._rounds = rounds
        self._clock = clock
        self._jobs = {job.name: job for job in timetable}
        self._is_planned = False

    async def take(self, at_most: int) -> Sequence[LeasedJob]:
        """Lease jobs; a new one is planned first, and one without an hour is due at once."""
        now = self._clock()
        async with self._leasing.registry() as tx:
            if not self._is_planned:
                for job in self._jobs.values():
                    due_at = job.next_after(now) if job.at else now
                    await jobs.plan(tx, name=job.name, due_at=due_at, again=job.at_start)
                self._is_planned = True
            return await jobs.lease_due(
                tx,
                leases={job.name: job.limit + _MARGIN for job in self._jobs.values()},
                now=now,
                at_most=at_most,
            )

    async def work(self, item: LeasedJob) -> None:
        """Run one job, within its limit."""
        job = self._jobs[item.name]
        started = time.monotonic()
        outcome = "failed"
        try:
            async with asyncio.timeout(job.limit.total_seconds()):
                await job.run(self._rounds, self._clock())
            outcome = "done"
        finally:
            seconds = time.monotonic() - started
            worker_metrics.ran(job.name, outcome, seconds)
            _log.info(
                "job_ran", extra={"job": job.name, "outcome": outcome, "seconds": round(seconds, 3)}
            )
        now = self._clock()
        await self._finished(item, job.next_after(now), None, now=now)

    async def put_off(self, item: LeasedJob, error: Exception | None) -> None:
        """Try again soon, but never later than it would have come round."""
        now = self._clock()
        if error is None:
            await self._finished(item, now, "given back", now=now)
            return
        job = self._jobs[item.name]
        due_at = min(now + _AGAIN.after(item.failures + 1), job.next_after(now))
        await self._finished(item, due_at, f"{type(error).__name__}: {error}", now=now)

    async def _finished(
        self, item: LeasedJob, due_at: datetime, error: str | None, *, now: datetime
    ) -> None:
        async with self._leasing.registry() as tx:
            if not await jobs.finished(tx, item, due_at=due_at, error=error, now=now):
                _log.warning("job_overtaken", extra={"job": item.name})
