"""A call rings at a Retell number: the agent knows the caller before the first word."""

import json
from pathlib import Path

from tests.practice import ADA, LINE
from tests.server.platforms.switchboard import Switchboard

_PAYLOADS = Path(__file__).parent / "payloads" / "retell"


async def test_the_agent_knows_the_caller_in_texts(switchboard: Switchboard) -> None:
    asked = json.loads((_PAYLOADS / "inbound.json").read_text("utf-8"))
    asked["call_inbound"] |= {"from_number": ADA, "to_number": LINE}
    answer = await switchboard.retell("inbound", asked)
    assert answer.status_code == 200
    variables = answer.json()["call_inbound"]["dynamic_variables"]
    assert all(isinstance(value, str) for value in variables.values())
    assert (variables["known"], variables["name"]) == ("true", "Ada Lindqvist")
    assert variables["today"] == "Tuesday, February 10"
    assert "Wednesday 2026-02-11" in variables["weekdays"]
    assert "Check-up" in variables["services"]
    assert variables["open"] == "true"


async def test_the_agent_knows_whether_a_human_is_there(switchboard: Switchboard) -> None:
    """By the opening hours of the line that rings; of a line that nobody knows, nobody is there."""
    asked = {"call_inbound": {"from_number": ADA, "to_number": LINE}}
    unknown = {"call_inbound": {"from_number": ADA, "to_number": "+4930000000"}}
    told = []
    for body, hours in ((asked, 0), (asked, 9), (asked, 0), (unknown, -9)):
        switchboard.practice.clock.advance(hours=hours)
        answer = await switchboard.retell("inbound", body)
        told.append(answer.json()["call_inbound"]["dynamic_variables"]["open"])
    assert told == ["true", "false", "false", "false"]


async def test_of_a_stranger_the_same_variables_are_told(switchboard: Switchboard) -> None:
    known = await switchboard.retell(
        "inbound", {"call_inbound": {"from_number": ADA, "to_number": LINE}}
    )
    hidden = await switchboard.retell("inbound", {"call_inbound": {"from_number": "anonymous"}})
    told = hidden.json()["call_inbound"]["dynamic_variables"]
    assert told.keys() == known.json()["call_inbound"]["dynamic_variables"].keys()
    assert (told["known"], told["name"], told["bookings"]) == ("false", "", "")


async def test_while_the_database_is_away_the_call_begins_with_a_stranger(
    switchboard: Switchboard,
) -> None:
    await switchboard.retell("inbound", {"call_inbound": {"from_number": ADA}})
    await switchboard.practice.parts.context._customers._db._pool.close()
    answer = await switchboard.retell("inbound", {"call_inbound": {"from_number": ADA}})
    variables = answer.json()["call_inbound"]["dynamic_variables"]
    assert (variables["known"], variables["language"]) == ("false", "en")


async def test_what_is_no_call_is_refused(switchboard: Switchboard) -> None:
    assert (await switchboard.retell("inbound", {"call": {}})).status_code == 400
    assert (await switchboard.http.post("/v1/praxis/retell/inbound", json={})).status_code == 401
