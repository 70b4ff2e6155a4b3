"""`slotline call`: the terminal on one side; our server on a socket, and a script, on the other."""

import asyncio
import io
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from evals.policy import serving
from server.agent.model import Model
from server.serve import listen, serve
from server.settings import OpenAI, Server
from slotline.calling import Options, run
from slotline.calling.phone import NoAnswer
from slotline.calling.whom import NobodyToCall, find
from tests.practice import ADA, LINE, Practice
from tests.server.platforms.switchboard import SECRETS, Switchboard, connected
from tests.servers import Addresses


@pytest.fixture
async def switchboard(practice: Practice, addresses: Addresses) -> AsyncIterator[Switchboard]:
    async with connected(practice, addresses) as switchboard:
        yield switchboard


@asynccontextmanager
async def served(switchboard: Switchboard) -> AsyncIterator[Options]:
    """The practice on a port; its agent has no model yet."""
    stop, listener = asyncio.Event(), listen("127.0.0.1", 0)
    running = asyncio.create_task(serve(switchboard.app, Server(), listener=listener, stop=stop))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    try:
        yield Options(url, "praxis", SECRETS["api_key"], ADA, LINE, "en")
    finally:
        stop.set()
        await running


@asynccontextmanager
async def scripted(switchboard: Switchboard) -> AsyncIterator[None]:
    async with serving() as url:
        model = Model(OpenAI(base_url=url), name="scripted")
        await model.warm()
        switchboard.practice.parts.agent.model = model
        yield
        await model.aclose()


async def test_what_is_typed_is_said_and_the_call_ends(
    switchboard: Switchboard, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = "A check-up tomorrow at ten, please.\n\nYes.\n/end\nnever said\n"
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    async with served(switchboard) as options, scripted(switchboard):
        await run(options, scripted=False, verbose=True)
    shown = " ".join(capsys.readouterr().out.split())
    assert "[check_availability: available," in shown
    assert "Booked: tomorrow at 10 in the morning." in shown
    assert "The call is over." in shown
    assert len(await switchboard.practice.bookings_at_calcom()) == 1
    await switchboard.settle()
    (call,) = await switchboard.calls()
    assert (call["platform"], call["ending"]) == ("chat", "caller_hung_up")
    assert call["caller_number"] == ADA
    said = [turn.text for turn in await switchboard.turns(call["id"])]
    assert said[0] == "A check-up tomorrow at ten, please."
    assert len(said) == 4


async def test_the_agent_hangs_up_too(
    switchboard: Switchboard, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("Goodbye.\nnever said\n"))
    async with served(switchboard) as options, scripted(switchboard):
        await run(options, scripted=False, verbose=False)
    assert "never said" not in capsys.readouterr().out
    await switchboard.settle()
    (call,) = await switchboard.calls()
    assert call["ending"] == "agent_hung_up"


async def test_without_a_model_it_says_what_to_set(
    switchboard: Switchboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("Hello?\n"))
    async with served(switchboard) as options:
        with pytest.raises(NoAnswer, match=r"OPENAI_API_KEY.*--scripted"):
            await run(options, scripted=False, verbose=False)


async def test_nobody_answers_where_nobody_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("Hello?\n"))
    with pytest.raises(NoAnswer, match="is the server running"):
        await run(Options("http://127.0.0.1:9", "x", "y"), scripted=False, verbose=False)


async def test_a_wrong_key_is_said_as_such(
    switchboard: Switchboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("Hello?\n"))
    async with served(switchboard) as options:
        with pytest.raises(NoAnswer, match="with this key"):
            await run(Options(options.url, "praxis", "a guess"), scripted=False, verbose=False)


def test_the_demo_is_rung_unless_options_say_more(tmp_path: Path) -> None:
    note = tmp_path / "demo.json"
    with pytest.raises(NobodyToCall, match="make demo"):
        find(Options(), note)
    with pytest.raises(NobodyToCall, match="--key"):
        find(Options(url="http://x"), note)
    demo = {
        "base_url": "http://y",
        "business": "demo",
        "api_key": "k",
        "line": "+49",
        "language": "de",
    }
    note.write_text(json.dumps(demo))
    with pytest.raises(NobodyToCall, match="the demo is demo"):
        find(Options(business="other"), note)
    found = find(Options(caller=ADA), note)
    assert (found.url, found.caller, found.line, found.language) == ("http://y", ADA, "+49", "de")
