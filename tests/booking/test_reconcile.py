"""Comparing our records with Cal.com: what is found, what is mended, what is left to humans."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from booking.business import Business
from booking.reconcile import Reconciler, Report
from calcom.errors import CalcomError
from db.states import Quarrel
from server.wiring import open_core
from tests.practice import ADA, Practice

HALF_PAST_TWO = "2026-02-11T13:30:00Z"


@dataclass(frozen=True, slots=True)
class Office:
    """A practice whose webhooks reach nobody, and the comparison that finds out all the same."""

    practice: Practice
    business: Business
    reconciler: Reconciler

    async def in_full(self, *, dry_run: bool = False) -> Report:
        return await self.reconciler.run(
            self.business, since=None, now=self.practice.clock(), dry_run=dry_run
        )

    async def catch_up(self) -> Report:
        return await self.reconciler.catch_up(self.business, now=self.practice.clock())

    async def web(self, path: str, **body: object) -> dict[str, Any]:
        """Do something in the web UI."""
        answer = await self.practice.calendar_http.post(f"/_sandbox/bookings{path}", json=body)
        answer.raise_for_status()
        return answer.json()["data"]  # type: ignore[no-any-return]

    async def web_booking(self, start: str = HALF_PAST_TWO, **more: object) -> dict[str, Any]:
        person = {"name": "Rosa Winter", "email": "rosa@example.com"}
        return await self.web("", start=start, **person, **more)

    async def by_phone(self, at: str = "14:30") -> dict[str, Any]:
        """A booking by phone, as our record has it."""
        call = self.practice.call(ADA)
        checked = await call.ask(
            "check_availability", service="checkup", date="2026-02-11", time=at, staff="Anna"
        )
        told = await call.ask("book", slot=checked["slots"][0]["id"], confirmed=True)
        assert told["status"] == "booked"
        return (await self.practice.rows())[-1]

    async def execute(self, sql: str, **params: object) -> None:
        """Change a record as no code of ours would."""
        async with self.practice.database.transaction(self.practice.id) as tx:
            await tx.run(sql, params)

    async def flags(self) -> list[str]:
        async with self.practice.database.single(self.practice.id) as tx:
            return await tx.all("SELECT kind FROM flag ORDER BY kind", into=str)

    @property
    def held(self) -> dict[str, Any]:
        """What Cal.com holds, by uid."""
        world = self.practice.calendar.state.sandbox.world
        return world.bookings  # type: ignore[no-any-return]


@pytest.fixture
async def office(practice: Practice) -> AsyncIterator[Office]:
    async with _opened(practice) as office:
        yield office


@asynccontextmanager
async def _opened(practice: Practice) -> AsyncIterator[Office]:
    access = await practice.parts.directory.access(practice.slug)
    assert access
    async with open_core(practice.settings, transport=practice.transport) as core:
        yield Office(practice, access.business, core.reconciler)


async def test_where_all_agrees_only_the_list_is_read(office: Office) -> None:
    await office.by_phone("14:30")
    await office.by_phone("16:00")
    asked = dict(await office.practice.requests_at_calcom())

    report = await office.in_full()

    assert (report.compared, report.in_line) == (2, 2)
    assert (report.consistency, report.orphan_rate) == (1.0, 0.0)
    assert report.failures == []
    now_asked = await office.practice.requests_at_calcom()
    more = {name: n - asked.get(name, 0) for name, n in now_asked.items() if n != asked.get(name)}
    assert sum(more.values()) == 1


async def test_f_034_what_no_webhook_told_is_found(office: Office) -> None:
    """Made, moved and cancelled in the web UI; the webhooks went to nobody."""
    moved = await office.by_phone("09:00")
    cancelled = await office.by_phone("10:00")
    made = await office.web_booking()
    successor = await office.web(f"/{moved['calcom_uid']}/move", start="2026-02-12T09:20:00Z")
    await office.web(f"/{cancelled['calcom_uid']}/cancel")

    report = await office.catch_up()

    rows = {row["id"]: row for row in await office.practice.rows()}
    assert rows[moved["id"]]["calcom_uid"] == successor["uid"]
    assert datetime.fromisoformat(rows[moved["id"]]["start_at"]) == datetime(
        2026, 2, 12, 9, 20, tzinfo=UTC
    )
    assert rows[cancelled["id"]]["state"] == "cancelled"
    (foreign,) = [row for row in rows.values() if row["origin"] == "calcom"]
    assert (foreign["calcom_uid"], foreign["state"]) == (made["uid"], "confirmed")
    assert (report.followed, report.adopted) == (2, 1)
    again = await office.catch_up()
    assert (again.followed, again.adopted, again.consistency) == (0, 0, 1.0)


async def test_the_watermark_lets_the_old_be(office: Office) -> None:
    """What has not changed since is not looked at, but for a few minutes of overlap."""
    await office.web_booking("2026-02-11T09:00:00Z")
    first = await office.catch_up()
    office.practice.clock.advance(minutes=30)
    await office.catch_up()
    office.practice.clock.advance(minutes=30)
    await office.web_booking("2026-02-12T09:00:00Z")

    second = await office.catch_up()

    assert (first.in_full, first.adopted) == (True, 1)
    assert (second.in_full, second.compared, second.adopted) == (False, 1, 1)
    watermark = await office.reconciler.watermark(office.business)
    assert watermark == office.practice.clock()


async def test_a_list_that_cannot_be_read_moves_no_watermark(office: Office) -> None:
    await office.catch_up()
    before = await office.reconciler.watermark(office.business)
    office.practice.clock.advance(minutes=10)
    await office.practice.misbehave("list", "error_before", times=9)

    with pytest.raises(CalcomError):
        await office.catch_up()

    assert await office.reconciler.watermark(office.business) == before


async def test_an_orphan_of_an_unsettled_wish_finds_its_record(office: Office) -> None:
    """Booked there, the answer lost, and every worker dead."""
    call = office.practice.call(ADA)
    checked = await call.ask(
        "check_availability", service="checkup", date="2026-02-11", time="14:30"
    )
    await office.practice.misbehave("create_booking", "drop_answer")
    await call.ask("book", slot=checked["slots"][0]["id"], confirmed=True)
    office.practice.clock.advance(minutes=5)

    report = await office.in_full()

    (row,) = await office.practice.rows()
    (held,) = await office.practice.bookings_at_calcom()
    assert (row["state"], row["calcom_uid"]) == ("confirmed", held["uid"])
    assert report.orphans == 0
    assert report.ours_there == 1


async def test_a_booking_that_came_after_we_gave_up_is_undone(office: Office) -> None:
    """The caller was told that it came to nothing: the orphan must not stand."""
    ours = await office.by_phone()
    await office.execute(
        "UPDATE booking SET state = 'failed', calcom_uid = NULL, failure = 'slot_taken'"
    )
    await office.execute("DELETE FROM booking_uid")

    report = await office.in_full()

    assert await office.practice.bookings_at_calcom() == []
    assert (report.undone, report.orphans) == (1, 1)
    (row,) = await office.practice.rows()
    assert (row["id"], row["state"]) == (ours["id"], "failed")
    assert (await office.in_full()).orphans == 0


async def test_what_was_told_as_cancelled_and_stands_is_for_a_human(office: Office) -> None:
    """Confirmed anew in the web UI, or never cancelled: neither side is overruled."""
    ours = await office.by_phone()
    await office.execute("UPDATE booking SET state = 'cancelled'")

    report = await office.in_full()
    await office.in_full()

    (failure,) = report.failures
    assert failure.kind is Quarrel.STANDS_THOUGH_DEAD
    assert str(failure.booking_id) == ours["id"]
    assert "calcom" not in str(failure.theirs)
    assert ours["calcom_uid"] not in str(failure)
    assert await office.flags() == ["sync_failure"]
    assert (await office.practice.rows())[0]["state"] == "cancelled"
    assert len(await office.practice.bookings_at_calcom()) == 1

    await office.web(f"/{ours['calcom_uid']}/cancel")
    assert (await office.in_full()).failures == []


async def test_a_record_that_cal_com_has_never_heard_of_is_for_a_human(office: Office) -> None:
    ours = await office.by_phone()
    real = office.held.pop(ours["calcom_uid"])

    report = await office.in_full()

    (failure,) = report.failures
    assert failure.kind is Quarrel.UNKNOWN_THERE
    assert (await office.practice.rows())[0]["state"] == "confirmed"
    office.held[ours["calcom_uid"]] = real
    assert (await office.in_full()).failures == []


async def test_a_cancelled_booking_that_is_no_longer_listed_is_followed(office: Office) -> None:
    ours = await office.by_phone()
    there = office.held[ours["calcom_uid"]]
    there.status, there.start, there.end = (
        "cancelled",
        there.start - timedelta(days=9),
        there.end - timedelta(days=9),
    )

    report = await office.in_full()

    assert report.followed == 1
    assert (await office.practice.rows())[0]["state"] == "cancelled"


async def test_two_bookings_of_one_record_are_for_a_human(office: Office) -> None:
    """Three parallel moves make three bookings at Cal.com."""
    ours = await office.by_phone()
    twin = office.held[ours["calcom_uid"]].model_copy(
        deep=True, update={"id": 99, "uid": "theTwin", "idempotency_key": None}
    )
    office.held["theTwin"] = twin

    report = await office.in_full()

    assert [failure.kind for failure in report.failures] == [Quarrel.TWIN]
    (row,) = await office.practice.rows()
    assert row["calcom_uid"] == ours["calcom_uid"]
    twin.status = "cancelled"
    assert (await office.in_full()).failures == []


async def test_a_dry_run_says_all_and_does_nothing(office: Office) -> None:
    moved = await office.by_phone("11:00")
    await office.web(f"/{moved['calcom_uid']}/move", start="2026-02-12T09:00:00Z")
    await office.web_booking()
    before = await office.practice.rows()

    report = await office.in_full(dry_run=True)

    assert (report.followed, report.adopted) == (1, 1)
    assert await office.practice.rows() == before
    assert await office.reconciler.watermark(office.business) is None


async def test_f_051_a_wish_whose_trigger_was_lost_is_put_back_into_the_queue(
    office: Office,
) -> None:
    """No due date, so no worker would ever see it; after ten minutes somebody is told."""
    call = office.practice.call(ADA)
    checked = await call.ask(
        "check_availability", service="checkup", date="2026-02-11", time="15:00"
    )
    await office.practice.misbehave("create_booking", "error_before")
    await call.ask("book", slot=checked["slots"][0]["id"], confirmed=True)
    await office.execute("UPDATE booking SET due_at = NULL")
    office.practice.clock.advance(minutes=11)

    report = await office.in_full()

    (row,) = await office.practice.rows()
    assert datetime.fromisoformat(row["due_at"]) == office.practice.clock()
    assert "unsettled" in await office.flags()
    assert report.oldest_unsettled is not None
    assert report.oldest_unsettled >= timedelta(minutes=11)


async def test_f_050_a_record_says_confirmed_only_with_its_booking(office: Office) -> None:
    """Of every confirmed record the calendar holds the booking, at that time."""
    await office.by_phone("08:30")
    await office.web_booking()
    await office.in_full()

    held = {booking["uid"]: booking for booking in await office.practice.bookings_at_calcom()}
    for row in await office.practice.rows():
        assert row["state"] == "confirmed"
        there = held[row["calcom_uid"]]
        assert datetime.fromisoformat(there["start"]) == datetime.fromisoformat(row["start_at"])


@pytest.mark.parametrize(
    "answer",
    [
        b"<html>",
        b'{"status":"success","data":{"bookings":[]}}',
        b'{"status":"success","data":[{"uid":"x","status":"ACCEPTED"}]}',
        b'{"status":"success","data":null}',
    ],
)
async def test_a_list_of_another_shape_changes_nothing(office: Office, answer: bytes) -> None:
    """The other API version answers 200 with a shape of its own."""
    await office.by_phone("13:30")
    before = await office.practice.rows()

    async def speak(scope: Any, receive: Any, send: Any) -> None:
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answer})

    office.practice.transport.app = speak  # type: ignore[attr-defined]
    with pytest.raises(CalcomError):
        await office.in_full()

    assert await office.practice.rows() == before


async def test_f_074_another_businesss_records_are_not_there(
    office: Office,
) -> None:
    """Its booking carries our mark, and its record is behind the wall: nobody's, for us."""
    ours = await office.by_phone()
    uid = ours["calcom_uid"]
    office.held[uid].metadata["slotline_booking_id"] = "0b0f2f7e-3c52-4d35-9d60-5d1d1f8c6c11"
    await office.execute("DELETE FROM booking_uid")
    await office.execute("UPDATE booking SET calcom_uid = 'somewhere-else'")

    report = await office.in_full()

    assert Quarrel.UNRECORDED in {failure.kind for failure in report.failures}
    assert report.orphans == 1
    assert len(await office.practice.bookings_at_calcom()) == 1


async def test_what_is_being_booked_meanwhile_is_no_orphan(office: Office) -> None:
    """Its record is written after ours were read, and before Cal.com's list is."""
    records = office.reconciler._records

    async def read_before_the_booking(business: Business, *, now: datetime) -> Any:
        found = await records(business, now=now)
        await office.by_phone("09:30")
        return found

    office.reconciler._records = read_before_the_booking  # type: ignore[method-assign]
    report = await office.in_full()

    assert (report.ours_there, report.orphans) == (1, 0)
    assert (report.consistency, report.failures) == (1.0, [])


async def test_what_a_worker_is_settling_is_left_to_it(office: Office) -> None:
    call = office.practice.call(ADA)
    checked = await call.ask(
        "check_availability", service="checkup", date="2026-02-11", time="14:00", staff="Anna"
    )
    await office.practice.misbehave("create_booking", "drop_answer")
    await call.ask("book", slot=checked["slots"][0]["id"], confirmed=True)

    report = await office.in_full()

    assert (report.waiting, report.orphans, report.compared) == (1, 0, 0)
    assert (await office.practice.rows())[0]["state"] == "pending"
