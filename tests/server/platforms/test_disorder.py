"""Calls that go wrong: events in no order, repeated, of nobody, and a model that goes round."""

import json
from typing import Any

import pytest

from tests.server.platforms.phones import (
    CALL,
    ElevenLabs,
    ElevenLabsOverMcp,
    Neutral,
    Phone,
    Retell,
    RetellOverMcp,
    Vapi,
)
from tests.server.platforms.switchboard import Switchboard

TELLING = [Retell, Vapi, ElevenLabs]
_A_MINUTE = 20


async def look(phone: Phone) -> dict[str, Any]:
    return await phone.ask("check_availability", service="check-up", date="tomorrow", time="10:00")


@pytest.mark.parametrize("kind", TELLING)
async def test_the_end_may_come_first_and_tools_before_the_beginning(
    switchboard: Switchboard, kind: type[Phone]
) -> None:
    phone = kind(switchboard)
    await phone.hangs_up()
    await switchboard.settle()
    assert (await look(phone))["status"] == "available"
    await phone.rings()
    await switchboard.settle()
    (call,) = await switchboard.calls()
    assert (call["state"], call["platform_call_id"]) == ("ended", CALL)
    assert await switchboard.turns(call["id"])


@pytest.mark.parametrize("kind", TELLING)
async def test_the_same_events_five_times_are_once(
    switchboard: Switchboard, kind: type[Phone]
) -> None:
    phone = kind(switchboard)
    await look(phone)
    await phone.hangs_up()
    await switchboard.settle()
    events = await switchboard.events()
    (call,) = await switchboard.calls()
    turns = await switchboard.turns(call["id"])
    for _ in range(4):
        await phone.hangs_up()
        await switchboard.settle()
    assert await switchboard.events() == events
    (again,) = await switchboard.calls()
    assert await switchboard.turns(again["id"]) == turns


@pytest.mark.parametrize("kind", [Neutral, Retell, Vapi, ElevenLabs])
async def test_a_booking_that_is_asked_for_five_times_is_one(
    switchboard: Switchboard, kind: type[Phone]
) -> None:
    """Platforms repeat what they got no answer to, and models what they forgot."""
    phone = kind(switchboard)
    await look(phone)
    await phone.ask("verify_name", name="Marta Ehlers")
    told = [await phone.ask("book", slot="A", confirmed=True) for _ in range(5)]
    assert [reply["status"] for reply in told] == ["booked"] * 5
    assert len({json.dumps(reply["booking"]) for reply in told}) == 1
    assert len(await switchboard.practice.bookings_at_calcom()) == 1


@pytest.mark.parametrize(
    ("kind", "times"),
    [(Retell, 500), (Neutral, 30), (ElevenLabs, 30), (RetellOverMcp, 25), (ElevenLabsOverMcp, 25)],
)
async def test_a_model_that_goes_round_is_slowed_down_in_words(
    switchboard: Switchboard, kind: type[Phone], times: int
) -> None:
    phone = kind(switchboard)
    told = [await look(phone) for _ in range(times)]
    limited = ["limited"] * (times - _A_MINUTE)
    assert [reply["status"] for reply in told] == ["available"] * _A_MINUTE + limited
    assert all(reply["ok"] and reply["say"] for reply in told)
    switchboard.practice.clock.advance(seconds=61)
    assert (await look(phone))["status"] == "available"


async def test_five_hundred_tool_calls_of_one_message_are_all_answered(
    switchboard: Switchboard,
) -> None:
    asked = [
        {"id": f"t{number}", "name": "check_availability", "arguments": {"service": "check-up"}}
        for number in range(500)
    ]
    answer = await switchboard.vapi(
        {"type": "tool-calls", "call": {"id": CALL}, "toolCallList": asked}
    )
    assert answer.status_code == 200
    results = answer.json()["results"]
    assert [result["toolCallId"] for result in results] == [call["id"] for call in asked]
    statuses = [json.loads(result["result"])["status"] for result in results]
    assert statuses.count("available") <= _A_MINUTE
    assert set(statuses[_A_MINUTE:]) == {"limited"}
