"""The addresses of the server and what stands behind them."""

import asyncio
import json
from datetime import UTC, datetime

import pytest
from starlette.routing import WebSocketRoute

from server.openapi import Envelope
from server.wire import CallRef
from tests.server.edge import API_KEY, METRICS_TOKEN, edge
from tools.reply import Reply, SpokenBooking, SpokenSlot, Status

_KEY = {"authorization": f"Bearer {API_KEY}"}


async def test_a_neutral_tool_call_reaches_its_tool() -> None:
    async with edge() as at:
        body = {"call_id": "c-1", "caller": "+493023125099", "arguments": {"date": "morgen"}}
        response = await at.neutral("check_availability", body)
    assert response.status_code == 200
    assert response.json()["say"] == "Nichts frei."
    (request,) = at.behind.asked
    assert request.call == CallRef("neutral", "c-1", caller="+493023125099")
    assert request.arguments == {"date": "morgen"}


async def test_a_retell_tool_call_reaches_its_tool() -> None:
    async with edge() as at:
        call = {"call_id": "c-1", "from_number": "+493023125099", "to_number": "+493023125010"}
        body = {"name": "book", "args": '{"slot": "A"}', "call": call}
        response = await at.retell(body)
    assert response.status_code == 200
    assert response.json()["say"] == "Nichts frei."
    (request,) = at.behind.asked
    assert request.call == CallRef("retell", "c-1", caller="+493023125099", line="+493023125010")
    assert request.arguments == {"slot": "A"}


async def test_fields_that_nobody_reads_are_in_the_log_by_name_alone() -> None:
    async with edge() as at:
        at.behind.fails = RuntimeError()
        await at.neutral("book", {"call_id": "c-1", "weather": "rainy"})
    (line,) = at.lines
    assert line["ignored"] == ["weather"]
    assert "rainy" not in str(line)


@pytest.mark.parametrize(
    ("query", "caller"),
    [
        ("?caller=%2B493023125099", "+493023125099"),
        ("?caller=+493023125099", "+493023125099"),  # a + that nobody encoded is a blank
        ("?caller=anonymous", None),
        ("?caller=", None),
        ("", None),
    ],
)
async def test_context_knows_the_caller_however_the_plus_is_written(
    query: str, caller: str | None
) -> None:
    async with edge() as at:
        response = await at.http.get(f"/v1/praxis/context{query}", headers=_KEY)
    assert response.status_code == 200
    assert response.json()["caller"] == caller


async def test_context_passes_on_line_and_language() -> None:
    async with edge() as at:
        query = "?line=+493023125010&language=de-DE"
        response = await at.http.get(f"/v1/praxis/context{query}", headers=_KEY)
    assert response.json()["line"] == "+493023125010"
    assert response.json()["language"] == "de"


async def test_the_tools_are_listed_for_whoever_wants_them() -> None:
    async with edge() as at:
        plain = await at.http.get("/v1/praxis/tools", headers=_KEY)
        openai = await at.http.get("/v1/praxis/tools?for=openai", headers=_KEY)
    names = [tool["name"] for tool in plain.json()]
    assert {"check_availability", "verify_name", "book"} <= set(names)
    assert [tool["function"]["name"] for tool in openai.json()] == names


@pytest.mark.parametrize(
    ("platform", "name_in", "address_in", "path"),
    [
        ("retell", ("name",), ("url",), "retell/tools"),
        ("vapi", ("function", "name"), ("server", "url"), "vapi"),
        ("elevenlabs", ("name",), ("api_schema", "url"), "elevenlabs/tools/book"),
    ],
)
async def test_a_phone_platform_gets_its_tools_with_the_addresses_that_they_call(
    platform: str, name_in: tuple[str, ...], address_in: tuple[str, ...], path: str
) -> None:
    async with edge() as at:
        answer = await at.http.get(f"/v1/praxis/tools?for={platform}", headers=_KEY)
    ours = [tool for tool in answer.json() if _found(tool, address_in)]
    (book,) = [tool for tool in ours if _found(tool, name_in) == "book"]
    assert len(ours) == 7
    assert _found(book, address_in) == f"{at.http.base_url}/v1/praxis/{path}"


def _found(tool: object, way: tuple[str, ...]) -> object:
    for name in way:
        tool = tool.get(name) if isinstance(tool, dict) else None
    return tool


# --- operation ----------------------------------------------------------------------------------


async def test_a_running_server_is_healthy() -> None:
    async with edge() as at:
        assert (await at.http.get("/healthz")).json() == {"ok": True}


async def test_ready_is_when_every_part_answers() -> None:
    async def works() -> bool:
        return True

    async with edge(checks={"database": works, "redis": works}) as at:
        response = await at.http.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"ready": True, "parts": {"database": "ok", "redis": "ok"}}


