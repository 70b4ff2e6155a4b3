"""Between platform and tool: one call, one memory; every request answered and recorded."""

import asyncio
import json
from typing import Any

import pytest
from redis.asyncio import Redis

from server.wire import CallRef, ToolRequest, UnknownTool
from tests.practice import ADA, LINE, Practice


async def tool_calls(practice: Practice) -> list[dict[str, Any]]:
    await practice.bookkeeping_done()
    async with practice.database.single(practice.id) as tx:
        text = await tx.only("SELECT coalesce(json_agg(t), '[]')::text FROM tool_call t", into=str)
    rows: list[dict[str, Any]] = json.loads(text)
    return rows


async def test_a_call_goes_on_when_redis_has_lost_it(practice: Practice, redis_url: str) -> None:
    """The copy in the database answers, offers and read-back included."""
    call = practice.call(ADA)
    checked = await call.ask(
        "check_availability", service="checkup", date="2026-02-11", time="9:00"
    )
    await practice.bookkeeping_done()
    async with Redis.from_url(redis_url) as redis:
        await redis.flushdb()

    booked = await call.ask("book", slot=checked["slots"][0]["id"], confirmed=True)

    assert booked["status"] == "booked"


async def test_f_046_parallel_calls_never_share_a_memory(practice: Practice) -> None:
    """Whatever identifiers the model puts into the arguments."""
    calls = [practice.call(f"+4930231251{n:02}") for n in range(8)]
    days = ["2026-02-11", "2026-02-12"] * 4

    async def ring(position: int) -> str:
        call = calls[position]
        await call.ask(
            "check_availability",
            service="checkup",
            date=days[position],
            time=f"{9 + position}:00",
            call_id="0",
        )
        named = await call.ask("verify_name", name="Marta Ehlers", call_id="None")
        return str(named["say"])

    said = await asyncio.gather(*(ring(position) for position in range(3)))

    assert "Wednesday, February 11, at 9 in the morning" in said[0]
    assert "Thursday, February 12, at 10 in the morning" in said[1]
    assert "Wednesday, February 11, at 11 in the morning" in said[2]


async def test_f_085_each_request_leaves_one_record_with_its_outcome(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = practice.call(ADA)
    for n in range(6):
        await call.ask("check_availability", request_id=str(n), service="checkup", date="tomorrow")
    await call.ask("check_availability", request_id="0", service="checkup", date="tomorrow")

    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(practice.desk, "find", broken)
    for n in range(6, 9):
        failed = await call.ask("check_availability", request_id=str(n), service="checkup")
        assert (failed["ok"], failed["status"]) == (False, "technical_fault")
        assert failed["say"]
        assert "bug" not in str(failed)

    rows = await tool_calls(practice)
    assert sorted(row["request_id"] for row in rows) == [str(n) for n in range(9)]
    assert [row["ok"] for row in sorted(rows, key=lambda row: str(row["request_id"]))] == [
        *[True] * 6,
        *[False] * 3,
    ]
    assert all(row["duration_ms"] > 0 and row["reply"]["say"] for row in rows)


async def test_f_076_an_unknown_line_is_refused_politely_and_writes_nothing(
    practice: Practice,
) -> None:
    access = await practice.parts.directory.access(practice.slug)
    assert access
    request = ToolRequest(
        tool="check_availability",
        arguments={"service": "checkup"},
        call=CallRef("neutral", "c1", ADA, "+493023125555"),
    )

    reply = await practice.parts.dispatch.run(access.business, request, now=practice.parts.clock())

    assert reply.status == "not_permitted"
    async with practice.database.single(practice.id) as tx:
        assert await tx.only("SELECT count(*) FROM call", into=int) == 0


async def test_an_unknown_tool_is_no_tool(practice: Practice) -> None:
    access = await practice.parts.directory.access(practice.slug)
    assert access
    request = ToolRequest("make_coffee", {}, CallRef("neutral", "c1", ADA, LINE))
    with pytest.raises(UnknownTool, match="make_coffee"):
        await practice.parts.dispatch.run(access.business, request, now=practice.parts.clock())


async def test_the_dialled_number_may_be_written_in_any_way(practice: Practice) -> None:
    access = await practice.parts.directory.access(practice.slug)
    assert access
    for spelled in ("+49 30 23125 010", "004930 23125-010", None):
        request = ToolRequest(
            "check_availability",
            {"service": "checkup", "date": "tomorrow"},
            CallRef("neutral", f"c{spelled}", ADA, spelled),
        )
        reply = await practice.parts.dispatch.run(
            access.business, request, now=practice.parts.clock()
        )
        assert reply.status == "available", spelled


async def test_f_084_ninety_equal_checks_are_one_request(practice: Practice) -> None:
    calls = [practice.call(f"+4930231252{n:02}") for n in range(90)]
    for call in calls:
        await call.ask("verify_name", name="Marta Ehlers")
    before = (await practice.requests_at_calcom()).get("slots", 0)

    await asyncio.gather(
        *(call.ask("check_availability", service="checkup", date="2026-03-05") for call in calls)
    )

    assert (await practice.requests_at_calcom())["slots"] - before == 2, "one for each dentist"
