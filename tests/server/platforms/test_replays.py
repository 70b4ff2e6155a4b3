"""Whoever has overheard a signed request can send it again: as it was, while it counts."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx
import pytest

from tests.practice import ADA, LINE
from tests.server.platforms.phones import payload
from tests.server.platforms.switchboard import Switchboard
from tests.server.platforms.test_signatures import SIGNED

EVENTS: Final = {
    "retell": ("retell/events", "retell/call-analyzed"),
    "vapi": ("vapi", "vapi/end-of-call-report"),
    "elevenlabs": ("elevenlabs/events", "elevenlabs/post-call-transcription"),
    "openai": ("openai/webhook", "openai/incoming"),
}


@dataclass(frozen=True)
class Overheard:
    """A request as it went over the wire."""

    switchboard: Switchboard
    path: str
    body: bytes
    headers: Mapping[str, str]

    async def sent(self) -> httpx.Response:
        return await self.switchboard.http.post(
            f"/v1/praxis/{self.path}", content=self.body, headers=dict(self.headers)
        )


def overheard(switchboard: Switchboard, platform: str, path: str, body: object) -> Overheard:
    """What a platform would send now."""
    raw = json.dumps(body, ensure_ascii=False).encode()
    _, sign = SIGNED[platform]
    return Overheard(switchboard, path, raw, sign(raw, switchboard.practice.clock()))


def tool_call(switchboard: Switchboard, tool: str, **arguments: object) -> Overheard:
    """One of Retell without a transcript, and so without an id of its own."""
    call = {"call_id": "call_of_ada", "from_number": ADA, "to_number": LINE}
    switchboard.practice.clock.advance(seconds=1)  # no two have the same time
    body = {"name": tool, "args": arguments, "call": call}
    return overheard(switchboard, "retell", "retell/tools", body)


async def told(request: Overheard) -> dict[str, Any]:
    reply: dict[str, Any] = (await request.sent()).json()
    return reply


async def test_what_was_cancelled_since_is_not_booked_by_a_replay(switchboard: Switchboard) -> None:
    wish = {"service": "check-up", "date": "tomorrow", "time": "10:00"}
    await told(tool_call(switchboard, "check_availability", **wish))
    book = tool_call(switchboard, "book", slot="A", confirmed=True)
    booked = await told(book)
    assert booked["status"] == "booked"
    await told(tool_call(switchboard, "cancel", booking="1"))
    cancel = tool_call(switchboard, "cancel", booking="1", confirmed=True)
    cancelled = await told(cancel)
    assert cancelled["status"] == "cancelled"
    switchboard.practice.clock.advance(seconds=60)
    for _ in range(18):  # more than anybody keeps who only looks
        await told(tool_call(switchboard, "find_booking"))

    assert [await told(book), await told(cancel)] == [booked, cancelled]

    assert await switchboard.practice.bookings_at_calcom() == []
    assert [row["state"] for row in await switchboard.practice.rows()] == ["cancelled"]


async def test_the_same_wish_in_a_request_of_its_own_is_a_wish(switchboard: Switchboard) -> None:
    reason = "about a bill"
    first = await told(tool_call(switchboard, "request_callback", reason=reason))
    again = await told(tool_call(switchboard, "request_callback", reason=reason))
    assert first["now"] != again["now"]


@pytest.mark.parametrize("platform", EVENTS)
async def test_an_event_that_is_replayed_is_acknowledged_and_changes_nothing(
    switchboard: Switchboard, platform: str
) -> None:
    path, name = EVENTS[platform]
    event = overheard(switchboard, platform, path, payload(name))
    assert (await event.sent()).json() == {"ok": True}
    await switchboard.settle()
    (stored,), (call,) = await switchboard.events(), await switchboard.calls()
    turns = await switchboard.turns(call["id"])

    switchboard.practice.clock.advance(seconds=299)
    assert (await event.sent()).json() == {"ok": True}
    await switchboard.settle()
    assert await switchboard.events() == [stored]
    assert await switchboard.calls() == [call]
    assert await switchboard.turns(call["id"]) == turns

    switchboard.practice.clock.advance(seconds=2)
    assert (await event.sent()).status_code == 401
