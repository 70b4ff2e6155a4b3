"""A caller behind a server of models: what it is told, and what is made of its words."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import httpx2
import pytest
from openai import AsyncOpenAI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from evals.callers import CallerBrokeRules, ModelCaller, Script

_SCRIPT = Script(
    name="Martha Winter",
    goal="a cleaning tomorrow at ten",
    opening=("A cleaning, please.",),
    facts={"day": "tomorrow"},
    style="hurried",
    patience=3,
)


@asynccontextmanager
async def _playing(answers: Sequence[str], bodies: list[bytes]) -> AsyncIterator[ModelCaller]:
    async def complete(request: Request) -> Response:
        bodies.append(await request.body())
        message = {"role": "assistant", "content": answers[len(bodies) - 1]}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        about = {"id": "1", "object": "chat.completion", "created": 0, "model": "m"}
        return JSONResponse({**about, "choices": [choice]})

    app = Starlette(routes=[Route("/v1/chat/completions", complete, methods=["POST"])])
    transport = httpx2.ASGITransport(app)
    async with (
        httpx2.AsyncClient(transport=transport) as http,
        AsyncOpenAI(api_key="x", base_url="http://model.test/v1", http_client=http) as client,
    ):
        yield ModelCaller(_SCRIPT, language="de", model="m", client=client, seed=5)


async def test_a_model_speaks_for_the_caller_until_it_hangs_up() -> None:
    bodies: list[bytes] = []
    answers = ["A cleaning tomorrow, please.", "Thank you. [hangs up]"]
    async with _playing(answers, bodies) as caller:
        first = await caller.greet("Hello.")
        last = await caller.answer("You are booked.")
    assert (first.text, first.facts, first.hangs_up) == (answers[0], ("tomorrow",), False)
    assert (last.text, last.hangs_up) == ("Thank you.", True)
    sent = json.loads(bodies[1])
    assert [each["role"] for each in sent["messages"]] == ["system", "user", "assistant", "user"]
    prompt = sent["messages"][0]["content"]
    for told in ("German", "a cleaning tomorrow at ten", "name: Martha Winter", "hurried"):
        assert told in prompt
    assert sent["seed"] == 5


async def test_its_patience_ends_too() -> None:
    async with _playing(["Hm."] * 3, []) as caller:
        spoken = [await caller.answer("Which day?") for _ in range(3)]
    assert [each.hangs_up for each in spoken] == [False, False, True]


async def test_a_speech_is_no_call() -> None:
    async with _playing(["word " * 61], []) as caller:
        with pytest.raises(CallerBrokeRules):
            await caller.greet("Hello.")
