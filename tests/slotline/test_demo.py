"""The demo as a newcomer sees it: one call, a booking in the calendar, a note with the keys."""

import json
import shutil
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from db.database import Database
from server.console.logging_in import LoggingIn
from slotline.demo.run import run
from slotline.demo.script import LINES, Script, Unexpected
from slotline.embedded import Running
from slotline.places import Places
from tests.servers import Addresses

KEYS = {
    *("base_url", "business", "language", "timezone", "line", "service", "known_caller"),
    *("api_key", "retell_key", "retell_llm_secret", "vapi_secret", "elevenlabs_secret"),
    *("calcom_base_url", "calcom_key", "calcom_webhook_secret", "database_url", "redis_url"),
    "console",
}
"""Of `.slotline/demo.json`: scripts rely on each of them."""


@pytest.fixture
def places(tmp_path: Path) -> Places:
    places = Places(tmp_path)
    places.demo_business.parent.mkdir()
    shutil.copy(Places.here().demo_business, places.demo_business)
    return places


@pytest.fixture
def running(addresses: Addresses, database_url: str, redis_url: str) -> Running:
    return Running(
        database_url=addresses.database_url,
        database_owner_url=addresses.database_owner_url,
        redis_url=addresses.redis_url,
    )


async def test_the_call_ends_in_a_booking_and_a_second_run_in_another(
    places: Places, running: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await run(places=places, running=running, once=True, language="en")
    first = capsys.readouterr().out
    assert "Booked: " in first
    assert "slotline_booking_id" in first

    assert await run(places=places, running=running, once=True, language="de")
    second = capsys.readouterr().out
    assert "Gebucht: " in second

    note = places.directory / "demo.json"
    assert stat.S_IMODE(note.stat().st_mode) == 0o600
    left = json.loads(note.read_text(encoding="utf-8"))
    assert left.keys() == KEYS
    assert [name for name, value in left.items() if value is None] == []
    assert left["console"]["url"] == f"{left['base_url']}/console"
    assert {user["role"] for user in left["console"]["users"]} == {"staff", "ops", "admin"}
    async with Database.connect(running.database_url) as database:
        for user in left["console"]["users"]:
            door = LoggingIn(database)
            assert await door.log_in(user["email"], user["password"], now=datetime.now(UTC))
    assert left["language"] == "de"
    assert left["known_caller"].keys() == {"number", "name"}


def test_the_script_does_not_pretend_when_a_call_goes_wrong() -> None:
    script = Script(LINES["en"], "Mary Birkett", datetime(2026, 2, 10).date())  # noqa: DTZ001
    with pytest.raises(Unexpected, match="technical_fault"):
        script.after({"status": "technical_fault", "say": "I am sorry."})
