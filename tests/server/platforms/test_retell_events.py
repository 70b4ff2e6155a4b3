"""What Retell tells of calls: in any order, any number of times, it is one record."""

import json
from contextlib import suppress
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.states import Ending
from server.platforms import retell
from server.wire import WireError
from tests.practice import ADA, LINE
from tests.server.platforms.switchboard import Switchboard

_PAYLOADS = Path(__file__).parent / "payloads" / "retell"
_KINDS = ("call-started", "call-ended", "call-analyzed")


def event(name: str, **call: object) -> dict[str, Any]:
    """A recorded event, of a call to the practice."""
    body: dict[str, Any] = json.loads((_PAYLOADS / f"{name}.json").read_text("utf-8"))
    body["call"] |= {"from_number": ADA, "to_number": LINE} | call
    return body


@pytest.mark.parametrize("order", list(permutations(_KINDS)))
async def test_any_order_leads_to_the_same_record(
    switchboard: Switchboard, order: tuple[str, ...]
) -> None:
    for name in order:
        answer = await switchboard.retell("events", event(name))
        assert (answer.status_code, answer.json()) == (200, {"ok": True})
        await switchboard.settle()

    (call,) = await switchboard.calls()
    assert call["state"] == "ended"
    assert (call["ending"], call["end_reason"]) == ("agent_hung_up", "agent_hangup")
    assert (call["caller_number"], call["direction"]) == (ADA, "inbound")
    assert call["started_at"].startswith("2026-09-10T08:02:00")
    assert call["ended_at"].startswith("2026-09-10T08:04:01")
    assert (float(call["cost_amount"]), call["cost_currency"]) == (0.233, "USD")
    assert call["latency"]["llm"]["p95"] == 672.0
    assert call["sentiment"] == "positive"
    assert call["summary"].startswith("The caller booked a checkup")
    turns = await switchboard.turns(call["id"])
    assert [turn.role for turn in turns] == ["agent", "caller", "agent", "agent", "caller"]
    assert (turns[1].text, turns[1].starts_at_ms, turns[1].ends_at_ms) == (
        "I need a checkup next Monday morning.",
        4000,
        6050,
    )
    recordings = await switchboard.recordings()
    assert [row["channel"] for row in recordings] == ["mixed", "separate"]
    assert all(row["expires_at"].startswith("2026-09-11T08:04:01") for row in recordings)


async def test_the_same_event_five_times_is_one(switchboard: Switchboard) -> None:
    for _ in range(5):
        answer = await switchboard.retell("events", event("call-ended"))
        assert answer.status_code == 200
    await switchboard.settle()
    assert [row["kind"] for row in await switchboard.events()] == ["call_ended"]
    assert len(await switchboard.calls()) == 1


async def test_a_tool_call_and_an_event_are_of_one_call(switchboard: Switchboard) -> None:
    """Whatever comes first: what is said in tools and what is told after is one record."""
    call = json.loads((_PAYLOADS / "tool-call.json").read_text("utf-8"))
    call["call"] |= {"from_number": ADA, "to_number": LINE, "call_id": "call_of_ada"}
    assert (await switchboard.retell("tools", call)).status_code == 200
    await switchboard.retell("events", event("call-ended", call_id="call_of_ada"))
    await switchboard.settle()
    (row,) = await switchboard.calls()
    assert row["platform_call_id"] == "call_of_ada"
    assert row["memory"]["version"] == 1


async def test_at_hang_up_what_the_call_held_is_free_again(switchboard: Switchboard) -> None:
    tool: dict[str, Any] = {
        "name": "check_availability",
        "args": {"service": "checkup", "date": "2026-02-11", "time": "10:00"},
        "call": {"call_id": "call_that_ends", "from_number": ADA, "to_number": LINE},
    }
    await switchboard.retell("tools", tool)
    assert await switchboard.practice.claims() == 1

    ended = event("call-ended", call_id="call_that_ends")
    ended["call"] |= {"start_timestamp": 1770714000000, "end_timestamp": 1770714060000}
    await switchboard.retell("events", ended)
    await switchboard.settle()
    await switchboard.work()

    assert await switchboard.practice.claims() == 0


async def test_a_worker_applies_what_its_receiver_left(switchboard: Switchboard) -> None:
    practice = switchboard.practice
    access = await practice.parts.directory.access(practice.slug)
    assert access
    raw = json.dumps(event("call-ended")).encode()
    told = retell.events.read(raw)
    assert told
    await practice.parts.call_events.store(
        access.business, "retell", told, raw, now=practice.clock()
    )
    practice.clock.advance(seconds=31)
    await switchboard.work()
    assert [call["state"] for call in await switchboard.calls()] == ["ended"]


async def test_what_nobody_can_read_is_kept_and_changes_nothing(
    switchboard: Switchboard,
) -> None:
    await switchboard.retell("events", event("call-ended", from_number=["+49"]))
    await switchboard.settle()
    (stored,) = await switchboard.events()
    assert stored["applied_at"] is not None
    assert await switchboard.calls() == []


@pytest.mark.parametrize(
    ("body", "status"),
    [("[]", 400), ("{", 400), ('{"event": "call_ended"}', 400), ('{"event":"x","call":{}}', 422)],
)
async def test_what_is_no_event_is_refused(
    switchboard: Switchboard, body: str, status: int
) -> None:
    assert (await switchboard.retell("events", body)).status_code == status
    assert await switchboard.events() == []


async def test_what_retell_did_not_sign_is_refused(switchboard: Switchboard) -> None:
    answer = await switchboard.http.post("/v1/praxis/retell/events", json=event("call-ended"))
    assert answer.status_code == 401
    assert await switchboard.events() == []


@pytest.mark.parametrize(
    ("reason", "ending"),
    [
        ("user_hangup", Ending.CALLER_HUNG_UP),
        ("error_llm_websocket_open", Ending.FAULT),
        ("a_reason_of_next_year", Ending.OTHER),
    ],
)
def test_every_reason_is_an_ending(reason: str, ending: Ending) -> None:
    raw = json.dumps(event("call-ended", disconnection_reason=reason)).encode()
    report = retell.events.report(raw)
    assert report
    assert (report.ending, report.end_reason) == (ending, reason)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(
    call=st.dictionaries(st.sampled_from(sorted(event("call-analyzed")["call"])) | st.text(), _JSON)
)
def test_whatever_a_call_holds_is_a_report_or_refused(call: dict[str, Any]) -> None:
    body = json.dumps({"event": "call_ended", "call": call}).encode()
    with suppress(WireError):
        retell.events.read(body)
        assert retell.events.report(body) is not None
