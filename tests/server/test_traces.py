"""A call becomes one trace, whoever writes its parts, and no trouble with it is a caller's."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from pydantic import SecretStr

from db.states import Role
from server import metrics
from server.settings import Langfuse as Settings
from server.traces import (
    CallKey,
    CallSpan,
    Generation,
    NoTraces,
    RequestSpan,
    Score,
    ToolSpan,
    Traces,
    TurnSpan,
    veiling,
)
from server.traces.traces import tracing
from server.wiring import open_worker
from tests.practice import ADA, Practice
from tests.server.langfuse import Langfuse, receiving
from tests.server.test_flags import SAID_SO, check, told

CALL = CallKey(UUID(int=7), "retell", "call_1")
NOW = 1_770_000_000.0

SPEECH = "I am Ada Lindqvist, +49 171 2345678, ada@example.com, on 2026-02-10."


def settings(langfuse: Langfuse, **other: object) -> Settings:
    """With a key of its own: clients are one a key in a process."""
    return Settings.model_validate(
        {
            "public_key": f"pk-{uuid4().hex}",
            "secret_key": SecretStr("sk-test"),
            "host": langfuse.host,
            "environment": "test",
            **other,
        }
    )


@asynccontextmanager
async def writing(langfuse: Langfuse, **other: object) -> AsyncIterator[Traces]:
    """Traces, all of which have arrived when the context is left."""
    traces = Traces(settings(langfuse, **other))
    yield traces
    await asyncio.to_thread(traces.close, 30)


def tool() -> ToolSpan:
    reply = {
        "ok": True,
        "status": "booked",
        "say": "You are booked.",
        "known": {"name": "Ada Lind"},
    }
    request = RequestSpan("POST /v2/bookings", "answered", NOW + 1.1, 0.4)
    arguments = {"slot": "A", "name": "Ada Lind", "reason": "my husband said so"}
    return ToolSpan(
        CALL, "book", arguments, json.dumps(reply), "booked", True, NOW + 2, 1.0, [request]
    )


def call(**other: object) -> CallSpan:
    whole = CallSpan(
        CALL,
        uuid4(),
        "praxis",
        "en",
        "caller_hung_up",
        ADA,
        ["Ada Lindqvist"],
        NOW,
        NOW + 30,
        [TurnSpan(Role.CALLER, SPEECH, NOW + 3, NOW + 5)],
        [Score(CALL, "flag", "long_silence", "flag-1")],
    )
    return replace(whole, **other)  # type: ignore[arg-type]


async def test_parts_of_a_call_are_one_trace_with_true_times() -> None:
    """Also if servers and workers write them, in any order."""
    async with receiving() as langfuse, writing(langfuse) as one, writing(langfuse) as other:
        one.put(tool())
        one.put(Generation(CALL, "gpt", "digest0", NOW + 4, 1.5, 0.4, 900, 20, 2))
        other.put(call())

    root, book = langfuse.named("call"), langfuse.named("book")
    request, turn = langfuse.named("POST /v2/bookings"), langfuse.named("turn")
    assert {span.trace for span in langfuse.spans} == {f"{CALL.trace_id:032x}"}
    assert root.parent == ""
    assert book.parent == turn.parent == root.id == f"{CALL.root_id:016x}"
    assert langfuse.named("caller").parent == root.id
    assert request.parent == book.id
    assert (round(book.started - NOW, 3), round(book.ended - NOW, 3)) == (1.0, 2.0)
    assert (round(request.started - NOW, 3), round(request.ended - NOW, 3)) == (1.1, 1.5)
    assert book.told["langfuse.observation.type"] == "tool"
    assert turn.told["langfuse.observation.type"] == "generation"
    assert json.loads(turn.told["langfuse.observation.usage_details"]) == {
        "input": 900,
        "output": 20,
    }
    assert turn.told["langfuse.observation.metadata.prompt"] == "digest0"
    assert "2026-02-02T02:40:02.9" in turn.told["langfuse.observation.completion_start_time"]
    assert all(span.told["session.id"] == f"{CALL.trace_id:032x}" for span in langfuse.spans)
    [score] = langfuse.scores
    assert (score["traceId"], score["value"], score["id"]) == (root.trace, "long_silence", "flag-1")


async def test_f_091_a_trace_tells_nobody_who_called() -> None:
    async with receiving() as langfuse, writing(langfuse) as traces:
        traces.put(tool())
        traces.put(call())
    book = langfuse.named("book")
    shown = json.loads(book.told["langfuse.observation.input"])
    assert shown == {"slot": "A", "name": "A. L.", "reason": "[not traced]"}
    assert langfuse.named("caller").told["langfuse.observation.output"] == "[not traced]"
    for secret in (b"Lind", b"husband", b"2345678", ADA[3:].encode(), b"ada@", b"You are booked"):
        assert secret not in langfuse.raw


async def test_f_091_who_wants_the_words_gets_them_without_names_and_numbers() -> None:
    async with receiving() as langfuse, writing(langfuse, words=True) as traces:
        traces.put(call())
    said = langfuse.named("caller").told["langfuse.observation.output"]
    assert said == "I am A. L., +49…78, a…@….com, on 2026-02-10."


def test_names_are_found_in_any_case_and_only_as_words() -> None:
    said = veiling.speech("ada? Adamant ADA.", names=["Ada Li"], is_wanted=True)
    assert said == "A.? Adamant A.."


async def test_a_langfuse_that_hangs_holds_nobody_up_and_what_it_cannot_take_is_counted() -> None:
    lost = metrics.REGISTRY.get_sample_value("slotline_trace_records_lost_total") or 0.0
    async with receiving() as langfuse:
        langfuse.hangs = True
        traces = Traces(settings(langfuse), room=10)
        for _ in range(1_000):
            traces.put(tool())
        await asyncio.to_thread(traces.close, 0.1)
    counted = metrics.REGISTRY.get_sample_value("slotline_trace_records_lost_total") or 0.0
    assert counted > lost


async def test_a_record_that_cannot_be_written_costs_no_other() -> None:
    async with receiving() as langfuse, writing(langfuse) as traces:
        traces.put(replace(tool(), reply="no JSON"))
        traces.put(call())
    assert {span.name for span in langfuse.spans} == {"call", "caller"}


@pytest.mark.parametrize(
    "keys", [{}, {"public_key": "pk"}, {"secret_key": SecretStr("sk")}], ids=str
)
async def test_without_both_keys_there_are_no_traces(keys: dict[str, object]) -> None:
    async with tracing(Settings.model_validate(keys)) as traces:
        assert isinstance(traces, NoTraces)
        traces.put(tool())


async def test_a_call_is_traced_from_its_tools_to_what_was_found(practice: Practice) -> None:
    async with receiving() as langfuse:
        configured = settings(langfuse)
        async with tracing(configured) as traces:
            practice.parts.dispatch._traces = traces
            rung = await check(practice)
            await told(practice, rung, SAID_SO)
            async with open_worker(
                practice.settings.model_copy(update={"langfuse": settings(langfuse)}),
                clock=practice.clock,
                transport=practice.transport,
                gated=False,
            ) as worker:
                for _ in range(3):
                    practice.clock.advance(minutes=1)
                    while await worker.work_once():
                        pass
                async with practice.database.single(practice.id) as tx:
                    await tx.run(
                        """
                        UPDATE flag SET state = 'resolved', label = 'agent', resolved_at = %(now)s
                        WHERE kind = 'told_without_booking'
                        """,
                        {"now": practice.clock()},
                    )
                practice.clock.advance(minutes=1)
                while await worker.work_jobs_once():
                    pass

    checked, root = langfuse.named("check_availability"), langfuse.named("call")
    assert checked.parent == root.id
    assert any(span.parent == checked.id and "/v2/slots" in span.name for span in langfuse.spans)
    values = {(score["name"], score["value"]) for score in langfuse.scores}
    assert ("flag", "told_without_booking") in values
    assert ("verdict", "agent") in values
    assert root.told["langfuse.trace.metadata.ending"] == "caller_hung_up"
    assert ADA[3:].encode() not in langfuse.raw
