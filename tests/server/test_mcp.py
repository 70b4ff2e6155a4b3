"""MCP: official clients of both generations, and recorded exchanges, on the other side."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import httpx2
import mcp_types as types
import pytest
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client

from tests.practice import ADA, LINE, Practice
from tests.server.platforms.switchboard import SECRETS, Switchboard, connected
from tests.servers import Addresses

_KEY = {"authorization": f"Bearer {SECRETS['api_key']}"}
_OF_ADA = {"x-call-id": "call_of_ada", "x-caller": ADA, "x-line": LINE}
_URL = "http://slotline.test/v1/praxis/mcp"


@pytest.fixture
async def switchboard(practice: Practice, addresses: Addresses) -> Any:
    async with connected(practice, addresses) as switchboard:
        yield switchboard


def told(result: types.CallToolResult) -> dict[str, Any]:
    """What a model and what a program gets, which must be the same."""
    (content,) = result.content
    assert isinstance(content, types.TextContent)
    assert json.loads(content.text) == result.structured_content
    assert "\n" not in content.text
    envelope: dict[str, Any] = result.structured_content
    return envelope


@asynccontextmanager
async def phone(switchboard: Switchboard, mode: str, **headers: str) -> AsyncIterator[Client]:
    """An agent with the official client, of a generation."""
    inside = httpx2.ASGITransport(switchboard.app)
    async with (
        httpx2.AsyncClient(transport=inside, headers={**_KEY, **headers}) as http,
        Client(streamable_http_client(_URL, http_client=http), mode=mode) as client,
    ):
        yield client


GENERATIONS = ["legacy", "2026-07-28"]


@pytest.mark.parametrize("mode", GENERATIONS)
async def test_a_journey_books_an_appointment(switchboard: Switchboard, mode: str) -> None:
    async with phone(switchboard, mode, **_OF_ADA) as client:
        listed = (await client.list_tools()).tools
        reads = {tool.name: tool.annotations and tool.annotations.read_only_hint for tool in listed}
        assert (reads["check_availability"], reads["book"]) == (True, False)
        wish = {"service": "checkup", "date": "2026-02-11", "time": "10:00"}
        checked = told(await client.call_tool("check_availability", wish))
        assert checked["status"] == "available"
        booked = await client.call_tool("book", {"slot": "A", "confirmed": True})
        assert not booked.is_error
        assert (told(booked)["status"], told(booked)["booked"]) == ("booked", True)
    (booking,) = await switchboard.practice.bookings_at_calcom()
    assert booking["start"] == "2026-02-11T09:00:00.000Z"


async def test_the_call_may_be_told_in_meta(switchboard: Switchboard) -> None:
    meta: Any = {"call_id": "call_of_ada", "caller": ADA, "line": LINE}
    async with phone(switchboard, "legacy") as client:
        found = await client.call_tool("verify_name", {"name": "Ada Lindqvist"}, meta=meta)
    assert told(found)["status"] == "identified"


async def test_headers_win_over_meta_and_both_over_arguments(switchboard: Switchboard) -> None:
    async with phone(switchboard, "legacy", **_OF_ADA) as client:
        other: Any = {"caller": "+491701234567"}
        await client.call_tool("verify_name", {"name": "Ada Lindqvist", **other}, meta=other)
    await switchboard.settle()
    assert [call["caller_number"] for call in await switchboard.calls()] == [ADA]


@pytest.mark.parametrize("mode", GENERATIONS)
async def test_whoever_names_no_call_may_read_and_nothing_else(
    switchboard: Switchboard, mode: str
) -> None:
    async with phone(switchboard, mode) as client:
        read = await client.call_tool("check_availability", {"service": "checkup"})
        write = await client.call_tool("book", {"slot": "A", "confirmed": True})
    assert told(read)["status"] == "available"
    assert told(write)["status"] == "not_permitted"


async def test_an_error_is_one_only_where_ok_is_false(switchboard: Switchboard) -> None:
    async with phone(switchboard, "legacy", **_OF_ADA) as client:
        refused = await client.call_tool("check_availability", {"service": "no such service"})
        unknown = await client.call_tool("no_such_tool", {})
    assert (told(refused)["ok"], refused.is_error) == (True, False)
    assert (told(unknown)["ok"], unknown.is_error) == (False, True)
    assert told(unknown)["status"] == "technical_fault"


@pytest.mark.parametrize(
    "headers", [{}, {"authorization": "Bearer x"}, {**_KEY, "origin": "https://evil.example"}]
)
async def test_nobody_else_gets_in(switchboard: Switchboard, headers: dict[str, str]) -> None:
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    answer = await switchboard.http.post("/v1/praxis/mcp", json=body, headers=headers)
    assert answer.status_code == 401


@pytest.mark.parametrize("method", ["GET", "DELETE"])
async def test_there_are_no_sessions_to_listen_to_or_to_end(
    switchboard: Switchboard, method: str
) -> None:
    answer = await switchboard.http.request(method, "/v1/praxis/mcp", headers=_KEY)
    assert answer.status_code == 405


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"jsonrpc": "2.0"}', b"\xff"])
async def test_what_is_no_request_is_refused_as_the_protocol_says(
    switchboard: Switchboard, body: bytes
) -> None:
    headers = {**_KEY, "accept": "application/json", "content-type": "application/json"}
    answer: httpx.Response = await switchboard.http.post(
        "/v1/praxis/mcp", content=body, headers=headers
    )
    assert 400 <= answer.status_code < 500
