"""Whatever is told, how often and in which order: the record ends where Cal.com's booking ended."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calcom.signature import HEADER
from tests.practice import Practice
from tests.servers import Addresses
from tests.webhooks import SECRET, Post, subscribed

_MONDAY = datetime(2026, 2, 16, 7, 30, tzinfo=UTC)
_WEEKS = 6
_numbers = count()


@dataclass(slots=True)
class Letterbox:
    """Where Cal.com's webhooks lie until somebody carries them on."""

    post: Post
    bodies: list[bytes] = field(default_factory=list)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        assert any(name.decode().lower() == HEADER.lower() for name, _ in scope["headers"])
        self.bodies.append(body)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def carry(self, which: int) -> None:
        """Deliver one of those that lie here, and leave it here."""
        if self.bodies:
            answer = await self.post.deliver(self.bodies[which % len(self.bodies)], secret=SECRET)
            assert answer.status_code == 200


@pytest.fixture
async def letterbox(practice: Practice, addresses: Addresses) -> AsyncIterator[Letterbox]:
    async with subscribed(practice, addresses) as post:
        letterbox = Letterbox(post)
        courier = practice.calendar.state.sandbox.courier
        courier._transport = httpx.ASGITransport(letterbox)
        yield letterbox


async def changed(post: Post, step: str, uid: str, start: datetime) -> tuple[str, datetime]:
    """The host does something on the web; the booking's name and start from then on."""
    match step:
        case "move":
            start += timedelta(minutes=60)
            return (await post.move(uid, start.isoformat()))["uid"], start
        case "cancel":
            await post.cancel(uid)
    return uid, start


HISTORIES = st.sampled_from(
    [[], ["move"], ["cancel"], ["move", "move"], ["move", "cancel"], ["move", "move", "cancel"]]
)
CARRIED = st.lists(st.integers(0, 5), max_size=4)


@given(history=HISTORIES, carried=st.lists(CARRIED, min_size=4, max_size=4), last=CARRIED)
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_f_070_any_order_and_repetition_of_messages_ends_in_the_same_record(
    letterbox: Letterbox, history: list[str], carried: list[list[int]], last: list[int]
) -> None:
    """Messages are carried between the changes and after them; the last one at least once."""
    post, practice = letterbox.post, letterbox.post.practice
    number = next(_numbers)
    letterbox.bodies.clear()
    world = practice.calendar.state.sandbox.world
    for booking in list(world.bookings.values()):  # the days of former examples are free again
        booking.status, booking.idempotency_key = "cancelled", None
        world.put(booking)
    start = _MONDAY + timedelta(days=7 * (number // 4 % _WEEKS) + 1 + number % 4)
    name = f"Guest {number}"
    made = await post.book(start.isoformat(), name=name, eventTypeId=1)
    uid = made["uid"]
    for step, messages in zip([*history, None], carried, strict=False):
        for which in messages:
            await letterbox.carry(which)
        if step:
            practice.clock.advance(seconds=1)
            uid, start = await changed(post, step, uid, start)
    for which in [*last, len(letterbox.bodies) - 1]:
        await letterbox.carry(which)
    await post.work_off(rounds=4, seconds=10)

    rows = [row for row in await practice.rows() if row["attendee_name"] == name]
    there = world.bookings[uid]
    if there.status == "cancelled":
        assert [row["state"] for row in rows] in ([], ["cancelled"])
    else:
        (row,) = rows
        assert (row["state"], row["calcom_uid"]) == ("confirmed", uid)
        assert datetime.fromisoformat(row["start_at"]) == there.start == start
