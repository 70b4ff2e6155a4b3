"""What comes round by the clock: once for all workers, caught up once, and what it finds."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from booking.availability import Warming
from booking.business import Business
from booking.reconcile import Reconciler
from db import businesses, inbox, jobs
from db.database import WORKER_ROLE, Database
from db.jobs import JobRow
from server.jobs import (
    TIMETABLE,
    DueJobs,
    Job,
    Rounds,
    RunIncomplete,
    end_silent_calls,
    expire_claims,
    listen_for_silence,
    reconcile,
)
from server.lane import Lane
from server.noticing import Notices
from server.telling import Post
from server.traces import NO_TRACES
from tests.practice import ADA, Practice, sync_of
from tests.servers import Addresses

HOUR = timedelta(hours=1)


class Deed:
    """A job that counts its runs, and can be broken."""

    def __init__(self) -> None:
        self.runs = 0
        self.is_broken = False
        self.job = Job("deed", HOUR, self._run)

    async def _run(self, _: Rounds, __: datetime) -> None:
        self.runs += 1
        await asyncio.sleep(0)
        if self.is_broken:
            raise ConnectionError("Cal.com is down")


def rounds_of(practice: Practice) -> Rounds:
    mirror = practice.parts.inbox._mirror
    return Rounds(
        database=practice.database,
        directory=practice.parts.directory,
        reconciler=Reconciler(
            database=practice.database, calendars=mirror._calendars, mirror=mirror
        ),
        sync=sync_of(practice),
        warming=Warming(practice.desk._availability),
        notices=Notices(
            practice.database,
            Post(texts=None, mail=None, http=practice.calendar_http),
            console=None,
        ),
        traces=NO_TRACES,
    )


@asynccontextmanager
async def lane_of(practice: Practice, *timetable: Job) -> AsyncIterator[Lane[Any]]:
    url = practice.settings.database.url
    assert url
    async with Database.connect(url.get_secret_value(), role=WORKER_ROLE) as leasing:
        queue = DueJobs(
            leasing=leasing,
            rounds=rounds_of(practice),
            clock=practice.clock,
            timetable=timetable,
        )
        yield Lane(queue, places=2)


async def row_of(practice: Practice, name: str) -> JobRow:
    async with practice.database.registry() as tx:
        [row] = [row for row in await jobs.timetable(tx) if row.name == name]
    return row


async def do(practice: Practice, job: Callable[[Rounds, datetime], Awaitable[None]]) -> None:
    await job(rounds_of(practice), practice.clock())


async def book(practice: Practice, at: str) -> None:
    call = practice.call(ADA)
    checked = await call.ask(
        "check_availability", service="checkup", date="2026-02-11", time=at, staff="Anna"
    )
    told = await call.ask("book", slot=checked["slots"][0]["id"], confirmed=True)
    assert told["status"] == "booked"


async def test_of_two_workers_one_runs_a_job(practice: Practice) -> None:
    deed = Deed()
    async with lane_of(practice, deed.job) as one, lane_of(practice, deed.job) as two:
        for hours in range(3):
            await asyncio.gather(one.work_once(), two.work_once())
            assert deed.runs == hours + 1
            practice.clock.now += HOUR


async def test_runs_that_were_missed_are_one(practice: Practice) -> None:
    deed = Deed()
    async with lane_of(practice, deed.job) as lane:
        await lane.work_once()
        practice.clock.now += timedelta(days=2)
        await lane.work_once()
        await lane.work_once()
    assert deed.runs == 2


async def test_what_is_due_at_the_start_is_due_at_each(practice: Practice) -> None:
    deed = Deed()
    at_start = Job("deed", HOUR, deed.job.run, at_start=True)
    for starts in range(1, 4):
        async with lane_of(practice, at_start) as lane:
            await lane.work_once()
            await lane.work_once()
        assert deed.runs == starts


async def test_a_start_does_not_run_what_is_being_run(practice: Practice) -> None:
    deed = Deed()
    at_start = Job("deed", HOUR, deed.job.run, at_start=True)
    async with lane_of(practice, at_start) as lane:
        held = await lane._queue.take(1)
        async with lane_of(practice, at_start) as another:
            assert await another.work_once() == 0
    assert len(held) == 1


async def test_a_job_that_fails_is_tried_again_sooner_and_later_and_later(
    practice: Practice,
) -> None:
    deed = Deed()
    deed.is_broken = True
    async with lane_of(practice, deed.job) as lane:
        pauses = []
        for _ in range(5):
            await lane.work_once()
            row = await row_of(practice, "deed")
            pauses.append(row.due_at - practice.clock())
            practice.clock.now = row.due_at
        assert deed.runs == row.failures == 5
        assert row.error == "ConnectionError: Cal.com is down"
        assert all(pause < HOUR for pause in pauses)
        assert pauses[-1] > pauses[0]

        deed.is_broken = False
        await lane.work_once()
    row = await row_of(practice, "deed")
    assert (row.failures, row.error, row.due_at) == (0, None, practice.clock() + HOUR)


async def test_a_job_that_takes_too_long_is_stopped(practice: Practice) -> None:
    async def endless(_: Rounds, __: datetime) -> None:
        await asyncio.Event().wait()

    job = Job("endless", HOUR, endless, limit=timedelta(milliseconds=10))
    async with lane_of(practice, job) as lane:
        await lane.work_once()
    assert (await row_of(practice, "endless")).error == "TimeoutError: "


async def test_a_job_of_the_night_waits_for_its_hour(practice: Practice) -> None:
    """Also the first time: a new release must not compare everything at noon."""
    deed = Deed()
    job = Job("night", timedelta(days=1), deed._run, at=timedelta(hours=2, minutes=30))
    async with lane_of(practice, job) as lane:
        await lane.work_once()
        assert deed.runs == 0
        practice.clock.now += timedelta(days=1)
        await lane.work_once()
    assert deed.runs == 1
    assert f"{(await row_of(practice, 'night')).due_at:%H:%M}" == "02:30"


@pytest.mark.parametrize(
    ("now", "due"),
    [("2026-03-01 01:00", "2026-03-01 02:30"), ("2026-03-01 02:30", "2026-03-02 02:30")],
)
def test_the_next_night_is_the_next_one(now: str, due: str) -> None:
    job = Job("night", timedelta(days=1), expire_claims, at=timedelta(hours=2, minutes=30))
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert job.next_after(at) == datetime.fromisoformat(due).replace(tzinfo=UTC)


async def test_one_business_that_fails_keeps_no_other_waiting(
    practice: Practice, addresses: Addresses
) -> None:
    async with (
        Database.connect(addresses.database_owner_url, role=None) as owner,
        owner.transaction(uuid4()) as tx,
    ):
        await businesses.put_business(
            tx,
            slug="a-salon",
            name="Salon",
            timezone="Europe/Berlin",
            language="de",
            attendee_email_domain="salon.example",
            calcom_base_url=None,
            calcom_versions={},
            transfer_number=None,
            policies={},
            now=practice.clock(),
        )
    visited = []

    async def visit(business: Business) -> None:
        visited.append(business.slug)
        if business.slug == "a-salon":
            raise ConnectionError("Cal.com is down")

    with pytest.raises(RunIncomplete, match="1 of 2"):
        await rounds_of(practice).each(visit)
    assert visited == ["a-salon", "praxis"]


async def test_holds_that_have_expired_are_forgotten(practice: Practice) -> None:
    await practice.call(ADA).ask(
        "check_availability", service="checkup", date="2026-02-11", time="10:00", staff="Anna"
    )
    assert await practice.claims() == 1
    practice.clock.advance(minutes=6)
    await do(practice, expire_claims)
    assert await practice.claims() == 0


async def test_a_booking_made_outside_and_never_told_is_found(practice: Practice) -> None:
    made = {"start": "2026-02-11T13:30:00Z", "name": "Web", "email": "web@example.com"}
    answer = await practice.calendar_http.post(
        "/_sandbox/bookings", json={**made, "eventTypeId": 1}
    )
    answer.raise_for_status()
    await do(practice, reconcile)
    [row] = await practice.rows()
    assert (row["origin"], row["state"]) == ("calcom", "confirmed")


async def test_who_is_told_of_changes_is_compared_less_often(practice: Practice) -> None:
    """And again every time, as soon as something was found that nobody had told."""

    async def lists_after(minutes: int) -> int:
        practice.clock.advance(minutes=minutes)
        before = (await practice.requests_at_calcom()).get("list", 0)
        await do(practice, reconcile)
        return (await practice.requests_at_calcom()).get("list", 0) - before

    assert [await lists_after(minutes) for minutes in (0, 5, 5)] == [1, 1, 1], "nothing is told"
    await heard(practice)
    assert [await lists_after(5) for _ in range(6)] == [0, 0, 1, 0, 0, 1]

    made = {"start": "2026-02-11T13:30:00Z", "name": "Web", "email": "web@example.com"}
    (await practice.calendar_http.post("/_sandbox/bookings", json=made)).raise_for_status()
    assert [await lists_after(5) for _ in range(7)] == [0, 0, 1, 1, 1, 1, 0]

    practice.clock.advance(hours=24)
    assert [await lists_after(5) for _ in range(3)] == [1, 1, 1], "nothing is told any more"


async def heard(practice: Practice) -> None:
    """Cal.com tells us something."""
    async with practice.database.single(practice.id) as tx:
        await inbox.add(
            tx,
            id=uuid4(),
            source="calcom",
            dedupe_key=uuid4().hex,
            kind="BOOKING_CREATED",
            headers={},
            body=b"{}",
            received_at=practice.clock(),
        )


async def flag_of_silence(practice: Practice) -> str | None:
    async with practice.database.single(practice.id) as tx:
        return await tx.one("SELECT state FROM flag WHERE kind = 'calendar_silent'", into=str)


async def test_f_088_events_that_stop_coming_raise_an_alarm(practice: Practice) -> None:
    await heard(practice)
    practice.clock.advance(minutes=1)
    for at in ("09:00", "10:00", "11:00"):
        await book(practice, at)
    await do(practice, listen_for_silence)
    assert await flag_of_silence(practice) is None  # they may be on their way

    practice.clock.advance(minutes=15)
    await do(practice, listen_for_silence)
    assert await flag_of_silence(practice) == "open"

    await heard(practice)
    await do(practice, listen_for_silence)
    assert await flag_of_silence(practice) == "resolved"

    practice.clock.advance(minutes=1)
    await heard(practice)
    practice.clock.advance(minutes=1)
    for at in ("14:00", "15:00", "16:00"):
        await book(practice, at)
    practice.clock.advance(minutes=15)
    await do(practice, listen_for_silence)
    assert await flag_of_silence(practice) == "open"  # silent again


async def test_f_088_who_never_heard_anything_is_not_silent(practice: Practice) -> None:
    """Without webhooks reconciliation is what there is."""
    for at in ("09:00", "10:00", "11:00", "14:00"):
        await book(practice, at)
    practice.clock.advance(hours=1)
    await do(practice, listen_for_silence)
    assert await flag_of_silence(practice) is None


def test_the_timetable_names_each_job_once() -> None:
    names = [job.name for job in TIMETABLE]
    assert len(names) == len(set(names))
    assert {"reconcile", "reconcile_in_full", "expire_claims", "sweep"} <= set(names)


async def test_calls_of_which_nobody_tells_the_end_end_after_a_while(practice: Practice) -> None:
    await practice.call(ADA).ask("check_availability", service="checkup", date="2026-02-11")
    await practice.bookkeeping_done()
    ended = "SELECT coalesce(string_agg(ending, ''), '') FROM call WHERE state = 'ended'"
    for minutes, ending in ((29, ""), (2, "silence")):
        practice.clock.advance(minutes=minutes)
        await do(practice, end_silent_calls)
        async with practice.database.single(practice.id) as tx:
            assert await tx.only(ended, into=str) == ending