async def test_the_part_that_fails_is_named_and_its_secrets_are_not() -> None:
    async def works() -> None: ...

    async def down() -> None:
        raise OSError("cannot reach redis://:s3cret@cache:6379")

    async def hangs() -> None:
        await asyncio.Event().wait()

    checks = {"database": works, "redis": down, "calendar": hangs}
    async with edge(checks=checks, ready_seconds=0.05) as at:
        response = await at.http.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {
        "ready": False,
        "parts": {"database": "ok", "redis": "down", "calendar": "slow"},
    }
    assert {line["part"] for line in at.lines} == {"redis", "calendar"}
    assert "s3cret" not in str(at.lines)


async def test_asking_in_a_loop_does_not_ask_the_parts_each_time() -> None:
    asked: list[str] = []

    async def count() -> None:
        asked.append("database")
        await asyncio.sleep(0)

    async with edge(checks={"database": count}) as at:
        await asyncio.gather(*(at.http.get("/readyz") for _ in range(20)))
    assert len(asked) == 1


async def test_metrics_are_for_the_bearer_of_the_token() -> None:
    async with edge() as at:
        await at.neutral("book", b"")
        refused = await at.http.get("/metrics")
        wrong = await at.http.get("/metrics", headers={"authorization": "Bearer wrong"})
        headers = {"authorization": f"Bearer {METRICS_TOKEN}"}
        given = await at.http.get("/metrics", headers=headers)
    assert refused.status_code == wrong.status_code == 401
    assert given.status_code == 200
    assert given.headers["content-type"].startswith("text/plain")
    assert 'slotline_refused_total{platform="neutral",reason="unreadable"}' in given.text
    assert "slotline_tool_call_seconds" in given.text
    assert "slotline_log_lines_lost 0.0" in given.text


@pytest.mark.parametrize(
    ("peer", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("127.8.9.10", {}, 200),
        ("::1", {}, 200),
        ("203.0.113.7", {}, 401),
        ("203.0.113.7", {"x-forwarded-for": "127.0.0.1"}, 401),
        ("203.0.113.7", {"host": "localhost", "x-real-ip": "::1"}, 401),
        ("127.0.0.1", {"x-forwarded-for": "203.0.113.7"}, 401),
        ("127.0.0.1", {"x-forwarded-for": "127.0.0.1"}, 401),
        ("127.0.0.1", {"forwarded": "for=127.0.0.1"}, 401),
        ("unix", {}, 401),
    ],
)
async def test_without_a_token_metrics_are_for_this_machine_alone(
    peer: str, headers: dict[str, str], status: int
) -> None:
    async with edge(metrics_token=None, peer=peer) as at:
        response = await at.http.get("/metrics", headers=headers)
    assert response.status_code == status


# --- the documents ------------------------------------------------------------------------------


async def test_every_route_is_in_the_openapi_document() -> None:
    async with edge() as at:
        document = (await at.http.get("/openapi.json")).json()
        routes = [route for route in at.app.routes if not isinstance(route, WebSocketRoute)]
        served = {route.path for route in routes if hasattr(route, "path")}
    assert set(document["paths"]) == served - {"/openapi.json"}
    tool = document["paths"]["/v1/{business}/tools/{tool}"]["post"]
    assert set(tool["responses"]) == {"200", "400", "401", "404", "413", "422"}
    for answer in tool["responses"].values():
        schema = answer["content"]["application/json"]["schema"]
        assert schema == {"$ref": "#/components/schemas/Envelope"}


async def test_every_reference_in_the_document_leads_somewhere() -> None:
    async with edge() as at:
        text = (await at.http.get("/openapi.json")).text
    schemas = json.loads(text)["components"]["schemas"]
    named = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert named <= schemas.keys()
    assert set(schemas["Status"]["enum"]) == {status.value for status in Status}


def test_the_envelope_in_the_document_is_the_one_that_tools_send() -> None:
    now = datetime(2026, 2, 9, 8, tzinfo=UTC)
    slot = SpokenSlot("A", now, "today at eight", "Anna")
    booking = SpokenBooking("1", "Haircut", now, now, "today at eight", "Bo Li")
    for status in Status:
        full = Reply(
            status,
            "Said.",
            slots=[slot],
            booking=booking,
            bookings=[booking],
            known={"service": "Haircut"},
            missing=["name"],
        )
        for reply in (full, Reply(status, "Said.")):
            line = reply.line(now=now)
            read = Envelope.model_validate_json(line)
            assert read.model_dump(mode="json", exclude_unset=True) == json.loads(line)
