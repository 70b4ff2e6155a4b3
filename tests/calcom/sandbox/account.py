"""An account at the stand-in, and the few things that tests do with it."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from calcom.sandbox import SandboxApp, Seed, create_app
from calcom.sandbox.seed import recorded

NOW = datetime(2026, 11, 22, 17, tzinfo=UTC)
TUESDAY = "2027-02-02"
TEN, HALF_PAST_TEN = f"{TUESDAY}T15:00:00Z", f"{TUESDAY}T15:30:00Z"
"""Ten o'clock in New York."""

CHECKUP, CONSULT, PHONE, CLASS, ONE_A_DAY, WINDOW, NOTICE = 1, 2, 3, 4, 5, 8, 10
BOOKINGS, SLOTS, TYPES = "2024-08-13", "2024-09-04", "2024-06-14"


class Clock:
    """Stands still until it is moved."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Account:
    """The stand-in in process, with the key of its owner."""

    app: SandboxApp
    http: httpx.AsyncClient
    clock: Clock
    webhooks: list[Any] = field(default_factory=list)

    async def book(
        self, start: str = TEN, kind: int = CHECKUP, who: str = "ada", **more: Any
    ) -> httpx.Response:
        """Book in the name of `who`, without the key."""
        attendee = {"name": who, "email": f"{who}@example.com", "timeZone": "America/New_York"}
        body = {"start": start, "eventTypeId": kind, "attendee": attendee} | more
        return await self.http.post("/v2/bookings", json=body, headers=_version(BOOKINGS))

    async def booked(self, *args: Any, **more: Any) -> dict[str, Any]:
        """A booking that must succeed."""
        booking: dict[str, Any] = data_of(await self.book(*args, **more))
        return booking

    async def act(self, uid: str, what: str, *, owner: bool = False, **body: Any) -> httpx.Response:
        """POST /v2/bookings/{uid}/{what}."""
        headers = _version(BOOKINGS) | (self.key if owner else {})
        return await self.http.post(f"/v2/bookings/{uid}/{what}", json=body, headers=headers)

    async def read(self, uid: str) -> dict[str, Any]:
        """One booking."""
        answer = await self.http.get(f"/v2/bookings/{uid}", headers=_version(BOOKINGS))
        booking: dict[str, Any] = data_of(answer)
        return booking

    async def slots(
        self, kind: int = CHECKUP, day: str = TUESDAY, zone: str = "America/New_York", **more: Any
    ) -> list[str]:
        """Wall times offered on one UTC day."""
        items = await self.slot_items(kind, day, zone, **more)
        return [item["start"][11:16] for item in items]

    async def slot_items(
        self, kind: int = CHECKUP, day: str = TUESDAY, zone: str = "America/New_York", **more: Any
    ) -> list[dict[str, Any]]:
        """The same as the API sends them."""
        query: dict[str, Any] = {
            "eventTypeId": kind,
            "start": day,
            "end": day,
            "timeZone": zone,
        } | more
        answer = await self.http.get("/v2/slots", params=query, headers=_version(SLOTS))
        return [item for items in data_of(answer).values() for item in items]

    async def reserve(self, start: str = TEN, kind: int = CHECKUP, **more: Any) -> httpx.Response:
        """POST /v2/slots/reservations."""
        body = {"slotStart": start, "eventTypeId": kind} | more
        return await self.http.post("/v2/slots/reservations", json=body, headers=_version(SLOTS))

    async def add_type(self, **body: Any) -> int:
        """An event type of the owner."""
        body = {"lengthInMinutes": 30, "title": "New", "slug": "new"} | body
        headers = _version(TYPES) | self.key
        made = data_of(await self.http.post("/v2/event-types", json=body, headers=headers))
        return int(made["id"])

    async def misbehave(self, **fault: Any) -> None:
        """POST /_sandbox/faults."""
        (await self.http.post("/_sandbox/faults", json=fault)).raise_for_status()

    async def state(self) -> dict[str, Any]:
        """GET /_sandbox/state."""
        answer: dict[str, Any] = (await self.http.get("/_sandbox/state")).json()
        return answer

    async def bookings(self) -> list[dict[str, Any]]:
        """All bookings of the tests' own."""
        return [b for b in (await self.state())["bookings"] if "earlier" not in b["uid"]]

    @property
    def key(self) -> dict[str, str]:
        (key,) = self.app.state.sandbox.world.api_keys
        return {"authorization": f"Bearer {key}"}

    @property
    def triggers(self) -> list[str]:
        return [webhook["triggerEvent"] for webhook in self.webhooks]


def opened(seed: Seed | None = None, **options: Any) -> Account:
    """A new account; webhooks are collected. The recorded one by default."""
    clock, received = Clock(), []

    def receive(request: httpx.Request) -> httpx.Response:
        received.append(json.loads(request.content))
        return httpx.Response(200)

    defaults: dict[str, Any] = {
        "clock": clock,
        "seed": seed or recorded(),
        "rate_limit_per_minute": None,
        "slots_cache_seconds": 0.0,
        "webhook_transport": httpx.MockTransport(receive),
    }
    app = create_app(**defaults | options)
    http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://api.cal.com")
    return Account(app, http, clock, received)


def message_of(answer: httpx.Response) -> str:
    """Why it was refused, in whichever shape that came."""
    body = answer.json()
    return str(body["error"]["message"] if "error" in body else body["message"])


def _version(version: str) -> dict[str, str]:
    return {"cal-api-version": version}


def data_of(answer: httpx.Response) -> Any:
    """What a successful answer holds."""
    assert answer.is_success, answer.text
    return answer.json()["data"]
