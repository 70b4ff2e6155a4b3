"""A call rings at OpenAI: signed by its own software, taken with our prompt and our tools."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai import OpenAI as OpenAIClient
from openai.types.realtime.call_accept_params import CallAcceptParams
from pydantic import SecretStr, TypeAdapter

from server.agent.agent import Agent
from server.agent.model import Model
from server.app import create_app
from server.platforms.openai.signature import CREDENTIAL, verify
from server.settings import OpenAI
from server.wire import Refused
from tests.practice import ADA
from tests.server.platforms.switchboard import SECRETS, Switchboard, standard_webhook

SECRETS_OF_BUSINESS = {CREDENTIAL: (SECRETS[CREDENTIAL],)}

_PAYLOADS = Path(__file__).parent / "payloads" / "openai"


def payload(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((_PAYLOADS / f"{name}.json").read_text("utf-8"))
    return found


def test_the_known_answer_is_accepted_for_five_minutes_in_both_directions() -> None:
    vector = payload("signature-vector")
    secrets, body = {CREDENTIAL: (vector["secret"],)}, vector["body"].encode()
    headers = {
        "webhook-id": vector["webhook_id"],
        "webhook-timestamp": str(vector["webhook_timestamp"]),
        "webhook-signature": f"v1,AAAA {vector['header']}",
    }
    at = datetime.fromtimestamp(vector["webhook_timestamp"], UTC)
    for minutes in (-5, 0, 5):
        verify(headers, body, secrets, at + timedelta(minutes=minutes))
    for seconds in (-301, 301):
        with pytest.raises(Refused, match="five minutes"):
            verify(headers, body, secrets, at + timedelta(seconds=seconds))
    with pytest.raises(Refused, match="not of this body"):
        verify(headers, body + b" ", secrets, at)


@given(
    body=st.binary(),
    headers=st.dictionaries(
        st.sampled_from(["webhook-id", "webhook-timestamp", "webhook-signature"]), st.text()
    ),
    secret=st.text(),
)
def test_whatever_comes_is_refused_and_nothing_else(
    body: bytes, headers: dict[str, str], secret: str
) -> None:
    with pytest.raises(Refused):
        verify(headers, body, {CREDENTIAL: (secret,)}, datetime(2026, 9, 10, tzinfo=UTC))


class Telephone:
    """OpenAI's side of a call: what was accepted, and whether it lets us."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, dict[str, Any]]] = []
        self.status = 200

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next(
            int(line.split(":")[1])
            for line in head.lower().splitlines()
            if line.startswith("content-length")
        )
        body = json.loads(await reader.readexactly(length))
        self.taken.append((head.split()[1], body))
        answer = f"HTTP/1.1 {self.status} x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        writer.write(answer.encode())
        await writer.drain()
        writer.close()


@asynccontextmanager
async def ringing(switchboard: Switchboard, **settings: Any) -> AsyncIterator[Telephone]:
    """OpenAI's telephone, on a port of this machine, and a model that knows it."""
    telephone = Telephone()
    server = await asyncio.start_server(telephone.accept, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    practice = switchboard.practice
    known = OpenAI(api_key=SecretStr("sk-x"), base_url=f"http://127.0.0.1:{port}/v1", **settings)
    model = Model(known, name="x")
    parts = replace(
        practice.parts,
        agent=Agent(
            model,
            dispatch=practice.parts.dispatch,
            context=practice.parts.context,
            redis=practice.parts.agent._redis,
        ),
        settings=practice.settings.model_copy(
            update={
                "server": practice.settings.server.model_copy(
                    update={"public_url": "https://phone.example.com"}
                )
            }
        ),
    )
    async with (
        server,
        httpx.AsyncClient(
            transport=httpx.ASGITransport(create_app(parts)), base_url="http://slotline.test"
        ) as http,
    ):
        before, switchboard.http = switchboard.http, http
        yield telephone
        switchboard.http = before
        await model.aclose()


def test_what_we_sign_in_tests_openais_own_software_accepts() -> None:
    raw, at = b'{"object": "event"}', int(time.time())
    client = OpenAIClient(api_key="x", webhook_secret=SECRETS[CREDENTIAL])
    headers = standard_webhook(raw, at=at)
    client.webhooks.verify_signature(raw, headers)
    verify(headers, raw, SECRETS_OF_BUSINESS, datetime.fromtimestamp(at, UTC))


async def test_a_call_that_rings_is_taken_with_our_prompt_and_our_tools(
    switchboard: Switchboard,
) -> None:
    async with ringing(switchboard) as telephone:
        for _ in range(2):
            answer = await switchboard.openai(payload("incoming"))
            assert (answer.status_code, answer.json()) == (200, {"ok": True})
            await switchboard.settle()
    ((path, session),) = telephone.taken
    assert path == "/v1/realtime/calls/rtc_0001/accept"
    TypeAdapter(CallAcceptParams).validate_python(session)
    assert "Praxis am Park" in session["instructions"]
    (tool,) = session["tools"]
    assert tool["server_url"] == "https://phone.example.com/v1/praxis/mcp"
    assert tool["authorization"] == SECRETS["api_key"]
    assert tool["headers"]["X-Call-Id"] == "rtc_0001"
    assert "X-Caller" not in tool["headers"]
    (call,) = await switchboard.calls()
    assert (call["platform"], call["platform_call_id"]) == ("openai", "rtc_0001")


async def test_the_number_of_sip_counts_only_if_it_is_trusted(switchboard: Switchboard) -> None:
    told = payload("incoming")
    told["data"]["sip_headers"][0]["value"] = f"<sip:{ADA}@sip.example.com>"
    async with ringing(switchboard, trust_sip_from=True) as telephone:
        await switchboard.openai(told)
        await switchboard.settle()
    ((_, session),) = telephone.taken
    assert session["tools"][0]["headers"]["X-Caller"] == ADA
    assert "Ada Lindqvist" in session["instructions"]


async def test_what_openai_refuses_breaks_nothing(switchboard: Switchboard) -> None:
    async with ringing(switchboard) as telephone:
        telephone.status = 404
        assert (await switchboard.openai(payload("incoming"))).status_code == 200
        await switchboard.settle()
    assert len(await switchboard.calls()) == 1


async def test_other_events_are_stored_and_forged_ones_refused(switchboard: Switchboard) -> None:
    async with ringing(switchboard) as telephone:
        other = {"id": "evt_2", "type": "batch.completed", "data": {}}
        assert (await switchboard.openai(other)).status_code == 200
        assert (await switchboard.openai({"type": "x"})).status_code == 400
        forged = await switchboard.http.post("/v1/praxis/openai/webhook", json=payload("incoming"))
        assert forged.status_code == 401
        await switchboard.settle()
    assert telephone.taken == []
    assert [event["kind"] for event in await switchboard.events()] == ["batch.completed"]
