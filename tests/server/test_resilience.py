"""What callers hear while Redis, PostgreSQL or Cal.com is stopped, frozen or slow, and afterwards.

The servers are real ones of this module's own, so that they can be killed and frozen.
"""

import asyncio
import io
import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from redis.exceptions import RedisError

from db.migrate import upgrade
from server import journal, metrics
from server.settings import Log
from server.wire import CallRef, ToolRequest
from slotline.embedded import Running, started
from tests.practice import ADA, LINE, TUESDAY, Caller, Clock, Practice, Reply, opened
from tests.servers import Addresses, Broom

pytestmark = [
    pytest.mark.slow,
    pytest.mark.integration,
    pytest.mark.skipif(sys.platform != "linux", reason="freezes processes found in /proc"),
]

READ_SECONDS = 2.0
WRITE_SECONDS = 4.0
SLACK_SECONDS = 0.5
"""For a machine that does other things as well; what is promised is 4.5 s at most."""


@dataclass(frozen=True)
class Machines:
    """PostgreSQL and Valkey of our own, and what can befall them."""

    directory: Path
    addresses: Addresses

    def pid(self, name: str) -> int:
        """Of a server; 0 while it does not run."""
        try:
            note = json.loads((self.directory / name / "run.json").read_text())
        except FileNotFoundError:
            return 0
        pid: int = note["pids"]["server"]
        return pid

    @contextmanager
    def frozen(self, name: str) -> Iterator[None]:
        """It takes connections and questions, and says nothing."""
        pids = [self.pid(name), *_children(self.pid(name))]
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)

    def kill(self, name: str) -> None:
        """Its keeper starts it again, at the same address."""
        os.kill(self.pid(name), signal.SIGKILL)


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.fixture(scope="module")
def machines() -> Iterator[Machines]:
    """Servers that no other test uses, with all tables."""
    with tempfile.TemporaryDirectory(prefix="slotline-") as folder:
        Path(folder).chmod(0o711)
        with started(Path(folder)) as running:
            upgrade(running.database_owner_url)
            yield Machines(Path(folder), _addresses(running))


def _addresses(running: Running) -> Addresses:
    return Addresses(running.database_url, running.database_owner_url, running.redis_url)


@pytest.fixture
async def practice(machines: Machines) -> AsyncIterator[Practice]:
    """A practice on those servers, with budget, breaker and the log of production."""
    await _swept(machines.addresses)
    with journal.opened(Log(format="json"), io.StringIO()):
        async with opened(machines.addresses, clock=Clock(TUESDAY), gated=True) as practice:
            yield practice


async def _swept(addresses: Addresses) -> None:
    """Empty both servers, as soon as they are back from what the test before did to them."""
    async with asyncio.timeout(60):
        while True:
            try:
                with Broom(addresses) as broom:
                    broom.sweep_tables()
                    broom.sweep_redis()
            except (psycopg.OperationalError, RedisError):
                await asyncio.sleep(0.1)
            else:
                return


async def in_time(seconds: float, asking: Awaitable[Reply]) -> Reply:
    """A reply that has something to say, and came within its deadline."""
    begun = time.monotonic()
    reply = await asking
    assert time.monotonic() - begun < seconds + SLACK_SECONDS
    assert reply["say"]
    return reply


async def check(call: Caller, day: str = "2026-02-11", at: str | None = "10:00") -> Reply:
    return await in_time(
        READ_SECONDS, call.ask("check_availability", service="checkup", date=day, time=at)
    )


async def book(call: Caller, slot: str = "A") -> Reply:
    return await in_time(WRITE_SECONDS, call.ask("book", slot=slot, confirmed=True))


async def eventually(holds: Callable[[], Awaitable[bool]]) -> None:
    """Wait for a recovery; fails after far more time than that takes."""
    async with asyncio.timeout(30):
        while not await holds():  # noqa: ASYNC110 - another process does it, and sets no event
            await asyncio.sleep(0.1)


async def is_well_again(practice: Practice) -> bool:
    reply = await practice.call(ADA).ask("check_availability", service="checkup", date="tomorrow")
    return bool(reply["status"] == "available")


def counted(name: str, **labels: str) -> float:
    return metrics.REGISTRY.get_sample_value(name, labels) or 0.0


