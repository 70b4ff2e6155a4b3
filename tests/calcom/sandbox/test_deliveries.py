"""Webhooks: when they leave, and how they go astray on request."""

import json
from typing import Any

import httpx
import pytest

from calcom.sandbox.courier import UNSIGNED, sign
from calcom.sandbox.seed import recorded
from tests.calcom.sandbox.account import HALF_PAST_TEN, TEN, Account, opened


class Receiver:
    """Looks the booking up while Cal.com waits for the answer."""

    def __init__(self) -> None:
        self.account: Account | None = None
        self.seen: list[tuple[str, str]] = []

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        assert self.account
        booking = await self.account.read(body["payload"]["uid"])
        self.seen.append((body["triggerEvent"], booking["status"]))
        return httpx.Response(200)


async def test_created_leaves_after_the_row_and_cancelled_before_it_changes() -> None:
    receiver = Receiver()
    account = receiver.account = opened(webhook_transport=httpx.MockTransport(receiver))
    async with account.http:
        uid = (await account.booked())["uid"]
        assert receiver.seen == [("BOOKING_CREATED", "accepted")], "before the answer"
        await account.act(uid, "cancel")
    assert receiver.seen[1:] == [("BOOKING_CANCELLED", "accepted")]


async def test_metadata_is_missing_where_cal_com_leaves_it_out(account: Account) -> None:
    uid = (await account.booked(kind=2, metadata={"k": "v"}))["uid"]
    await account.act(uid, "confirm", owner=True)
    await account.act(uid, "cancel")
    requested, created, cancelled = (w["payload"] for w in account.webhooks)
    assert requested["metadata"] == {"k": "v"}
    assert "metadata" not in created
    assert "metadata" not in cancelled
    assert {p["uid"] for p in (requested, created, cancelled)} == {uid}


@pytest.mark.parametrize("broken", [httpx.ConnectError("no"), httpx.ReadTimeout("slow")])
async def test_an_unreachable_receiver_does_not_stop_a_booking(broken: Exception) -> None:
    def receive(_: httpx.Request) -> httpx.Response:
        raise broken

    account = opened(webhook_transport=httpx.MockTransport(receive))
    async with account.http:
        assert (await account.book()).status_code == 201


async def test_without_a_secret_nothing_is_signed() -> None:
    signatures: list[str] = []

    def receive(request: httpx.Request) -> httpx.Response:
        signatures.append(request.headers["x-cal-signature-256"])
        return httpx.Response(200)

    seed = recorded()
    seed.webhooks[0].secret = None
    account = opened(seed, webhook_transport=httpx.MockTransport(receive))
    async with account.http:
        await account.booked()
    assert signatures == [UNSIGNED]
    assert sign("s3cret", b"{}") != sign("other", b"{}")


async def _spoil(account: Account, **fault: Any) -> None:
    (await account.http.post("/_sandbox/webhooks", json=fault)).raise_for_status()


async def test_a_duplicate(account: Account) -> None:
    await _spoil(account, do="duplicate")
    await account.booked()
    first, second = account.webhooks
    assert first == second


async def test_a_lost_one(account: Account) -> None:
    await _spoil(account, do="lose", times=2)
    await account.booked(TEN)
    await account.booked(HALF_PAST_TEN)
    assert account.webhooks == []


async def test_a_late_one(account: Account) -> None:
    await _spoil(account, do="late", seconds=0.01)
    await account.booked()
    assert account.webhooks == []
    await account.app.settle()
    assert account.triggers == ["BOOKING_CREATED"]


async def test_two_in_the_wrong_order(account: Account) -> None:
    await _spoil(account, do="reorder")
    uid = (await account.booked())["uid"]
    await account.act(uid, "cancel")
    assert account.triggers == ["BOOKING_CANCELLED", "BOOKING_CREATED"]


async def test_clearing_the_faults_mends_deliveries(account: Account) -> None:
    await _spoil(account, do="lose", times=9)
    await account.http.delete("/_sandbox/faults")
    await account.booked()
    assert account.triggers == ["BOOKING_CREATED"]


async def test_an_unknown_way_to_spoil_is_refused(account: Account) -> None:
    answer = await account.http.post("/_sandbox/webhooks", json={"do": "burn"})
    assert answer.status_code == 400
