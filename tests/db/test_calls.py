"""Calls: one record, whatever arrives first."""

import asyncio
import json
from uuid import UUID, uuid4

import pytest
from psycopg.errors import InvalidTextRepresentation

from db import calls
from db.calls import ToolCallRow
from db.database import Database
from db.errors import NotInRange
from db.states import CallState, Direction
from tests.db.conftest import NOW, Salon, called


async def test_f_069_a_call_has_one_record_whatever_arrives_first(
    db: Database, salon: Salon
) -> None:
    """Tool calls, the platform's events and their repetitions, all at once."""
    ids = await asyncio.gather(*(called(db, salon) for _ in range(15)))

    assert len(set(ids)) == 1
    async with db.single(salon.id) as tx:
        assert await tx.one("SELECT count(*) FROM call", into=int) == 1
        call = await calls.get(tx, id=ids[0])
    assert call is not None
    assert (call.state, call.direction, call.started_at) == (
        CallState.ONGOING,
        Direction.INBOUND,
        NOW,
    )


async def test_what_the_first_arrival_did_not_know_is_added(db: Database, salon: Salon) -> None:
    first = await called(db, salon, caller=None)
    second = await called(db, salon, caller="+491701234567")
    third = await called(db, salon, caller="+491709999999")

    async with db.single(salon.id) as tx:
        call = await calls.get(tx, id=first)
    assert first == second == third
    assert call is not None
    assert call.caller_number == "+491701234567"


async def test_a_known_call_is_read_without_writing(db: Database, salon: Salon) -> None:
    """Each tool call asks for its call: a version of the row for each would bloat the table."""
    await called(db, salon)
    version = "SELECT xmin::text || ctid::text FROM call"
    async with db.single(salon.id) as tx:
        before = await tx.one(version, into=str)

    await called(db, salon)

    async with db.single(salon.id) as tx:
        assert await tx.one(version, into=str) == before


async def test_the_same_id_on_another_platform_is_another_call(db: Database, salon: Salon) -> None:
    first = await called(db, salon)
    async with db.single(salon.id) as tx:
        second = await calls.ensure(
            tx,
            id=uuid4(),
            platform="vapi",
            platform_call_id="c1",
            line_id=None,
            caller_number=None,
            language="de",
            now=NOW,
        )
    assert second.id != first


async def test_memory_is_kept_as_a_structure(db: Database, salon: Salon) -> None:
    call = await called(db, salon)
    memory = {
        "version": 1,
        "name": "Zoë O'Neill",
        "offers": [{"id": "A", "free": True}],
        "at": None,
        "%": "\\",
    }

    async with db.single(salon.id) as tx:
        await calls.keep(tx, memories={call: json.dumps(memory)}, tool_calls=[])
        kept = await calls.get(tx, id=call)
        name = await tx.one("SELECT memory->>'name' FROM call", into=str)
    assert kept is not None
    assert kept.memory == memory
    assert name == "Zoë O'Neill"


async def test_a_late_copy_of_a_memory_replaces_none_that_is_newer(
    db: Database, salon: Salon
) -> None:
    call = await called(db, salon)

    for version in (1, 3, 2):
        async with db.single(salon.id) as tx:
            await calls.keep(tx, memories={call: f'{{"version": {version}}}'}, tool_calls=[])

    async with db.single(salon.id) as tx:
        kept = await calls.get(tx, id=call)
    assert kept is not None
    assert kept.memory == {"version": 3}


async def test_a_request_is_kept_once(db: Database, salon: Salon) -> None:
    call = await called(db, salon)

    for call_id, request in (
        (call, "r1"),
        (call, "r1"),
        (call, "r2"),
        (call, None),
        (call, None),
        (None, "r1"),
    ):
        await tool_called(db, salon, call_id, request)

    async with db.single(salon.id) as tx:
        said = await tx.all("SELECT reply->>'say' FROM tool_call", into=str)
    assert said == ["Good day."] * 5


async def test_f_080_a_reply_must_be_a_structure(db: Database, salon: Salon) -> None:
    call = await called(db, salon)

    with pytest.raises(NotInRange, match="reply_is_object"):
        await tool_called(db, salon, call, "r1", reply=json.dumps(json.dumps({"say": "twice"})))
    with pytest.raises(InvalidTextRepresentation):
        await tool_called(db, salon, call, "r1", reply="no JSON at all")


async def test_an_entry_that_is_written_again_is_kept_once(db: Database, salon: Salon) -> None:
    same = uuid4()
    for _ in range(2):
        await tool_called(db, salon, None, None, id_=same)

    async with db.single(salon.id) as tx:
        assert await tx.only("SELECT count(*) FROM tool_call", into=int) == 1


async def tool_called(
    db: Database,
    salon: Salon,
    call: UUID | None,
    request: str | None,
    *,
    reply: str = '{"say": "Good day."}',
    id_: UUID | None = None,
) -> None:
    tool_call = ToolCallRow(
        id=id_ or uuid4(),
        call_id=call,
        request_id=request,
        tool="check_availability",
        arguments={"date": "tomorrow"},
        status="available",
        ok=True,
        reply=reply,
        started_at=NOW,
        duration_ms=12.5,
    )
    async with db.single(salon.id) as tx:
        await calls.keep(tx, memories={}, tool_calls=[tool_call])