@pytest.mark.parametrize("befalls", ["frozen", "killed"])
async def test_without_redis_a_call_goes_on_and_ends_in_a_booking(
    practice: Practice, machines: Machines, befalls: str
) -> None:
    """What was said before is remembered, what is said meanwhile is too, and afterwards."""
    call = practice.call(ADA)
    checked = await check(call)
    assert checked["status"] == "available"
    await practice.bookkeeping_done()
    if befalls == "killed":
        machines.kill("valkey")
        booked = await book(call, checked["slots"][0]["id"])
    else:
        with machines.frozen("valkey"):
            booked = await book(call, checked["slots"][0]["id"])
            other = await check(practice.call("+493023125088"), "2026-02-12")
            assert other["status"] == "available"
    assert booked["status"] == "booked"

    async def remembers() -> bool:
        again = await call.ask("book", slot=checked["slots"][0]["id"], confirmed=True)
        assert again["status"] == "booked"
        return True

    await eventually(remembers)
    assert len(await practice.bookings_at_calcom()) == 1
    assert len(await practice.rows()) == 1


async def test_without_redis_a_whole_call_is_remembered_and_afterwards_too(
    practice: Practice, machines: Machines
) -> None:
    """Nothing that was said meanwhile is forgotten when Redis, which knows less, is back."""
    call = practice.call("+493023125099")
    await call.ask("check_availability", service="checkup", date="2026-02-11", time="9:00")
    await practice.bookkeeping_done()
    with machines.frozen("valkey"):
        moved = await check(call, "2026-02-12", "11:00")
        named = await in_time(READ_SECONDS, call.ask("verify_name", name="Marta Ehlers"))
        assert "Marta Ehlers" in named["say"]
    await asyncio.sleep(1.2)  # Redis is left alone for a second

    booked = await book(call, moved["slots"][0]["id"])

    assert booked["status"] == "booked"
    assert booked["booking"]["start"].startswith("2026-02-12T11:00")
    assert booked["booking"]["name"] == "Marta Ehlers"


async def test_without_redis_tool_calls_of_a_call_follow_one_another(
    practice: Practice, machines: Machines
) -> None:
    """Two at once, each of which changes what is remembered: neither change is lost."""
    call = practice.call("+493023125098")
    await check(call)
    await practice.bookkeeping_done()
    with machines.frozen("valkey"):
        await call.ask("check_availability", service="checkup", date="2026-02-12", time="9:00")
        await asyncio.gather(
            call.ask("check_availability", service="cleaning", date="2026-02-13", time="9:00"),
            call.ask("verify_name", name="Marta Ehlers"),
        )
        now = await call.ask("check_availability", service="cleaning", date="2026-02-13")
    assert now["known"]["name"] == "Marta Ehlers"


async def test_f_084_without_redis_equal_checks_share_one_request(
    practice: Practice, machines: Machines
) -> None:
    async def misses_redis() -> bool:
        return not practice.desk._availability.hears

    await check(practice.call(ADA))
    with machines.frozen("valkey"):
        await eventually(misses_redis)  # what it knows is not trusted from then on
        before = (await practice.requests_at_calcom())["slots"]
        replies = await asyncio.gather(
            *(
                practice.call(f"+4930231251{n:02}").ask(
                    "check_availability", service="checkup", date="2026-03-17"
                )
                for n in range(12)
            )
        )
        after = (await practice.requests_at_calcom())["slots"]
    assert {reply["status"] for reply in replies} == {"available"}
    assert after - before == 2, "one for each of the two dentists"


@pytest.mark.parametrize("befalls", ["frozen", "killed"])
async def test_without_postgresql_callers_hear_an_apology_and_nothing_is_half_done(
    practice: Practice, machines: Machines, befalls: str
) -> None:
    call = practice.call(ADA)
    checked = await check(call)
    await practice.bookkeeping_done()
    if befalls == "killed":
        machines.kill("postgres")
        reply = await book(call, checked["slots"][0]["id"])
        first = await check(practice.call("+493023125097"))
    else:
        with machines.frozen("postgres"):
            reply = await book(call, checked["slots"][0]["id"])
            first = await check(practice.call("+493023125097"))
    assert reply["status"] in {"technical_fault", "booked", "requested"}
    assert first["status"] in {"technical_fault", "available"}
    told = reply["status"]

    await eventually(lambda: is_well_again(practice))
    if told == "technical_fault":
        assert not await practice.bookings_at_calcom()
    again = await book(call, checked["slots"][0]["id"])
    assert again["status"] in {"booked", "requested"}
    assert len(await practice.bookings_at_calcom()) <= 1
    assert len([row for row in await practice.rows() if row["state"] != "failed"]) == 1


