"""The stand-in misbehaves on request."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
import uvicorn

from calcom.sandbox import create_app
from calcom.sandbox.latency import Clockwork, Latency
from calcom.sandbox.seed import recorded
from tests.calcom.sandbox.account import TEN, Account, opened

FAR = f"{TEN[:8]}03T15:00:00Z"
CRASH = {"statusCode": 500, "message": "Internal server error"}


async def test_an_error_before_leaves_nothing(account: Account) -> None:
    await account.misbehave(on="create_booking", do="error_before")
    failed = await account.book()
    assert (failed.status_code, failed.json()) == (500, CRASH)
    assert await account.bookings() == []
    assert (await account.book()).status_code == 201, "it happens once"


async def test_an_error_after_leaves_a_booking_and_a_webhook(account: Account) -> None:
    await account.misbehave(on="create_booking", do="error_after")
    failed = await account.book()
    assert (failed.status_code, failed.json()) == (500, CRASH)
    assert len(await account.bookings()) == 1
    assert account.triggers == ["BOOKING_CREATED"]


async def test_a_dropped_answer_leaves_a_booking(account: Account) -> None:
    await account.misbehave(on="create_booking", do="drop_answer")
    with pytest.raises(httpx.RemoteProtocolError):
        await account.book()
    assert len(await account.bookings()) == 1


async def test_a_refusal_outlives_an_error_after(account: Account) -> None:
    """Nothing was committed, so there is nothing to hide: Cal.com's no is answered."""
    await account.booked()
    await account.misbehave(on="create_booking", do="error_after")
    assert (await account.book(who="ben")).status_code == 400


async def test_a_hang_answers_when_nobody_listens_any_more(account: Account) -> None:
    await account.misbehave(on="create_booking", do="hang", seconds=0.05)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(account.book(), 0.02)
    await account.app.settle()
    assert len(await account.bookings()) == 1


async def test_a_late_hang_books_later(account: Account) -> None:
    await account.misbehave(on="create_booking", do="hang", seconds=0.05, late=True)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(account.book(), 0.02)
    assert await account.bookings() == []
    await account.app.settle()
    assert len(await account.bookings()) == 1


async def test_too_many_requests_on_request(account: Account) -> None:
    await account.misbehave(on="slots", do="429", times=2)
    query: dict[str, str | int] = {"eventTypeId": 1, "start": TEN, "end": FAR}
    headers = {"cal-api-version": "2024-09-04"}
    answers = [await account.http.get("/v2/slots", params=query, headers=headers) for _ in "abc"]
    assert [a.status_code for a in answers] == [429, 429, 200]
    assert answers[0].json()["error"]["code"] == "ThrottlerException"
    assert "retry-after" not in answers[0].headers


async def test_a_fault_hits_only_what_it_is_aimed_at(account: Account) -> None:
    await account.misbehave(on="cancel", do="error_before")
    uid = (await account.booked())["uid"]
    assert (await account.act(uid, "cancel")).status_code == 500
    assert (await account.act(uid, "cancel")).status_code == 200


async def test_a_star_hits_everything_until_cleared(account: Account) -> None:
    await account.misbehave(on="*", do="error_before", times=None)
    assert [(await account.book()).status_code for _ in "abc"] == [500] * 3
    assert (await account.http.delete("/_sandbox/faults")).status_code == 200
    assert (await account.book()).status_code == 201


async def test_an_unknown_fault_is_refused(account: Account) -> None:
    for body in ({"on": "slots", "do": "explode"}, {"do": "hang", "second": 1}, {}):
        assert (await account.http.post("/_sandbox/faults", json=body)).status_code == 400


async def test_the_throttle_of_an_account() -> None:
    account = opened(rate_limit_per_minute=3)
    async with account.http:
        answers = [await account.http.get("/v2/me", headers=account.key) for _ in range(4)]
        assert [a.status_code for a in answers] == [200, 200, 200, 429]
        assert (await account.http.get("/v2/event-types?username=drlee")).status_code == 200
        account.clock.advance(seconds=59)
        assert (await account.http.get("/v2/me", headers=account.key)).status_code == 429
        account.clock.advance(seconds=2)
        assert (await account.http.get("/v2/me", headers=account.key)).status_code == 200


def test_delays_repeat_with_their_seed() -> None:
    def draw(**latency: object) -> list[float]:
        clockwork = Clockwork(Latency.model_validate(latency))
        return [clockwork.delay("create_booking") for _ in range(200)]

    assert draw() == [0.0] * 200
    assert draw(profile="fixed", seconds=0.3) == [0.3] * 200
    assert draw(profile="lognormal", seed=7) == draw(profile="lognormal", seed=7)
    assert draw(profile="lognormal", seed=7) != draw(profile="lognormal", seed=8)
    assert 0.35 < sorted(draw(profile="calcom"))[100] < 0.6, "the median of a real instance"


async def test_latency_is_set_over_http(account: Account) -> None:
    body = {"profile": "fixed", "seconds": 0.0}
    assert (await account.http.post("/_sandbox/latency", json=body)).status_code == 200
    wrong = await account.http.post("/_sandbox/latency", json={"profile": "slow"})
    assert wrong.status_code == 400


async def test_over_the_network_a_dropped_answer_is_a_closed_connection() -> None:
    async with _served() as url, httpx.AsyncClient(base_url=url) as http:
        body = {
            "start": TEN,
            "eventTypeId": 1,
            "attendee": {"name": "Ada", "email": "a@example.com", "timeZone": "UTC"},
        }
        headers = {"cal-api-version": "2024-08-13"}
        await http.post("/_sandbox/faults", json={"on": "create_booking", "do": "drop_answer"})
        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
            await http.post("/v2/bookings", json=body, headers=headers)
        again = await http.post("/v2/bookings", json=body, headers=headers)
        assert again.status_code == 400, "the first one is there"


@asynccontextmanager
async def _served() -> AsyncIterator[str]:
    """The stand-in behind a real server on a free port."""
    seed = recorded()
    seed.webhooks = []
    config = uvicorn.Config(create_app(seed=seed), port=0, log_config=None)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has a flag, not an event
        await asyncio.sleep(0.01)
    (listening,) = server.servers
    yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    server.should_exit = True
    await serving
