"""Retell's WebSocket: a real socket, a scripted model, and the exchange that was recorded."""

import asyncio
import io
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from db import businesses
from db.database import Database
from server import journal
from server.agent.model import Model
from server.serve import listen, serve
from server.settings import Log, OpenAI, Server
from tests.practice import ADA, LINE, Practice
from tests.server.agent.scripted import Says, ScriptedModel, served
from tests.server.platforms.switchboard import SECRETS, Switchboard, connected
from tests.servers import Addresses

_FILE = Path(__file__).parents[1] / "platforms/payloads/retell/llm-websocket.json"
_RECORDED = json.loads(_FILE.read_text("utf-8"))
_CALL = "call_0000000000000000000000001"
_WISH = {"service": "checkup", "date": "2026-02-11", "time": "10:00"}
_BOOK = {"book": {"slot": "A", "confirmed": True}}


@pytest.fixture
async def switchboard(practice: Practice, addresses: Addresses) -> AsyncIterator[Switchboard]:
    async with connected(practice, addresses) as switchboard:
        yield switchboard


@dataclass(frozen=True, slots=True)
class Phone:
    """Retell's side of one socket."""

    socket: ClientConnection

    async def tell(self, kind: str, **fields: Any) -> None:
        await self.socket.send(json.dumps({"interaction_type": kind, **fields}))

    async def frame(self) -> dict[str, Any]:
        frame: dict[str, Any] = json.loads(await asyncio.wait_for(self.socket.recv(), 10))
        return frame

    async def greeting(self) -> str:
        assert (await self.frame())["response_type"] == "config"
        return (await self.response(0))["content"]  # type: ignore[no-any-return]

    async def details(self, caller: str | None = ADA, call_id: str = _CALL) -> None:
        call = {"call_id": call_id, "direction": "inbound", "to_number": LINE}
        await self.tell("call_details", call={**call, "from_number": caller})

    async def says(self, response_id: int, *turns: str) -> None:
        """The caller has spoken: first the caller's words, then in turn."""
        roles = ("user", "agent")
        said = [{"role": roles[n % 2], "content": text} for n, text in enumerate(turns)]
        await self.tell("response_required", response_id=response_id, transcript=said)

    async def response(self, response_id: int) -> dict[str, Any]:
        """All of one response: the words joined, and what came with the last piece."""
        words = ""
        while frame := await self.frame():
            if frame["response_type"] == "response":
                assert frame["response_id"] == response_id
                words += frame["content"]
                if frame["content_complete"]:
                    return {**frame, "content": words.strip()}
        raise AssertionError

    async def until(self, is_it: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        while not is_it(frame := await self.frame()):
            pass
        return frame


@asynccontextmanager
async def serving(
    switchboard: Switchboard, script: Any, **server: Any
) -> AsyncIterator[tuple[str, ScriptedModel]]:
    """Our server on a real socket; the address below which Retell adds the call's id."""
    model, stop, listener = ScriptedModel(script), asyncio.Event(), listen("127.0.0.1", 0)
    async with served(model) as url:
        ours = Model(OpenAI(base_url=url), name="scripted")
        switchboard.practice.parts.agent.model = ours
        await ours.warm()
        running = asyncio.create_task(
            serve(switchboard.app, Server(**server), listener=listener, stop=stop)
        )
        base = f"ws://127.0.0.1:{listener.getsockname()[1]}/v1/praxis/retell/llm"
        try:
            yield f"{base}/{SECRETS['retell_llm_secret']}", model
        finally:
            stop.set()
            await running
            await switchboard.practice.parts.agent.aclose()
            await ours.aclose()


@asynccontextmanager
async def ringing(
    switchboard: Switchboard, script: Any, *, details: bool = True, **server: Any
) -> AsyncIterator[tuple[Phone, ScriptedModel]]:
    """A call that has been greeted."""
    async with (
        serving(switchboard, script, **server) as (url, model),
        connect(f"{url}/{_CALL}", proxy=None) as line,
    ):
        phone = Phone(line)
        if details:
            await phone.details()
            await phone.greeting()
        yield phone, model


async def test_the_recorded_exchange_is_answered_in_order(switchboard: Switchboard) -> None:
    script: list[Says] = [
        {"check_availability": {"service": "checkup", "date": "2026-02-11"}},
        "I have half past nine.",
    ]
    async with ringing(switchboard, script, details=False) as (phone, _):
        answers: list[dict[str, Any]] = []
        for step in _RECORDED:
            frame = step["frame"]
            if step["dir"] == "from_retell":
                await phone.socket.send(json.dumps(frame))
                continue
            match frame:
                case {"response_type": "response", "content_complete": True}:
                    answers.append(await phone.response(frame["response_id"]))
                case {"response_type": "response"}:  # words while a tool runs: ours take no time
                    pass
                case {"response_type": "agent_interrupt"}:
                    break  # we never say what follows
                case _:
                    answers.append(await phone.frame())
    config, greeting, pong, invoked, result, answer, reminder = answers
    assert config == _RECORDED[0]["frame"]
    assert greeting["content"] == "Praxis am Park, hello. How can I help?"
    assert pong == {"response_type": "ping_pong", "timestamp": 1789027320000}
    assert invoked["name"] == "check_availability"
    assert result["tool_call_id"] == invoked["tool_call_id"]
    assert result["successful"]
    assert json.loads(result["content"])["ok"]
    assert answer["content"].endswith("I have half past nine.")  # perhaps after a filler
    assert reminder["content"] == "Are you still there?"


async def test_a_journey_books_and_is_one_record_with_what_webhooks_tell(
    switchboard: Switchboard,
) -> None:
    script: list[Says] = [
        {"check_availability": _WISH},
        "Shall I book it?",
        _BOOK,
        "It is booked.",
        {"end_call": {}},
    ]
    async with ringing(switchboard, script) as (phone, model):
        await phone.says(1, "A check-up tomorrow at ten.")
        asked = await phone.response(1)
        await phone.says(2, "A check-up tomorrow at ten.", asked["content"], "Yes.")
        done = await phone.response(2)
        turns = ("A check-up tomorrow at ten.", asked["content"], "Yes.", done["content"], "Bye.")
        await phone.says(3, *turns)
        ended = await phone.response(3)
    # A filler may come first where a machine is slow.
    assert asked["content"].endswith("Shall I book it?")
    assert done["content"].endswith("It is booked.")
    assert "end_call" not in done
    assert (ended["content"], ended["end_call"]) == ("Thank you for calling. Goodbye.", True)
    assert len(await switchboard.practice.bookings_at_calcom()) == 1
    assert "Ada Lindqvist" in model.heard[0]["messages"][0]["content"]
    call = {"call_id": _CALL, "from_number": ADA, "to_number": LINE, "direction": "inbound"}
    await switchboard.retell("events", {"event": "call_ended", "call": call})
    await switchboard.settle()
    (record,) = await switchboard.calls()
    assert (record["platform"], record["platform_call_id"]) == ("retell", _CALL)
    assert record["caller_number"] == ADA


async def test_a_later_response_drops_one_that_waits_for_a_slow_tool(
    switchboard: Switchboard,
) -> None:
    def script(messages: list[dict[str, Any]]) -> Says:
        if messages[-1]["role"] == "tool":
            return "Old." if len(messages) == 4 else "New."
        eleven = "eleven" in messages[-1]["content"]
        return {"check_availability": {**_WISH, "time": "11:00" if eleven else "10:00"}}

    await switchboard.practice.misbehave("slots", "latency", seconds=1.0)
    async with ringing(switchboard, script) as (phone, _):
        await phone.says(1, "Tomorrow at ten.")
        await phone.until(lambda frame: frame["response_type"] == "tool_call_invocation")
        await phone.says(2, "Tomorrow at ten.", "One moment.", "No, at eleven.")
        answer = await phone.response(2)  # and no piece of the first one any more
        await phone.says(1, "Tomorrow at ten.")  # came late
        await phone.tell("ping_pong", timestamp=5)
        assert (await phone.frame())["response_type"] == "ping_pong"
    assert "Old" not in answer["content"]
    assert answer["content"].endswith("New.")
    await switchboard.settle()
    (call,) = await switchboard.calls()
    (offered,) = call["memory"]["conversation"]["offers"].values()
    assert offered["start"].startswith("2026-02-11T10:00")


async def test_an_interruption_while_booking_drops_the_answer_and_not_the_booking(
    switchboard: Switchboard,
) -> None:
    def script(messages: list[dict[str, Any]]) -> Says:
        if messages[-1]["role"] == "tool":
            return "Fine."
        match messages[-1]["content"]:
            case "Hello.":
                return {"check_availability": _WISH}
            case "Yes.":
                return _BOOK
            case _:
                return "It is booked already."

    async with ringing(switchboard, script) as (phone, model):
        await phone.says(1, "Hello.")
        await phone.response(1)
        await switchboard.practice.misbehave("create_booking", "latency", seconds=1.0)
        await phone.says(2, "Hello.", "Fine.", "Yes.")
        await phone.until(lambda frame: frame["response_type"] == "tool_call_invocation")
        await phone.says(3, "Hello.", "Fine.", "Yes.", "", "Wait!")
        answer = await phone.response(3)
        await switchboard.practice.parts.agent.aclose()
        await phone.says(4, "Hello.", "Fine.", "Yes.", answer["content"], "So?")
        await phone.response(4)
    assert answer["content"] == "It is booked already."
    assert len(await switchboard.practice.bookings_at_calcom()) == 1
    told = [m["content"] for m in model.heard[-1]["messages"] if m["role"] == "tool"]
    assert json.loads(told[-1])["status"] == "booked"  # the agent knows, though nobody heard it


async def test_a_line_that_drops_while_booking_loses_nothing(switchboard: Switchboard) -> None:
    script: list[Says] = [{"check_availability": _WISH}, "Shall I?", _BOOK, "It is booked."]
    async with ringing(switchboard, script) as (phone, _):
        await phone.says(1, "Tomorrow at ten.")
        await phone.response(1)
        await switchboard.practice.misbehave("create_booking", "latency", seconds=0.5)
        await phone.says(2, "Tomorrow at ten.", "Shall I?", "Yes.")
        await phone.until(lambda frame: frame["response_type"] == "tool_call_invocation")
        phone.socket.transport.abort()
    assert len(await switchboard.practice.bookings_at_calcom()) == 1


async def test_a_line_that_comes_back_is_not_greeted_again(switchboard: Switchboard) -> None:
    async with serving(switchboard, ["Yes."]) as (url, _):
        async with connect(f"{url}/{_CALL}", proxy=None) as line:
            assert (await Phone(line).greeting()).startswith("Praxis am Park")
        async with connect(f"{url}/{_CALL}", proxy=None) as line:
            assert await Phone(line).greeting() == ""
            await Phone(line).details()
            await Phone(line).says(7, "Are you there?")
            assert (await Phone(line).response(7))["content"] == "Yes."


async def test_identity_comes_from_the_details_of_this_call_only(switchboard: Switchboard) -> None:
    async with ringing(switchboard, ["Hello."], details=False) as (phone, model):
        await phone.greeting()
        await phone.details(call_id="another")
        await phone.says(1, "Hello?")
        await phone.response(1)
    assert "Ada" not in model.heard[0]["messages"][0]["content"]


@pytest.mark.parametrize(
    ("hour", "number", "is_offered"),
    [(10, "+493023125019", True), (22, "+493023125019", False), (10, None, False)],
)
async def test_a_person_can_be_had_while_the_line_is_open(
    switchboard: Switchboard, addresses: Addresses, hour: int, number: str | None, is_offered: bool
) -> None:
    practice = switchboard.practice
    practice.clock.now = practice.clock.now.replace(hour=hour)
    await _set_transfer_number(practice, addresses, number)

    def script(messages: list[dict[str, Any]]) -> Says:
        return "Nobody is there." if messages[-1]["role"] == "tool" else {"transfer_call": {}}

    async with ringing(switchboard, script) as (phone, model):
        await phone.says(1, "A person, please.")
        answer = await phone.response(1)
    offered = {tool["function"]["name"] for tool in model.heard[0]["tools"]}
    assert ("transfer_call" in offered) is is_offered
    assert "end_call" in offered
    assert answer.get("transfer_number") == (number if is_offered else None)
    assert answer["content"] == ("One moment, please." if is_offered else "Nobody is there.")


async def _set_transfer_number(
    practice: Practice, addresses: Addresses, number: str | None
) -> None:
    async with (
        Database.connect(addresses.database_owner_url, role=None) as owner,
        owner.transaction(practice.id) as tx,
    ):
        await businesses.put_business(
            tx,
            slug="praxis",
            name="Praxis am Park",
            timezone="Europe/Berlin",
            language="en",
            attendee_email_domain="callers.praxis.example",
            calcom_base_url=None,
            calcom_versions={},
            transfer_number=number,
            policies={},
            now=practice.clock(),
        )
    practice.parts.directory.forget(practice.slug)


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "{",
        "[]",
        "{}",
        b"\x00\xff",
        '{"interaction_type": 7}',
        '{"interaction_type": "of_next_year", "response_id": 1}',
        '{"interaction_type": "ping_pong"}',
        '{"interaction_type": "ping_pong", "timestamp": "now"}',
        '{"interaction_type": "call_details", "call": {"from_number": 3}}',
        '{"interaction_type": "call_details", "call": {"call_id": ["x"]}}',
        '{"interaction_type": "response_required", "response_id": "1", "transcript": []}',
        '{"interaction_type": "reminder_required", "response_id": true}',
        '{"interaction_type": "response_required", "response_id": -5, "transcript": []}',
        '{"interaction_type": "update_only", "transcript": {"role": 1}}',
    ],
)
async def test_a_frame_that_nobody_understands_harms_nothing(
    switchboard: Switchboard, frame: str | bytes
) -> None:
    async with ringing(switchboard, ["Hello."]) as (phone, _):
        await phone.socket.send(frame)
        await phone.says(1, "Hello?")
        assert (await phone.response(1))["content"] == "Hello."


