"""Practices of two dentists each, every one with a Cal.com and a key of its own."""

import json
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from secrets import token_urlsafe
from typing import Any, Final
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx

from booking.opening_hours import stored
from booking.vault import Vault
from calcom.sandbox import SandboxApp, create_app
from calcom.sandbox.availability import is_free
from calcom.sandbox.ranges import Range
from calcom.sandbox.seed import demo
from db import businesses
from db.database import Database
from db.states import EventKind
from db.transaction import Transaction

ZONE: Final = ZoneInfo("Europe/Berlin")
API_KEY: Final = token_urlsafe(24)
_WEBHOOK_SECRET: Final = token_urlsafe(24)
_OPEN: Final = (time(8), time(18))

LOST: Final = 0.03
LATE: Final = 0.07
_LATEST: Final = timedelta(minutes=5)


@dataclass(slots=True)
class Clock:
    """The only clock; whoever runs the day moves it."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Offered:
    """A service as its callers know it, with the event types behind it."""

    name: str
    kinds: Sequence[int]
    """Cal.com's ids; those of Anna and of Ben, or one of both."""


SERVICES: Final = (
    Offered("checkup", (1, 2)),
    Offered("cleaning", (3, 4)),
    Offered("consultation", (5, 6)),
    Offered("emergency", (7,)),
    Offered("prophylaxis class", (8,)),
)
"""The most popular first: how often each is asked for follows Zipf's law."""

HOSTS: Final = (1, 2)
"""Cal.com's ids of Anna and Ben."""

_LENGTHS: Final = {1: 30, 2: 30, 3: 45, 4: 45, 5: 20, 6: 20, 7: 30, 8: 60}
_TIDYING: Final = {3: 15, 4: 15}


class Post(httpx.AsyncBaseTransport):
    """Cal.com's webhooks on their way to us: most arrive at once, some late, some never."""

    def __init__(self, rng: random.Random, clock: Clock) -> None:
        self.to: httpx.AsyncBaseTransport | None = None
        self.sent = self.late = self.lost = 0
        self._rng = rng
        self._clock = clock
        self._held: list[tuple[datetime, httpx.Request]] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Take a delivery."""
        self.sent += 1
        luck = self._rng.random()
        if luck < LOST:
            self.lost += 1
        elif luck < LOST + LATE:
            self.late += 1
            self._held.append((self._clock.now + _LATEST * self._rng.random(), request))
        elif self.to:
            return await self.to.handle_async_request(request)
        return httpx.Response(200)

    async def deliver_late(self) -> None:
        """Hand over what has been on the way for long enough."""
        due = [request for at, request in self._held if at <= self._clock.now]
        self._held = [each for each in self._held if each[0] > self._clock.now]
        for request in due:
            if self.to:
                await self.to.handle_async_request(request)


class Town(httpx.AsyncBaseTransport):
    """Every practice's Cal.com, told apart by host name."""

    def __init__(self, practices: int, *, clock: Clock, post: Post) -> None:
        self.slugs = [f"praxis-{number}" for number in range(practices)]
        self._calendars: dict[str, SandboxApp] = {
            slug: create_app(
                clock=clock,
                seed=demo(
                    api_key=calcom_key(slug),
                    webhook_url=f"http://slotline.test/v1/{slug}/calcom/webhook",
                    webhook_secret=_WEBHOOK_SECRET,
                ),
                rate_limit_per_minute=None,
                race_window_seconds=0.0,
                slots_cache_seconds=0.0,
                webhook_transport=post,
            )
            for slug in self.slugs
        }
        self._doors = {
            f"{slug}.calcom.test": httpx.ASGITransport(calendar)
            for slug, calendar in self._calendars.items()
        }

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Ask the calendar of that host."""
        return await self._doors[request.url.host].handle_async_request(request)

    def requests(self, slug: str) -> "Counter[str]":
        """What was asked there, by endpoint."""
        return Counter(self._calendars[slug].state.sandbox.requests)

    def refuses(self, slug: str, kinds: Sequence[int], start: datetime) -> bool:
        """Whether nobody could be booked then.

        Who is free then may not be listed: a list's starts begin anew after each booking.
        """
        world = self._calendars[slug].state.sandbox.world
        return not any(
            is_free(world, kind, host, Range(start, start + timedelta(minutes=kind.length_minutes)))
            for kind in (world.event_types[id_] for id_ in kinds)
            for host in kind.hosts
        )

    def bookings(self, slug: str) -> list[Any]:
        """What stands there, as the stand-in keeps it."""
        world = self._calendars[slug].state.sandbox.world
        return [each for each in world.bookings.values() if each.status == "accepted"]


def calcom_key(slug: str) -> str:
    """The one key of a practice's Cal.com."""
    return f"cal_{slug}"