async def test_the_second_to_miss_postgresql_hears_so_at_once(
    practice: Practice, machines: Machines
) -> None:
    await check(practice.call(ADA))
    with machines.frozen("postgres"):
        for n in range(3):
            await check(practice.call(f"+49302312509{n}"))
        begun = time.monotonic()
        reply = await check(practice.call("+493023125095"))
        assert time.monotonic() - begun < 1.5
        assert reply["status"] == "technical_fault"
    await eventually(lambda: is_well_again(practice))


async def test_a_booking_that_is_committed_is_a_request_when_postgresql_freezes(
    practice: Practice, machines: Machines
) -> None:
    """Between our intent and Cal.com's answer: never "it did not work" for what then stands."""
    call = practice.call(ADA)
    checked = await check(call)
    await practice.misbehave("create_booking", "latency", seconds=1.0)
    asking = asyncio.create_task(book(call, checked["slots"][0]["id"]))

    async def is_asked() -> bool:
        return (await practice.requests_at_calcom()).get("create_booking", 0) == 1

    async with asyncio.timeout(10):
        while not await is_asked():  # noqa: ASYNC110 - the calendar sets no event
            await asyncio.sleep(0.02)
    with machines.frozen("postgres"):
        reply = await asking
    assert reply["status"] == "requested"
    assert len(await practice.bookings_at_calcom()) == 1

    async def same() -> bool:
        again = await call.ask("book", slot=checked["slots"][0]["id"], confirmed=True)
        return again["status"] in {"booked", "requested"}

    await eventually(same)
    assert len(await practice.bookings_at_calcom()) == 1


async def test_f_083_a_silent_calendar_costs_no_caller_more_than_the_deadline(
    practice: Practice,
) -> None:
    """The first callers wait, the later ones hear at once; then everything is as before."""
    await practice.misbehave("slots", "hang", times=40, seconds=20.0)
    refused = "slotline_calcom_admissions_total"
    labels = {"business": "praxis", "priority": "read", "verdict": "breaker_open"}
    before = counted(refused, **labels)
    for n in range(5):
        reply = await check(practice.call(f"+49302312506{n}"), f"2026-02-{11 + n}", None)
        assert (reply["status"], reply["ok"]) == ("technical_fault", False)
    asked = (await practice.requests_at_calcom())["slots"]

    reply = await check(practice.call("+493023125069"), "2026-02-12", None)

    assert reply["status"] == "technical_fault"
    assert (await practice.requests_at_calcom())["slots"] == asked, "nobody asks any more"
    assert counted(refused, **labels) > before
    assert counted("slotline_calcom_breaker_open", business="praxis") == 1.0


async def test_f_083_a_calendar_that_is_silent_about_a_booking_makes_it_a_request(
    practice: Practice,
) -> None:
    call = practice.call(ADA)
    checked = await check(call)
    await practice.misbehave("create_booking", "hang", seconds=20.0)

    reply = await book(call, checked["slots"][0]["id"])

    assert (reply["status"], reply["booked"]) == ("requested", False)
    (row,) = await practice.rows()
    assert row["state"] == "pending"
    assert row["due_at"]


async def test_a_deadline_counts_from_the_arrival_at_the_door(practice: Practice) -> None:
    """A body that came slowly has used up most of it."""
    await practice.misbehave("slots", "hang", times=5, seconds=20.0)
    access = await practice.parts.directory.access(practice.slug)
    assert access
    request = ToolRequest(
        tool="check_availability",
        arguments={"service": "checkup", "date": "2026-02-11"},
        call=CallRef("neutral", "c1", ADA, LINE),
    )
    begun = asyncio.get_running_loop().time()

    reply = await practice.parts.dispatch.run(
        access.business, request, now=practice.clock(), arrived=begun - 1.5
    )

    assert reply.status == "technical_fault"
    assert asyncio.get_running_loop().time() - begun < READ_SECONDS - 1.5 + SLACK_SECONDS


