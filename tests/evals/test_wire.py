"""What goes to a model and back: tried again when it is busy, kept, and found again."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx2
import pytest
from openai import APIConnectionError, AsyncOpenAI, InternalServerError

from evals import cassette, ruler
from evals.endpoint import Choice, way_to
from evals.policy.serving import app
from evals.wire import Watch

ASKED = [{"role": "user", "content": "A check-up tomorrow at ten, please."}]


class Busy(httpx2.AsyncBaseTransport):
    """Answers with these statuses first, then as it should."""

    def __init__(self, *statuses: int) -> None:
        self._statuses = list(statuses)
        self._to = httpx2.ASGITransport(app=app())
        self.asked = 0

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.asked += 1
        if self._statuses:
            return httpx2.Response(self._statuses.pop(0), json={"error": {"message": "busy"}})
        return await self._to.handle_async_request(request)


async def said(watch: Watch, messages: Sequence[object] = ASKED, model: str = "x") -> str:
    """Ask as the agent does: streaming."""
    async with (
        httpx2.AsyncClient(transport=watch) as http,
        AsyncOpenAI(
            api_key="x", base_url="http://model.test/v1", http_client=http, max_retries=0
        ) as client,
    ):
        create: Any = client.chat.completions.create
        chunks = await create(model=model, messages=messages, stream=True)
        told = ""
        async for chunk in chunks:
            for choice in chunk.choices:
                for call in choice.delta.tool_calls or ():
                    told += call.function.name or "" if call.function else ""
    return told


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for nobody."""

    async def at_once(_seconds: float) -> None:
        return None

    monkeypatch.setattr("tenacity.asyncio._portable_async_sleep", at_once)


@pytest.mark.parametrize("statuses", [(429,), (503, 500), (429, 429, 529 - 27, 504)])
async def test_a_busy_model_is_asked_again(statuses: tuple[int, ...]) -> None:
    watch = Watch(Busy(*statuses))
    assert await said(watch) == "check_availability"
    assert watch.retries == len(statuses)
    assert not watch.troubles
    assert watch.served_by == ["scripted"]


async def test_a_model_that_stays_busy_is_trouble() -> None:
    busy = Busy(*[500] * 9)
    watch = Watch(busy)
    with pytest.raises(InternalServerError):
        await said(watch)
    assert busy.asked == 5
    assert watch.troubles == ["HTTP 500"]


async def test_a_recording_answers_what_it_has_heard(tmp_path: Path) -> None:
    recorded = Watch(Busy())
    await said(recorded)
    cassette.keep(tmp_path, "one.0", recorded.rounds)
    cassette.keep_about(tmp_path, "x")
    assert cassette.model_of(tmp_path) == "x"
    replayed = Watch(cassette.Player(tmp_path))
    assert await said(replayed) == "check_availability"
    assert "x" not in (tmp_path / "one.0.jsonl").read_text().partition("authorization")[1]


@pytest.mark.parametrize(
    ("messages", "model"),
    [([{"role": "user", "content": "Something else."}], "x"), (ASKED, "another")],
)
async def test_a_recording_never_answers_anything_else(
    tmp_path: Path, messages: list[dict[str, str]], model: str
) -> None:
    recorded = Watch(Busy())
    await said(recorded)
    cassette.keep(tmp_path, "one.0", recorded.rounds)
    watch = Watch(cassette.Player(tmp_path))
    with pytest.raises(APIConnectionError):
        await said(watch, messages, model)
    assert watch.retries == 0
    assert "NotRecorded: no such answer" in watch.troubles[0]


def test_nothing_to_replay_says_what_helps(tmp_path: Path) -> None:
    with pytest.raises(cassette.NoCassettes, match="--agent model --record"):
        cassette.model_of(tmp_path)


async def test_the_reference_needs_no_network() -> None:
    async with way_to(Choice()) as to:
        assert await said(Watch(to)) == "check_availability"


def test_the_ruler_counts_as_openai_does() -> None:
    """Known counts of o200k_base."""
    assert ruler.tokens("hello world") == 2
    assert ruler.tokens("tiktoken is great!") == 6
    assert ruler.tokens("") == 0
    message = {"role": "user", "content": "hello"}
    assert ruler.tokens_of_messages([message]) == ruler.tokens(
        json.dumps(message, separators=(",", ":"))
    )