def calendar_of(slug: str) -> str:
    """Where a practice's Cal.com is."""
    return f"http://{slug}.calcom.test"


async def furnish(owner: Database, slug: str, vault: Vault, *, now: datetime) -> None:
    """Make a practice known to us, as a business file would."""
    async with owner.transaction(uuid4()) as tx:
        await businesses.put_business(
            tx,
            slug=slug,
            name="Praxis",
            timezone=ZONE.key,
            language="en",
            attendee_email_domain=f"callers.{slug}.example",
            calcom_base_url=calendar_of(slug),
            calcom_versions={},
            transfer_number=None,
            policies={},
            now=now,
        )
        await businesses.put_line(
            tx,
            id=uuid4(),
            number="+493023125010",
            name="Praxis",
            timezone=ZONE.key,
            language="en",
            opening_hours=stored(dict.fromkeys(range(5), (_OPEN,))),
        )
        people = [
            await businesses.put_staff(tx, id=uuid4(), slug=slug, name=name, calcom_user_id=number)
            for slug, name, number in (("anna", "Dr. Anna Berger", 1), ("ben", "Dr. Ben Krüger", 2))
        ]
        for position, service in enumerate(SERVICES):
            await _furnish_service(tx, position, service, people)
        for name, secret in (
            ("api_key", API_KEY),
            ("calcom_key", calcom_key(slug)),
            ("calcom_webhook_secret", _WEBHOOK_SECRET),
        ):
            sealed = vault.seal(secret)
            await businesses.put_credential(
                tx, id=uuid4(), name=name, secret_encrypted=sealed, now=now
            )


async def _furnish_service(
    tx: Transaction, position: int, service: Offered, people: Sequence[Any]
) -> None:
    service_id = await businesses.put_service(
        tx,
        id=uuid4(),
        slug=service.name.replace(" ", "-"),
        name=service.name.capitalize(),
        synonyms=[],
        position=position,
    )
    for place, calcom_id in enumerate(service.kinds):
        kind = EventKind.FIXED
        if len(service.kinds) == 1:
            kind = EventKind.SEATED if service.name.endswith("class") else EventKind.ROUND_ROBIN
        await businesses.put_event_type(
            tx,
            id=uuid4(),
            service_id=service_id,
            calcom_id=calcom_id,
            kind=kind,
            staff_id=None if kind is EventKind.ROUND_ROBIN else people[place],
            length_minutes=_LENGTHS[calcom_id],
            after_buffer_minutes=_TIDYING.get(calcom_id, 0),
            minimum_notice_minutes=60,
            seats=4 if kind is EventKind.SEATED else None,
        )


class PlainClient:
    """What is usually built: Cal.com is asked each time somebody asks, and never in between."""

    def __init__(self, http: httpx.AsyncClient, timer: Callable[[], float]) -> None:
        self._http = http
        self._timer = timer
        self.requests = 0
        self.milliseconds: list[float] = []

    async def free(
        self, slug: str, kinds: Sequence[int], *, start: datetime, days: int
    ) -> set[tuple[int, datetime]]:
        """(Cal.com's id, start) of everything that can be booked now."""
        found: set[tuple[int, datetime]] = set()
        began = self._timer()
        for kind in kinds:
            self.requests += 1
            answer = await self._http.get(
                f"{calendar_of(slug)}/v2/slots",
                params={
                    "eventTypeId": kind,
                    "start": start.isoformat(),
                    "end": (start + timedelta(days=days)).isoformat(),
                    "timeZone": ZONE.key,
                },
                headers={
                    "authorization": f"Bearer {calcom_key(slug)}",
                    "cal-api-version": "2024-09-04",
                },
            )
            listed = json.loads(answer.content)["data"]
            found |= {
                (kind, datetime.fromisoformat(slot["start"]))
                for day in listed.values()
                for slot in day
                if slot.get("seatsRemaining") != 0
            }
        self.milliseconds.append((self._timer() - began) * 1000)
        return found
