"""A model may read calls as well; whatever it says or fails to say, the rules look all the same."""

import json

import pytest
from pydantic import SecretStr

from calls.report import Said
from db.states import Role
from server.settings import OpenAI
from tests.outgoing.provider import providing
from tests.practice import Practice
from tests.server.test_flags import SAID_SO, check, flags, told, work

SPOKEN = (
    Said(Role.CALLER, "This is Ada Lindqvist on +49 171 2345678.", 1_000, 3_000),
    Said(Role.AGENT, "I do not care.", 4_000, 5_000),
    SAID_SO,
)


def says(content: str) -> tuple[int, bytes]:
    """An answer as Chat Completions has it."""
    choice = {
        "index": 0,
        "finish_reason": "stop",
        "message": {"role": "assistant", "content": content, "refusal": None},
    }
    answer = {"id": "c1", "object": "chat.completion", "created": 1, "model": "m"}
    return 200, json.dumps({**answer, "choices": [choice]}).encode()


async def reviewed(practice: Practice, answer: tuple[int, bytes] | None) -> list[bytes]:
    """A call is over, and a model is asked about it; tells what it was asked."""
    async with providing() as provider:
        provider.answers = [answer]
        openai = OpenAI(base_url=f"{provider.origin}/v1", api_key=SecretStr("sk-x"))
        server = practice.settings.server.model_copy(update={"review_model": "m"})
        settings = practice.settings.model_copy(update={"openai": openai, "server": server})
        await told(practice, await check(practice), *SPOKEN)
        await work(practice, settings, minutes=1)
        return [heard.body for heard in provider.heard]


async def test_what_a_model_finds_is_a_flag_beside_those_of_the_rules(practice: Practice) -> None:
    odd = [{"turn": 1, "why": "The agent was rude."}, {"turn": 99, "why": "made up"}]
    [asked] = await reviewed(practice, says(json.dumps({"odd": odd})))

    found = {flag["kind"]: flag for flag in await flags(practice)}
    review = found["model_review"]
    assert (review["severity"], review["at_ms"], review["note"]) == (
        "info",
        4_000,
        "The agent was rude.",
    )
    assert "told_without_booking" in found
    request = json.loads(asked)
    assert request["response_format"]["type"] == "json_schema"
    assert b"I do not care" in asked
    for secret in (b"Lindqvist", b"2345678"):
        assert secret not in asked


@pytest.mark.parametrize(
    "answer",
    [None, (500, b"{}"), says("no JSON"), says('{"odd": [{"turn": "x"}]}'), says('{"odd": []}')],
    ids=["hangs up", "broken", "no JSON", "another shape", "nothing"],
)
async def test_a_model_that_fails_leaves_it_to_the_rules(
    practice: Practice, answer: tuple[int, bytes] | None
) -> None:
    await reviewed(practice, answer)
    kinds = {flag["kind"] for flag in await flags(practice)}
    assert "told_without_booking" in kinds
    assert not kinds & {"model_review", "listener_failed"}


async def test_without_a_model_nobody_reads(practice: Practice) -> None:
    await told(practice, await check(practice), *SPOKEN)
    await work(practice, minutes=1)
    assert "model_review" not in {flag["kind"] for flag in await flags(practice)}
