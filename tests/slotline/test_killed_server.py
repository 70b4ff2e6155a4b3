"""A real server is killed between Cal.com's booking and ours; a real worker settles it."""

import asyncio
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from slotline.demo.stage import Stage, open_stage
from slotline.embedded import Running
from slotline.places import Places
from tests.servers import Addresses

_PATIENCE_SECONDS = 60


@pytest.fixture
async def stage(
    addresses: Addresses, database_url: str, redis_url: str, tmp_path: Path
) -> AsyncIterator[Stage]:
    running = Running(
        database_url=addresses.database_url,
        database_owner_url=addresses.database_owner_url,
        redis_url=redis_url,
    )
    async with open_stage(
        tmp_path, running, file=Places.here().demo_business, language="en", with_worker=False
    ) as stage:
        yield stage


async def ask(stage: Stage, tool: str, **arguments: object) -> dict[str, Any]:
    async with httpx.AsyncClient(trust_env=False, timeout=20) as http:
        answer = await http.post(
            f"{stage.base_url}/v1/{stage.business.slug}/tools/{tool}",
            headers={"authorization": f"Bearer {stage.keys['api_key']}"},
            json={"call_id": "killed", "caller": None, "line": None, "arguments": arguments},
        )
    reply: dict[str, Any] = answer.json()
    return reply


async def states(addresses: Addresses) -> list[tuple[str, str | None]]:
    async with await psycopg.AsyncConnection.connect(addresses.database_owner_url) as connection:
        cursor = await connection.execute("SELECT state, calcom_uid FROM booking")
        return await cursor.fetchall()


async def until(addresses: Addresses, state: str) -> None:
    async with asyncio.timeout(_PATIENCE_SECONDS):
        while [found for found, _ in await states(addresses)] != [state]:  # noqa: ASYNC110
            await asyncio.sleep(0.1)


async def test_a_booking_whose_server_was_killed_is_settled_by_a_worker(
    stage: Stage, addresses: Addresses
) -> None:
    checked = await ask(stage, "check_availability", service="check-up", date="in 7 days")
    await ask(stage, "verify_name", name="Marta Ehlers")
    slot = checked["slots"][0]["id"]
    await ask(stage, "book", slot=slot)

    async with httpx.AsyncClient(base_url=stage.calcom_base_url, trust_env=False) as calendar:
        # Cal.com books and then takes its time to say so: long enough for the server to die.
        fault = {"on": "create_booking", "do": "hang", "times": 1, "seconds": 3}
        (await calendar.post("/_sandbox/faults", json=fault)).raise_for_status()
        asking = asyncio.create_task(ask(stage, "book", slot=slot, confirmed=True))
        await until(addresses, "pending")
        stage.server.child.send_signal(signal.SIGKILL)
        await stage.server.child.wait()
        with pytest.raises(httpx.TransportError):
            await asking
        assert [state for state, _ in await states(addresses)] == ["pending"]

        async with stage.run("worker"):
            await until(addresses, "confirmed")
        held = (await calendar.get("/_sandbox/state")).json()["bookings"]

    [(_, uid)] = await states(addresses)
    assert [booking["uid"] for booking in held] == [uid]
