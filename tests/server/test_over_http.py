"""Whole calls over HTTP, with everything real behind the door."""

import io
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest
from retell.lib.webhook_auth import symmetric

from booking.vault import Vault
from db import businesses
from db.database import Database
from server import journal
from server.app import create_app
from server.settings import Log
from tests.practice import ADA, LINE, SECRET_KEY, Practice
from tests.servers import Addresses

API_KEY = "api_over_http"
RETELL_KEY = "retell_over_http"
STRANGER = "+493023125099"


@dataclass(slots=True)
class Platform:
    """A platform that speaks to our server."""

    http: httpx.AsyncClient
    practice: Practice

    async def neutral(self, tool: str, /, **body: object) -> httpx.Response:
        path, headers = f"/v1/praxis/tools/{tool}", {"authorization": f"Bearer {API_KEY}"}
        return await self.http.post(path, json=body, headers=headers)

    async def retell(self, body: object) -> httpx.Response:
        """POST a tool call as Retell's own software signs it, names with umlauts included."""
        raw = json.dumps(body, ensure_ascii=False)
        now = int(self.practice.clock.now.timestamp() * 1000)
        headers = {"x-retell-signature": symmetric["sign"](raw, RETELL_KEY, now)}
        path = "/v1/praxis/retell/tools"
        return await self.http.post(path, content=raw.encode(), headers=headers)


class RetellCall:
    """One call as Retell reports it: the transcript grows with each tool call."""

    def __init__(self, platform: Platform, caller: str) -> None:
        self._platform = platform
        self._transcript: list[dict[str, str]] = []
        self._call = {
            "call_id": f"call_{uuid4().hex}",
            "call_type": "phone_call",
            "direction": "inbound",
            "from_number": caller,
            "to_number": LINE,
            "transcript_with_tool_calls": self._transcript,
        }
        self.id = self._call["call_id"]

    async def ask(self, tool: str, /, **arguments: object) -> tuple[dict[str, Any], httpx.Response]:
        """Run a tool, twice: Retell repeats a request whose answer it has lost."""
        invocation = {
            "role": "tool_call_invocation",
            "tool_call_id": f"tool_{len(self._transcript)}",
            "name": tool,
            "arguments": json.dumps(arguments),
        }
        self._transcript.append(invocation)
        body = {"name": tool, "args": arguments, "call": self._call}
        first, second = await self._platform.retell(body), await self._platform.retell(body)
        assert second.content == first.content
        result = {"role": "tool_call_result", "tool_call_id": invocation["tool_call_id"]}
        self._transcript.append(result)
        return json.loads(first.content), first


@pytest.fixture
async def platform(practice: Practice, addresses: Addresses) -> AsyncIterator[Platform]:
    vault = Vault(SECRET_KEY)
    async with (
        Database.connect(addresses.database_owner_url, role=None) as owner,
        owner.transaction(practice.id) as tx,
    ):
        for name, secret in (("api_key", API_KEY), ("retell_key", RETELL_KEY)):
            await businesses.put_credential(
                tx,
                id=uuid4(),
                name=name,
                secret_encrypted=vault.seal(secret),
                now=practice.clock(),
            )
    transport = httpx.ASGITransport(create_app(practice.parts))
    async with httpx.AsyncClient(transport=transport, base_url="http://slotline") as http:
        yield Platform(http, practice)


async def _book(call: RetellCall) -> dict[str, Any]:
    checked, _ = await call.ask(
        "check_availability", service="a check-up", date="tomorrow", time="half past two"
    )
    await call.ask("verify_name", name="Jürgen Groß")
    booked, response = await call.ask("book", slot=checked["slots"][0]["id"], confirmed=True)
    assert response.status_code == 200
    return booked


async def test_a_signed_call_books_once_though_every_request_is_repeated(
    platform: Platform,
) -> None:
    booked = await _book(RetellCall(platform, STRANGER))
    assert (booked["status"], booked["booked"]) == ("booked", True)
    assert booked["booking"]["name"] == "Jürgen Groß"
    (held,) = await platform.practice.bookings_at_calcom()
    (row,) = await platform.practice.rows()
    assert (row["state"], row["calcom_uid"]) == ("confirmed", held["uid"])