async def test_with_everything_frozen_callers_still_hear_something(
    practice: Practice, machines: Machines
) -> None:
    """And it is over when it is over: nothing has to be started anew."""
    call = practice.call(ADA)
    checked = await check(call)
    await practice.bookkeeping_done()
    await practice.misbehave("*", "hang", times=20, seconds=20.0)
    with machines.frozen("valkey"), machines.frozen("postgres"):
        booking, checking = await asyncio.gather(
            book(call, checked["slots"][0]["id"]), check(practice.call("+493023125094"))
        )
    assert booking["status"] == checking["status"] == "technical_fault"
    (await practice.calendar_http.delete("/_sandbox/faults")).raise_for_status()

    await eventually(lambda: is_well_again(practice))

    assert (await book(call, checked["slots"][0]["id"]))["status"] == "booked"
    assert len(await practice.bookings_at_calcom()) == 1


async def test_days_seen_before_are_offered_while_the_calendar_is_down(practice: Practice) -> None:
    """Also those of which something has changed since; and they are offered with a doubt."""
    call = practice.call(ADA)
    checked = await check(call)
    assert (await book(call, checked["slots"][0]["id"]))["status"] == "booked"
    practice.clock.advance(hours=2)
    await practice.misbehave("*", "error_before", times=200)

    other = practice.call("+493023125096")
    seen = await check(other, "2026-02-11", None)
    unseen = await check(other, "2026-03-24", None)

    assert seen["status"] == "available"
    assert "slow" in seen["say"]
    ours = (checked["slots"][0]["start"], checked["slots"][0]["staff"])
    assert ours not in {(slot["start"], slot["staff"]) for slot in seen["slots"]}
    assert unseen["status"] == "technical_fault"
    assert unseen["say"]


async def test_a_wish_while_the_calendar_is_down_is_a_request_at_once(practice: Practice) -> None:
    call = practice.call(ADA)
    checked = await check(call)
    await practice.misbehave("*", "error_before", times=200)
    for n in range(4):
        await check(practice.call(f"+49302312505{n}"), f"2026-03-{3 + 7 * n:02}", None)
    before = dict(await practice.requests_at_calcom())

    reply = await book(call, checked["slots"][0]["id"])

    assert (reply["status"], reply["booked"]) == ("requested", False)
    assert await practice.requests_at_calcom() == before, "the breaker has spoken"
    (row,) = await practice.rows()
    assert (row["state"], row["calcom_uid"]) == ("queued", None)
    assert row["due_at"]


async def test_f_062_a_host_who_is_busy_is_no_outage(practice: Practice) -> None:
    """Other times at once, one request and no more, and the breaker has not heard of it."""
    call = practice.call(ADA)
    checked = await check(call, "2026-02-12", "14:00")
    taken = checked["slots"][0]
    for event_type_id in (1, 2):
        wish = {
            "start": "2026-02-12T13:00:00Z",
            "name": "Walk In",
            "email": "walk@in.example",
            "eventTypeId": event_type_id,
        }
        (await practice.calendar_http.post("/_sandbox/bookings", json=wish)).raise_for_status()

    reply = await book(call, taken["id"])

    assert (reply["ok"], reply["status"]) == (True, "slot_taken")
    assert len(reply["slots"]) >= 2
    assert (await practice.requests_at_calcom())["create_booking"] == 1
    assert counted("slotline_calcom_breaker_open", business="praxis") == 0.0


@pytest.mark.parametrize("redis", ["there", "away"])
async def test_f_072_the_twenty_first_tool_call_in_a_minute_is_slowed_down(
    practice: Practice, machines: Machines, redis: str
) -> None:
    call = practice.call(ADA)
    await check(call)
    await practice.bookkeeping_done()

    async def ask_on() -> None:
        for _ in range(19):
            assert (await check(call))["status"] == "available"
        limited = await check(call)
        assert (limited["ok"], limited["status"]) == (True, "limited")
        assert (await check(practice.call(ADA)))["status"] == "available", "another call may"

    if redis == "away":
        with machines.frozen("valkey"):
            await ask_on()
    else:
        await ask_on()
    practice.clock.advance(minutes=1)
    assert (await check(call))["status"] == "available"


async def test_f_087_books_that_cannot_be_kept_do_not_touch_a_booking(
    practice: Practice, machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a missing table, nor a broken metric, nor a broken log line."""

    def broken(*_: object, **__: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(metrics, "tool_call", broken)
    call = practice.call(ADA)
    with psycopg.connect(machines.addresses.database_owner_url, autocommit=True) as owner:
        owner.execute("ALTER TABLE tool_call RENAME TO tool_call_gone")
        try:
            checked = await check(call)
            booked = await book(call, checked["slots"][0]["id"])
        finally:
            owner.execute("ALTER TABLE tool_call_gone RENAME TO tool_call")
    assert booked["status"] == "booked"
