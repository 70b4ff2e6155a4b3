"""Calls that are over are held against the rules, once what platforms tell of them is there."""

import io
import json
from dataclasses import replace
from typing import Any

from calls.log import CallLog
from calls.report import CallReport, Said
from db.states import Ending, Role
from server import journal
from server.settings import Log, Settings
from server.wiring import open_worker
from tests.practice import ADA, Caller, Practice

SAID_SO = Said(Role.AGENT, "You are booked for Tuesday at 2:30.", 61_000, 63_000)


async def told(practice: Practice, call: Caller, *turns: Said, words: bool = True) -> None:
    """The platform tells that a call is over, with its words or without."""
    report = CallReport(
        platform="neutral",
        platform_call_id=call.call_id,
        caller=call.number,
        is_over=True,
        ending=Ending.CALLER_HUNG_UP,
        ended_at=practice.clock(),
    )
    await CallLog(practice.database).tell(
        practice.id,
        replace(report, turns=turns) if words else report,
        line_id=None,
        caller=call.number,
        language="en",
        now=practice.clock(),
    )


async def work(practice: Practice, settings: Settings | None = None, **later: float) -> None:
    """Let time pass and a worker do what is due."""
    practice.clock.advance(**later)
    async with open_worker(
        settings or practice.settings,
        clock=practice.clock,
        transport=practice.transport,
        gated=False,
    ) as worker:
        while await worker.work_once():
            pass


async def flags(practice: Practice) -> list[dict[str, Any]]:
    async with practice.database.single(practice.id) as tx:
        text = await tx.only(
            "SELECT coalesce(json_agg(f ORDER BY kind), '[]')::text FROM flag f", into=str
        )
    return json.loads(text)  # type: ignore[no-any-return]


async def check(practice: Practice) -> Caller:
    call = practice.call(ADA)
    await call.ask("check_availability", service="checkup", date="2026-02-11", time="14:30")
    await practice.bookkeeping_done()
    practice.clock.advance(minutes=1)
    return call


async def test_what_was_told_and_never_booked_is_flagged_where_it_was_said(
    practice: Practice,
) -> None:
    call = await check(practice)
    await told(practice, call, SAID_SO)

    await work(practice)
    assert await flags(practice) == []  # more may be told of it
    await work(practice, minutes=1)

    by_kind = {flag["kind"]: flag for flag in await flags(practice)}
    flag = by_kind["told_without_booking"]
    assert (flag["severity"], flag["at_ms"], flag["note"]) == ("critical", 61_000, SAID_SO.text)
    assert flag["call_id"]


async def test_a_call_is_judged_once_its_words_are_there(practice: Practice) -> None:
    """And what somebody has looked at stays looked at."""
    call = await check(practice)
    await told(practice, call, words=False)
    await work(practice, minutes=2)
    assert await flags(practice) == []

    await told(practice, call, SAID_SO)
    await work(practice, minutes=3)
    assert "told_without_booking" in {flag["kind"] for flag in await flags(practice)}


async def test_a_call_whose_words_never_come_is_judged_by_its_tools(practice: Practice) -> None:
    call = await check(practice)
    await told(practice, call, words=False)
    for _ in range(3):
        await work(practice, minutes=16)
    assert [flag["kind"] for flag in await flags(practice)] == ["hung_up_midway"]


async def test_a_booking_whose_caller_was_gone_names_the_booking(practice: Practice) -> None:
    call = practice.call(ADA)
    checked = await call.ask(
        "check_availability", service="checkup", date="2026-02-11", time="14:30"
    )
    await call.ask("book", slot=checked["slots"][0]["id"], confirmed=True)
    await practice.bookkeeping_done()
    await told(practice, call, Said(Role.CALLER, "Yes.", 0, 500))
    await work(practice, minutes=1)

    [flag] = await flags(practice)
    [row] = await practice.rows()
    assert (flag["kind"], flag["booking_id"]) == ("booked_unheard", row["id"])


async def test_f_091_no_log_line_tells_who_called_or_what_was_said(practice: Practice) -> None:
    """A whole call, from the first tool to the flags after it."""
    sink = io.StringIO()
    with journal.opened(Log(level="debug", format="json"), sink):
        call = practice.call(ADA)
        await call.ask("verify_name", name="Ada Lindqvist", spelled="L I N D Q V I S T")
        checked = await call.ask(
            "check_availability", service="checkup", date="2026-02-11", time="14:30"
        )
        await call.ask("book", slot=checked["slots"][0]["id"], confirmed=True)
        await call.ask("request_callback", reason="call my husband on +49 171 2345678")
        await practice.bookkeeping_done()
        await told(practice, call, Said(Role.CALLER, "I am Ada Lindqvist, +49 171 2345678.", 0, 1))
        await work(practice, minutes=1)
    [row] = await practice.rows()
    lines = sink.getvalue()
    assert lines.count('"tool_call"') >= 4
    for secret in (
        ADA,
        ADA[3:],
        "Lindqvist",
        "2345678",
        "husband",
        row["attendee_email"],
        row["calcom_uid"],
    ):
        assert secret not in lines
