"""What went wrong in production before has a test that is named for it: `test_f_043_...`.

The ones here are about no single room; the others stand where their subject is tested.
"""

import json
import re
from itertools import permutations
from pathlib import Path
from typing import Final

import pytest

from tests.practice import ADA, Practice
from tests.servers import ROOT

AREAS: Final = {
    "voice": range(1, 12),
    "name and caller": range(12, 21),
    "date and time": range(21, 33),
    "availability": range(33, 43),
    "booking": range(43, 49),
    "consistency": range(49, 55),
    "moving and cancelling": range(55, 62),
    "the external calendar": range(62, 67),
    "webhooks and their door": range(67, 74),
    "businesses apart": range(74, 78),
    "the schema": range(78, 82),
    "performance": range(82, 85),
    "monitoring": range(85, 92),
    "services and staff": range(92, 99),
}


def covered() -> set[int]:
    """The entries that tests are named for."""
    named = re.compile(r"def test_f_(\d{3})_")
    files = Path(ROOT / "tests").rglob("test_*.py")
    return {int(number) for file in files for number in named.findall(file.read_text("utf-8"))}


@pytest.mark.parametrize("area", AREAS)
def test_every_entry_has_a_test_of_its_name(area: str) -> None:
    assert set(AREAS[area]) <= covered()


async def test_f_064_a_link_that_leads_nowhere_is_no_outage(practice: Practice) -> None:
    """The caller is offered a call; what is not broken goes on."""
    world = practice.calendar.state.sandbox.world
    for number in (1, 2):
        world.remove(world.event_types[number])
    call = practice.call(ADA)

    broken = await call.ask("check_availability", service="checkup", date="2026-02-12")
    sound = await call.ask("check_availability", service="cleaning", date="2026-02-12")

    assert (broken["status"], broken["ok"]) == ("service_unavailable", True)
    assert "call" in broken["say"]
    assert sound["status"] == "available"


async def test_f_068_whatever_is_heard_first_begins_the_call(practice: Practice) -> None:
    """Any tool, in any order, leads to the same record of the call."""
    asked: dict[str, dict[str, str]] = {
        "check_availability": {"service": "checkup", "date": "2026-02-12"},
        "verify_name": {"name": "Ada Lindqvist"},
        "book": {"slot": "A"},
    }
    orders = list(permutations(asked))
    for order in orders:
        call = practice.call(ADA)
        for tool in order:
            await call.ask(tool, **asked[tool])
    await practice.bookkeeping_done()

    async with practice.database.single(practice.id) as tx:
        calls = await tx.all(
            "SELECT json_build_array(line_id IS NOT NULL, caller_number, state)::text FROM call",
            into=str,
        )
    assert calls == [json.dumps([True, ADA, "ongoing"])] * len(orders)


async def test_f_078_a_wish_that_is_not_free_leads_to_others(practice: Practice) -> None:
    """The whole way: from the caller's words to the read-back of an alternative."""
    visit = {"start": "2026-02-12T10:30:00Z", "name": "Mia Sommer", "email": "mia@example.com"}
    (await practice.calendar_http.post("/_sandbox/bookings", json=visit)).raise_for_status()
    call = practice.call(ADA)

    wished = {"service": "checkup", "date": "2026-02-12", "time": "11:30", "staff": "Anna"}
    checked = await call.ask("check_availability", **wished)
    others = checked["slots"]
    told = await call.ask("book", slot=others[0]["id"])

    assert not checked["booked"]
    assert others
    with_anna = [slot["start"] for slot in others if slot["staff"] == "Dr. Anna Berger"]
    assert with_anna
    assert all("T11:30" not in start for start in with_anna)
    assert told["status"] == "need_confirmation"
