"""What is told of calls over Chat Completions: that they have ended."""

import httpx
import pytest

from tests.practice import ADA, LINE
from tests.server.platforms.switchboard import SECRETS, Switchboard

_ENDED = {"event": "call_ended", "call_id": "c-1", "caller": ADA, "line": LINE, "reason": "caller"}


async def _told(switchboard: Switchboard, body: object, key: str = "api_key") -> httpx.Response:
    headers = {"authorization": f"Bearer {SECRETS[key]}"}
    return await switchboard.http.post("/v1/praxis/chat/events", json=body, headers=headers)


async def test_an_end_told_twice_is_one_record(switchboard: Switchboard) -> None:
    turns = [{"role": "user", "content": "Hello?"}, {"role": "tool", "content": "x"}, "y"]
    for _ in range(2):
        assert (await _told(switchboard, {**_ENDED, "turns": turns})).status_code == 200
    await switchboard.settle()
    (call,) = await switchboard.calls()
    assert (call["platform"], call["platform_call_id"]) == ("chat", "c-1")
    assert (call["ending"], call["caller_number"]) == ("caller_hung_up", ADA)
    assert [turn.text for turn in await switchboard.turns(call["id"])] == ["Hello?"]


@pytest.mark.parametrize(
    ("body", "status"),
    [({**_ENDED, "event": "x"}, 400), ({"event": "call_ended"}, 422), ([], 400)],
)
async def test_what_tells_nothing_is_refused(
    switchboard: Switchboard, body: object, status: int
) -> None:
    assert (await _told(switchboard, body)).status_code == status
    assert (await _told(switchboard, body, key="retell_key")).status_code == 401
