"""The demo's server hears of what happens at the demo's calendar: all parts are processes."""

import asyncio
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import psycopg
import pytest

from slotline.demo.stage import open_stage
from slotline.demo.subscribing import subscribe
from slotline.embedded import Running
from slotline.places import Places
from tests.servers import Addresses

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.slow
async def test_a_booking_in_the_web_ui_reaches_the_database(
    tmp_path: Path, addresses: Addresses, database_url: str, redis_url: str
) -> None:
    running = Running(
        database_url=addresses.database_url,
        database_owner_url=addresses.database_owner_url,
        redis_url=addresses.redis_url,
    )
    file = Places.here().demo_business
    async with (
        open_stage(tmp_path, running, file=file, language="en") as stage,
        httpx.AsyncClient(base_url=stage.calcom_base_url, trust_env=False) as web,
    ):
        await subscribe(stage)
        await subscribe(stage)  # a second run finds it done

        day = datetime.now(BERLIN).date() + timedelta(days=3)
        day += timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
        start = datetime.combine(day, time(9, 30), BERLIN)
        person = {"name": "Rosa Winter", "email": "rosa@example.com"}
        made = await web.post("/_sandbox/bookings", json={"start": start.isoformat(), **person})
        made.raise_for_status()
        uid = made.json()["data"]["uid"]
        assert await _recorded(addresses, stage.business.slug, uid) == start.astimezone(UTC)


async def _recorded(addresses: Addresses, slug: str, uid: str) -> datetime | None:
    """When our record of it starts, as soon as there is one."""
    async with await psycopg.AsyncConnection.connect(
        addresses.database_owner_url, autocommit=True
    ) as owner:
        async with asyncio.timeout(20):
            while True:
                found = await owner.execute(
                    """
                    SELECT set_config('slotline.business_id', id::text, false) FROM business
                    WHERE slug = %s
                    """,
                    [slug],
                )
                await found.fetchone()
                row = await (
                    await owner.execute("SELECT start_at FROM booking WHERE calcom_uid = %s", [uid])
                ).fetchone()
                if row:
                    return row[0].astimezone(UTC)  # type: ignore[no-any-return]
                await asyncio.sleep(0.2)
