"""The door for Cal.com's webhooks: what it lets in, what it stores, what it answers."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from calcom.signature import HEADER, sign
from server.settings import Server
from tests.practice import Practice
from tests.servers import Addresses
from tests.webhooks import PATH, SECRET, Post, give_secret, subscribed


@pytest.fixture
async def post(practice: Practice, addresses: Addresses) -> AsyncIterator[Post]:
    async with subscribed(practice, addresses) as post:
        yield post


async def test_a_genuine_webhook_is_stored_raw_and_acknowledged(post: Post) -> None:
    body = post.body("BOOKING_CREATED", "uid-of-nobody")

    answer = await post.deliver(body, **{"x-cal-webhook-version": "2021-10-20"})

    assert (answer.status_code, answer.json()) == (200, {"ok": True})
    (event,) = await post.events()
    assert event["kind"] == "BOOKING_CREATED"
    assert event["headers"]["x-cal-webhook-version"] == "2021-10-20"
    assert HEADER.lower() not in event["headers"]
    async with post.practice.database.single(post.practice.id) as tx:
        assert await tx.all("SELECT body FROM inbox_event", into=bytes) == [body]
