"""Cal.com's webhooks on their way into our own application, in process, and by hand."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx

from booking.vault import Vault
from calcom.sandbox.records import BOOKING_TRIGGERS
from calcom.signature import HEADER, sign
from db import businesses
from db.database import Database
from server.app import create_app
from server.lane import Lane
from server.queues import DueEvents
from server.wiring import open_core
from tests.practice import SECRET_KEY, Practice
from tests.servers import Addresses

SECRET = "a webhook secret of the practice"
PATH = "/v1/praxis/calcom/webhook"


@dataclass(frozen=True, slots=True)
class Post:
    """The way from Cal.com to us."""

    practice: Practice
    http: httpx.AsyncClient

    async def deliver(
        self, body: bytes, *, secret: str = SECRET, path: str = PATH, **headers: str
    ) -> httpx.Response:
        """Send a body as Cal.com would."""
        signed = {HEADER: sign(body, secret), "content-type": "application/json", **headers}
        return await self.http.post(path, content=body, headers=signed)

    async def tell(self, trigger: str, uid: str, **payload: object) -> httpx.Response:
        """Announce something about a booking, and wait until it is applied or put off."""
        answer = await self.deliver(self.body(trigger, uid, **payload))
        await self.practice.parts.afterwards.done()
        return answer

    def body(self, trigger: str, uid: str, **payload: object) -> bytes:
        """What Cal.com would say now."""
        created_at = self.practice.clock().isoformat().replace("+00:00", "Z")
        envelope = {
            "triggerEvent": trigger,
            "createdAt": created_at,
            "payload": {"uid": uid, **payload},
        }
        return json.dumps(envelope).encode()

    async def applied(self) -> None:
        """Wait for what this process applies by itself."""
        await self.practice.calendar.settle()
        await self.practice.parts.afterwards.done()

    async def work_off(self, rounds: int = 6, seconds: float = 30.0) -> None:
        """Let workers apply what is due now and in a while."""
        practice = self.practice
        await self.applied()
        async with (
            open_core(practice.settings, transport=practice.transport) as core,
            _leasing(practice) as leasing,
        ):
            due = DueEvents(
                "inbox",
                core.inbox.stored,
                database=core.database,
                leasing=leasing,
                clock=practice.clock,
            )
            lane = Lane(due, places=10)
            for _ in range(rounds):
                practice.clock.advance(seconds=seconds)
                await lane.work_once()

    async def events(self) -> list[dict[str, Any]]:
        """What the inbox holds, oldest first."""
        async with self.practice.database.single(self.practice.id) as tx:
            text = await tx.only(
                """
                SELECT coalesce(json_agg(e ORDER BY received_at), '[]')::text FROM (
                    SELECT kind, applied_at, due_at, attempts, error, headers, received_at
                    FROM inbox_event) e
                """,
                into=str,
            )
        return json.loads(text)  # type: ignore[no-any-return]

    async def flags(self) -> list[str]:
        """What staff should look at."""
        async with self.practice.database.single(self.practice.id) as tx:
            return await tx.all("SELECT kind FROM flag ORDER BY created_at, kind", into=str)

    async def spoil(self, do: str, times: int = 1, seconds: float = 0.0) -> None:
        """Let deliveries go wrong."""
        fault = {"do": do, "times": times, "seconds": seconds}
        answer = await self.practice.calendar_http.post("/_sandbox/webhooks", json=fault)
        answer.raise_for_status()

    async def book(self, start: str, name: str = "Mia Sommer", **more: object) -> dict[str, Any]:
        """Book in the web UI; `start` is UTC."""
        body = {"start": start, "name": name, "email": "mia.sommer@example.com", **more}
        return await self._control("", body)

    async def move(self, uid: str, start: str) -> dict[str, Any]:
        """Move in the web UI."""
        return await self._control(f"/{uid}/move", {"start": start})

    async def cancel(self, uid: str) -> dict[str, Any]:
        """Cancel in the web UI."""
        return await self._control(f"/{uid}/cancel", {})

    async def _control(self, path: str, body: Mapping[str, object]) -> dict[str, Any]:
        http = self.practice.calendar_http
        answer = await http.post(f"/_sandbox/bookings{path}", json=body)
        answer.raise_for_status()
        return answer.json()["data"]  # type: ignore[no-any-return]


@asynccontextmanager
async def subscribed(practice: Practice, addresses: Addresses) -> AsyncIterator[Post]:
    """Let Cal.com send the practice's webhooks to its own server."""
    await give_secret(practice, addresses, SECRET)
    app = create_app(practice.parts)
    courier = practice.calendar.state.sandbox.courier
    courier._transport = httpx.ASGITransport(app)
    access = await practice.parts.directory.access(practice.slug)
    assert access
    hook = {
        "active": True,
        "subscriberUrl": f"http://slotline.test{PATH}",
        "triggers": list(BOOKING_TRIGGERS),
        "secret": SECRET,
    }
    key = {"authorization": f"Bearer {access.secrets['calcom_key'][0]}"}
    made = await practice.calendar_http.post("/v2/webhooks", json=hook, headers=key)
    made.raise_for_status()
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://slotline.test"
    ) as http:
        yield Post(practice, http)


async def give_secret(practice: Practice, addresses: Addresses, *secrets: str) -> None:
    """Make these the webhook secrets that are valid now."""
    async with (
        Database.connect(addresses.database_owner_url, role=None) as owner,
        owner.transaction(practice.id) as tx,
    ):
        await tx.run("DELETE FROM credential WHERE name = 'calcom_webhook_secret'")
        for secret in secrets:
            await businesses.put_credential(
                tx,
                id=uuid4(),
                name="calcom_webhook_secret",
                secret_encrypted=Vault(SECRET_KEY).seal(secret),
                now=practice.clock(),
            )
    practice.parts.directory.forget(practice.slug)


@asynccontextmanager
async def _leasing(practice: Practice) -> AsyncIterator[Database]:
    url = practice.settings.database.url
    assert url
    async with Database.connect(url.get_secret_value(), role="slotline_worker") as leasing:
        yield leasing
