"""The agent over Chat Completions: OpenAI's own SDK on one side, a scripted model on the other."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest
from openai import APIStatusError, AsyncOpenAI
from openai.types.chat import ChatCompletionMessageParam

from server.agent.model import Model
from server.settings import OpenAI
from tests.practice import ADA, LINE, Practice
from tests.server.agent.scripted import Says, ScriptedModel, served
from tests.server.platforms.switchboard import SECRETS, Switchboard, connected
from tests.servers import Addresses

_OF_ADA = {"x-call-id": "call_of_ada", "x-caller": ADA, "x-line": LINE}
_WISH = {"service": "checkup", "date": "2026-02-11", "time": "10:00"}


@pytest.fixture
async def switchboard(practice: Practice, addresses: Addresses) -> AsyncIterator[Switchboard]:
    async with connected(practice, addresses) as switchboard:
        yield switchboard


@asynccontextmanager
async def talking(
    switchboard: Switchboard, script: Any, **headers: str
) -> AsyncIterator[tuple[AsyncOpenAI, ScriptedModel]]:
    """A platform that uses us as its model, and the model behind us."""
    model = ScriptedModel(script)
    async with (
        served(model) as url,
        httpx2.AsyncClient(transport=httpx2.ASGITransport(switchboard.app)) as http,
    ):
        ours = Model(OpenAI(base_url=url), name="scripted")
        switchboard.practice.parts.agent.model = ours
        async with AsyncOpenAI(
            api_key=SECRETS["api_key"],
            base_url="http://slotline.test/v1/praxis",
            http_client=http,
            default_headers={**_OF_ADA, **headers},
            max_retries=0,
        ) as client:
            await ours.warm()
            _ = client.chat.completions.create  # imports for a while, and nobody waits yet
            yield client, model
        await ours.aclose()


def said(*turns: str) -> list[ChatCompletionMessageParam]:
    """A conversation in which the caller begins."""
    roles = ("user", "assistant")
    return [{"role": roles[n % 2], "content": text} for n, text in enumerate(turns)]  # type: ignore[misc]


async def heard(client: AsyncOpenAI, messages: Sequence[ChatCompletionMessageParam]) -> str:
    chunks = await client.chat.completions.create(model="x", messages=messages, stream=True)
    return "".join([c.choices[0].delta.content or "" async for c in chunks if c.choices])


async def test_a_journey_books_an_appointment(switchboard: Switchboard) -> None:
    script: list[Says] = [
        {"check_availability": _WISH},
        "Shall I book it?",
        {"book": {"slot": "A", "confirmed": True}},
        "It is booked.",
    ]
    async with talking(switchboard, script) as (client, model):
        asked = await heard(client, said("A check-up tomorrow at ten, please."))
        done = await heard(client, said("A check-up tomorrow at ten, please.", asked, "Yes."))
    # A filler may come first where a machine is slow.
    assert asked.strip().endswith("Shall I book it?")
    assert done.strip().endswith("It is booked.")
    (booking,) = await switchboard.practice.bookings_at_calcom()
    assert booking["start"] == "2026-02-11T09:00:00.000Z"
    # In the second turn the model still knows what the tool told in the first, in its place.
    roles = [message["role"] for message in model.heard[2]["messages"]]
    assert roles == ["system", "user", "assistant", "tool", "assistant", "user"]
    told = json.loads(model.heard[2]["messages"][3]["content"])
    assert told["status"] == "available"


async def test_the_model_gets_our_prompt_our_tools_and_who_is_calling(
    switchboard: Switchboard,
) -> None:
    async with talking(switchboard, ["Hello."]) as (client, model):
        messages = [{"role": "system", "content": "You sell cars."}, *said("Hello?")]
        await heard(client, messages)  # type: ignore[arg-type]
    (request,) = model.heard
    prompt = request["messages"][0]["content"]
    assert "Praxis am Park" in prompt
    assert "Ada Lindqvist" in prompt
    assert "cars" not in json.dumps(request)
    assert "check_availability" in {tool["function"]["name"] for tool in request["tools"]}


async def test_several_tools_of_one_turn_are_all_run(switchboard: Switchboard) -> None:
    both: Says = {"verify_name": {"name": "Ada Lindqvist"}, "check_availability": _WISH}
    async with talking(switchboard, [both, "Fine."]) as (client, model):
        await heard(client, said("This is Ada Lindqvist, a check-up tomorrow at ten."))
    replies = [m for m in model.heard[1]["messages"] if m["role"] == "tool"]
    statuses = [json.loads(reply["content"])["status"] for reply in replies]
    assert statuses == ["identified", "available"]


async def test_what_is_no_json_can_be_mended_by_the_model(switchboard: Switchboard) -> None:
    def script(messages: Sequence[Any]) -> Says:
        return {"check_availability": ["not an object"]} if len(messages) == 2 else "Sorry."  # type: ignore[dict-item]

    async with talking(switchboard, script) as (client, model):
        assert (await heard(client, said("Hello?"))).strip() == "Sorry."
    assert '"ok": false' in model.heard[1]["messages"][-1]["content"]


async def test_a_slow_tool_is_bridged_by_a_filler(switchboard: Switchboard) -> None:
    practice = switchboard.practice
    await practice.misbehave("slots", "latency", seconds=1.2)
    async with talking(switchboard, [{"check_availability": _WISH}, "Ten is free."]) as (client, _):
        answer = await heard(client, said("Is ten free tomorrow?"))
    assert answer.strip() == "One moment, please. Ten is free."


async def test_a_model_that_never_stops_calling_tools_is_stopped(switchboard: Switchboard) -> None:
    async with talking(switchboard, [{"check_availability": _WISH}]) as (client, model):
        assert await heard(client, said("Hello?"))
    assert len(model.heard) == 5


async def test_the_platforms_own_tools_are_left_to_it(switchboard: Switchboard) -> None:
    end_call: Any = {"type": "function", "function": {"name": "end_call", "parameters": {}}}
    async with talking(switchboard, [{"end_call": {"reason": "done"}}]) as (client, model):
        answer = await client.chat.completions.create(
            model="x", messages=said("Bye."), tools=[end_call]
        )
    (choice,) = answer.choices
    assert choice.finish_reason == "tool_calls"
    assert choice.message.tool_calls
    assert choice.message.tool_calls[0].function.arguments == '{"reason": "done"}'  # type: ignore[union-attr]
    assert "end_call" in {tool["function"]["name"] for tool in model.heard[0]["tools"]}


async def test_tokens_are_counted(switchboard: Switchboard) -> None:
    async with talking(switchboard, [{"check_availability": _WISH}, "Yes."]) as (client, _):
        answer = await client.chat.completions.create(model="x", messages=said("Is ten free?"))
    assert answer.usage
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == (200, 20)


async def test_whoever_hangs_up_or_interrupts_drops_the_answer_and_not_the_booking(
    switchboard: Switchboard,
) -> None:
    practice = switchboard.practice
    script: list[Says] = [
        {"check_availability": _WISH},
        "Shall I?",
        {"book": {"slot": "A", "confirmed": True}},
        "It is booked.",
    ]
    async with talking(switchboard, script) as (client, _):
        await heard(client, said("Tomorrow at ten?"))
        await practice.misbehave("create_booking", "latency", seconds=1.2)
        agent = practice.parts.agent
        chunks = await client.chat.completions.create(
            model="x", messages=said("Tomorrow at ten?", "Shall I?", "Yes."), stream=True
        )
        async for chunk in chunks:
            if chunk.choices and (chunk.choices[0].delta.content or "").startswith("One moment"):
                break
        await chunks.close()
        await agent.aclose()
    assert len(await practice.bookings_at_calcom()) == 1


async def test_vapi_tells_the_call_in_its_own_way(switchboard: Switchboard) -> None:
    async with talking(switchboard, [{"check_availability": _WISH}, "Yes."]) as (client, _):
        told: Any = {"call": {"id": "vapi_call"}, "customer": {"number": ADA}}
        await client.chat.completions.create(model="x", messages=said("Hi"), extra_body=told)
    await switchboard.settle()
    (call,) = await switchboard.calls()
    assert (call["platform"], call["platform_call_id"]) == ("vapi", "vapi_call")


async def test_without_a_model_the_error_says_what_to_set(switchboard: Switchboard) -> None:
    async with talking(switchboard, ["Hello."]) as (client, _):
        switchboard.practice.parts.agent.model = Model(OpenAI(), name="x")
        with pytest.raises(APIStatusError, match="OPENAI_API_KEY") as refused:
            await heard(client, said("Hello?"))
    assert refused.value.status_code == 503


@pytest.mark.parametrize("status", [400, 401, 500])
async def test_a_model_that_fails_is_an_apology(switchboard: Switchboard, status: int) -> None:
    async with talking(switchboard, ["Hello."]) as (client, model):
        model.fails = status
        assert "sorry" in (await heard(client, said("Hello?"))).lower()


@pytest.mark.parametrize("body", [b"", b"{}", b'{"messages": 1}', b"[]"])
async def test_what_is_no_request_is_refused(switchboard: Switchboard, body: bytes) -> None:
    key = {"authorization": f"Bearer {SECRETS['api_key']}"}
    answer = await switchboard.http.post("/v1/praxis/chat/completions", content=body, headers=key)
    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "invalid_request_error"