async def test_a_transcript_of_anything_is_a_conversation(switchboard: Switchboard) -> None:
    said: list[Any] = [None, "x", {"role": "user"}, {"role": 3, "content": "x"}, {"content": []}]
    said.append({"role": "user", "content": "Hello?\0"})
    async with ringing(switchboard, ["Hello."]) as (phone, model):
        await phone.tell("response_required", response_id=1, transcript=said)
        assert (await phone.response(1))["content"] == "Hello."
    assert [m["role"] for m in model.heard[0]["messages"]] == ["system", "user"]


async def test_a_huge_frame_ends_its_line_and_no_other(switchboard: Switchboard) -> None:
    async with (
        serving(switchboard, ["Hello."], event_body_bytes=50_000) as (url, _),
        connect(f"{url}/{_CALL}", proxy=None) as line,
        connect(f"{url}/another", proxy=None) as other,
    ):
        phone = Phone(line)
        await phone.tell("x" * 60_000)
        with pytest.raises(ConnectionClosed):
            await phone.until(lambda _: False)
        assert (await Phone(other).greeting()).startswith("Praxis am Park")


@pytest.mark.parametrize("wrong", ["secret", "business", "nothing"])
async def test_whoever_has_not_the_secret_is_turned_away_before_the_socket_opens(
    switchboard: Switchboard, wrong: str
) -> None:
    async with serving(switchboard, ["Hello."]) as (url, _):
        bad = {
            "secret": url.replace(SECRETS["retell_llm_secret"], "guessed"),
            "business": url.replace("praxis", "nobody"),
            "nothing": url.replace(
                SECRETS["retell_llm_secret"], SECRETS["api_key"].replace(" ", "%20")
            ),
        }[wrong]
        with pytest.raises(InvalidStatus) as refused:
            async with connect(f"{bad}/{_CALL}", proxy=None):
                pass
    assert refused.value.response.status_code == 403
    assert not refused.value.response.body


async def test_the_secret_is_in_no_log_line(switchboard: Switchboard) -> None:
    sink = io.StringIO()
    with journal.opened(Log(format="json", level="debug"), sink):
        async with ringing(switchboard, ["Hello."]) as (phone, _):
            await phone.says(1, "Hello?")
            await phone.response(1)
    written = sink.getvalue()
    assert "/retell/llm/[secret]/" in written
    assert SECRETS["retell_llm_secret"] not in written


async def test_without_a_model_the_caller_hears_an_apology(switchboard: Switchboard) -> None:
    async with ringing(switchboard, ["Hello."]) as (phone, _):
        switchboard.practice.parts.agent.model = Model(OpenAI(), name="x")
        await phone.says(1, "Hello?")
        assert "sorry" in (await phone.response(1))["content"]