async def test_each_request_leaves_one_line_with_the_ids_of_its_call_and_without_its_people(
    platform: Platform,
) -> None:
    sink = io.StringIO()
    with journal.opened(Log(format="json"), sink):
        call = RetellCall(platform, STRANGER)
        await _book(call)
    lines = [json.loads(line) for line in sink.getvalue().splitlines()]
    told = [line for line in lines if line["event"] == "tool_call"]
    assert [line["tool"] for line in told] == [
        tool for tool in ("check_availability", "verify_name", "book") for _ in range(2)
    ]
    assert [line["repeated"] for line in told] == [False, True] * 3
    assert {line["platform_call"] for line in told} == {call.id}
    assert len({line["call"] for line in told}) == 1
    assert {(line["business"], line["platform"]) for line in told} == {("praxis", "retell")}
    assert all(line["ms"] > 0 and line["ok"] and line["request_id"] for line in told)
    (held,) = await platform.practice.bookings_at_calcom()
    for person in ("Jürgen", "Groß", STRANGER[3:], held["uid"]):
        assert person not in sink.getvalue()


class _Broken(io.StringIO):
    def write(self, _text: str) -> int:
        raise OSError("no space left on device")


async def test_a_full_disk_does_not_fail_a_booking(platform: Platform) -> None:
    with journal.opened(Log(format="json"), _Broken()) as broken:
        booked = await _book(RetellCall(platform, STRANGER))
    assert booked["booked"]
    assert broken.lost >= 6


async def test_bad_input_writes_nothing(platform: Platform) -> None:
    body = {"name": "book", "args": {"slot": "A", "confirmed": True}, "call": {"call_id": "c-1"}}
    await platform.http.post("/v1/praxis/retell/tools", json=body)
    await platform.http.post("/v1/praxis/tools/book", json={"call_id": "c-1"})
    await platform.http.post("/v1/nobody/tools/book", json={"call_id": "c-1"})
    await platform.retell({"slot": "A"})
    await platform.retell(body | {"name": "drop_table"})
    await platform.retell(body | {"call": {}})
    await platform.retell(body | {"args": 5})
    await platform.retell(body | {"padding": "x" * 1_000_000})
    await platform.neutral("book", arguments={"slot": "A"})
    await platform.neutral("book", call_id=5)
    await platform.neutral("drop_table", call_id="c-1")
    async with platform.practice.database.single(platform.practice.id) as tx:
        written = await tx.one(
            "SELECT (SELECT count(*) FROM call) + (SELECT count(*) FROM tool_call)"
            " + (SELECT count(*) FROM booking) + (SELECT count(*) FROM claim)",
            into=int,
        )
    assert written == 0
    assert not await platform.practice.bookings_at_calcom()


async def test_wrong_types_of_arguments_are_made_to_fit(platform: Platform) -> None:
    """A model that writes a list where a text belongs is asked again, in words."""
    response = await platform.neutral(
        "check_availability", call_id="c-1", arguments={"service": ["x"], "date": {"a": 1}}
    )
    assert response.status_code == 200
    assert response.json()["status"] == "need_service"


async def test_an_unknown_line_is_not_permitted(platform: Platform) -> None:
    response = await platform.neutral("check_availability", call_id="c-1", line="+4930999999999")
    assert response.status_code == 200
    assert response.json()["status"] == "not_permitted"


async def test_context_knows_who_calls(platform: Platform) -> None:
    headers = {"authorization": f"Bearer {API_KEY}"}
    path = "/v1/praxis/context"
    known = await platform.http.get(path, params={"caller": ADA, "line": LINE}, headers=headers)
    blank = await platform.http.get(f"{path}?caller=+{ADA[1:]}", headers=headers)
    stranger = await platform.http.get(path, params={"caller": STRANGER}, headers=headers)
    assert (known.json()["known"], known.json()["name"]) == (True, "Ada Lindqvist")
    assert blank.json() == known.json()
    assert (stranger.json()["known"], stranger.json()["name"]) == (False, None)


async def test_a_server_whose_parts_answer_is_ready(platform: Platform) -> None:
    response = await platform.http.get("/readyz")
    assert response.status_code == 200
    assert response.json()["parts"] == {"database": "ok", "redis": "ok"}
