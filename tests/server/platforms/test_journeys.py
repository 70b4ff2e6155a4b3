"""One whole call on each platform: whatever stands between, it is the same call and booking."""

from typing import Final

import pytest

from tests.server.platforms.phones import (
    CALL,
    MARTA,
    ElevenLabs,
    ElevenLabsOverMcp,
    Neutral,
    OpenAIOverMcp,
    Phone,
    Retell,
    RetellOverMcp,
    Told,
    Vapi,
    VapiOverChat,
    talking,
)
from tests.server.platforms.switchboard import Switchboard

PHONES = [
    *(Neutral, Retell, Vapi, ElevenLabs),
    *(RetellOverMcp, ElevenLabsOverMcp, OpenAIOverMcp, VapiOverChat),
]


BOOKED: Final[Told] = {
    "ok": True,
    "status": "booked",
    "booked": True,
    "say": "Booked: tomorrow at 2:30 in the afternoon.",
    "booking": {
        "id": "1",
        "service": "Check-up",
        "start": "2026-02-11T14:30:00+01:00",
        "end": "2026-02-11T15:00:00+01:00",
        "spoken": "Wednesday, February 11, at 2:30 in the afternoon",
        "name": "Marta Ehlers",
        "staff": "Dr. Anna Berger",
    },
    "known": {
        "service": "Check-up",
        "date": "tomorrow",
        "time": "half past two",
        "name": "Marta Ehlers",
        "number": MARTA,
    },
}


@pytest.mark.parametrize("kind", PHONES)
async def test_a_whole_call_is_the_same_on_every_platform(
    switchboard: Switchboard, kind: type[Phone]
) -> None:
    phone = kind(switchboard)
    async with talking(phone):
        known = await phone.rings()
        checked = await phone.ask(
            "check_availability", service="check-up", date="tomorrow", time="half past two"
        )
        named = await phone.ask("verify_name", name="Marta Ehlers")
        booked = await phone.ask("book", slot=checked["slots"][0]["id"], confirmed=True)
        await phone.hangs_up()
    await switchboard.settle()
    await switchboard.work()

    assert str(known["known"]).lower() == "false"
    assert "Check-up" in str(known["services"])
    assert (checked["status"], checked["missing"]) == ("available", ["name"])
    assert named["status"] == "new_caller"
    assert booked.pop("now")
    assert booked == BOOKED
    (held,) = await switchboard.practice.bookings_at_calcom()
    assert held["start"] == "2026-02-11T13:30:00.000Z"
    (call,) = await switchboard.calls()
    assert (call["platform"], call["platform_call_id"]) == (phone.platform, CALL)
    assert call["caller_number"] == MARTA
    turns = await switchboard.turns(call["id"])
    assert {turn.role for turn in turns} == ({"agent", "caller"} if phone.tells else set())
    assert call["state"] == ("ended" if phone.tells else "ongoing")
