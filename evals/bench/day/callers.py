"""Who calls on a simulated day, what they wish, and who books in the web UI meanwhile.

Each is a generator of pauses in seconds: whoever runs the day moves the clock by them.
"""

import json
import random
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import httpx

from evals.bench.day.figures import Figures
from evals.bench.day.town import (
    API_KEY,
    HOSTS,
    SERVICES,
    ZONE,
    Clock,
    Offered,
    PlainClient,
    Town,
    calendar_of,
)

Reply = dict[str, Any]

_BOOKS: Final = 0.65
_CANCELS: Final = 0.1
"""The rest only asks."""

_LOOKED_THROUGH_DAYS: Final = 14
_SATURDAY: Final = 5
_CREDENTIAL: Final = {"authorization": f"Bearer {API_KEY}"}
_NAMES: Final = ("Marta Ehlers", "Jonas Keller", "Lea Winter", "Peter Sommer", "Ute Brandt")


@dataclass(slots=True)
class Scene:
    """What everybody on the phone shares."""

    http: httpx.AsyncClient
    """To our own application."""
    web: httpx.AsyncClient
    """To the stand-ins, as visitors of the booking pages."""
    plain: PlainClient
    town: Town
    page: PlainClient
    """What booking pages show; that costs nobody's budget but Cal.com's own."""
    clock: Clock
    rng: random.Random
    figures: Figures
    standing: list[tuple[str, str]]
    """(practice, caller's number) of those who have an appointment and may cancel it."""
    promised: list[tuple[str, datetime]]
    """(practice, start) of what callers were told is booked."""

    async def ring(self, slug: str, number: str) -> None:
        """The platform asks who calls; then there is a greeting, and the caller says a wish."""
        answer = await self.http.get(
            f"/v1/{slug}/context", params={"caller": number}, headers=_CREDENTIAL
        )
        self.figures.statuses[f"ring: {answer.status_code}"] += 1

    async def ask(self, slug: str, call: str, number: str, tool: str, **arguments: object) -> Reply:
        """One tool call over HTTP."""
        body = {"call_id": call, "caller": number, "line": None, "arguments": arguments}
        began = time.perf_counter()
        answer = await self.http.post(
            f"/v1/{slug}/tools/{tool}",
            content=json.dumps(body),
            headers=_CREDENTIAL,
        )
        took = (time.perf_counter() - began) * 1000
        reply: Reply = json.loads(answer.content)
        self.figures.tool_ms.setdefault(tool, []).append(took)
        self.figures.statuses[f"{tool}: {reply['status']}"] += 1
        return reply

    async def check(self, slug: str, call: str, number: str, wish: "Wish") -> Reply:
        """Ask for times; the plain client is asked the same, and knows what stands there now."""
        now = self.clock()
        reply = await self.ask(slug, call, number, "check_availability", **wish.arguments)
        listed = await self.plain.free(
            slug, wish.service.kinds, start=now, days=_LOOKED_THROUGH_DAYS
        )
        starts = {start for _, start in listed}
        for slot in reply.get("slots", ()):
            start = datetime.fromisoformat(slot["start"])
            if start < now + timedelta(days=_LOOKED_THROUGH_DAYS - 1):
                self.figures.offered += 1
                if start not in starts and self.town.refuses(slug, wish.service.kinds, start):
                    self.figures.offered_though_taken += 1
        return reply


@dataclass(frozen=True, slots=True)
class Wish:
    """What a caller wants, in the arguments of a tool."""

    service: Offered
    arguments: dict[str, str]


def wish_of(rng: random.Random, now: datetime) -> Wish:
    """A wish: services by Zipf's law, near days more often, half of them with a time or a name."""
    weights = [1 / rank for rank in range(1, len(SERVICES) + 1)]
    [service] = rng.choices(SERVICES, weights)
    arguments = {"service": service.name}
    day = now.astimezone(ZONE).date() + timedelta(days=min(1 + int(rng.expovariate(0.3)), 12))
    while day.weekday() >= _SATURDAY:
        day += timedelta(days=1)
    if rng.random() < 0.75:  # noqa: PLR2004 - the rest comes as soon as possible
        arguments["date"] = day.isoformat()
        luck = rng.random()
        if luck < 0.3:  # noqa: PLR2004
            arguments["time"] = rng.choice(("9:30", "10:00", "11:00", "14:30", "15:00", "16:00"))
        elif luck < 0.5:  # noqa: PLR2004
            arguments["time"] = rng.choice(("in the morning", "in the afternoon"))
    if len(service.kinds) > 1 and rng.random() < 0.2:  # noqa: PLR2004
        arguments["staff"] = rng.choice(("Anna", "Ben"))
    return Wish(service, arguments)


async def caller(scene: Scene, slug: str, number: int) -> AsyncIterator[float]:
    """One call, from the first question to the last."""
    rng = scene.rng
    scene.figures.calls += 1
    phone, call = f"+4915200{number:06}", f"day-{number}"
    await scene.ring(slug, phone)
    yield rng.uniform(6, 15)
    luck = rng.random()
    if luck < _CANCELS and any(practice == slug for practice, _ in scene.standing):
        async for pause in _cancel(scene, slug, call):
            yield pause
        return
    reply = await scene.check(slug, call, phone, wish_of(rng, scene.clock.now))
    yield rng.uniform(8, 20)
    if luck >= _CANCELS + _BOOKS:
        await scene.check(slug, call, phone, wish_of(rng, scene.clock.now))
        return
    async for pause in _book(scene, slug, call, phone, reply):
        yield pause


async def _book(
    scene: Scene, slug: str, call: str, phone: str, reply: Reply
) -> AsyncIterator[float]:
    """Choose, say a name if asked, hear the read-back, say yes; take another if it has gone."""
    for _ in range(3):
        if not (slots := reply.get("slots")):
            return
        slot = scene.rng.choice(slots[:2])["id"]
        chosen = await scene.ask(slug, call, phone, "book", slot=slot)
        scene.figures.chosen += 1
        scene.figures.gone += chosen["status"] == "slot_taken"
        yield scene.rng.uniform(6, 15)
        if chosen["status"] == "need_name":
            name = scene.rng.choice(_NAMES)
            chosen = await scene.ask(slug, call, phone, "verify_name", name=name)
            yield scene.rng.uniform(6, 15)
            if chosen["status"] not in {"new_caller", "identified"}:
                return
        if chosen["status"] != "slot_taken":
            told = await scene.ask(slug, call, phone, "book", slot=slot, confirmed=True)
            if told["status"] == "need_confirmation":  # it was not held before the name was known
                yield scene.rng.uniform(4, 8)
                told = await scene.ask(slug, call, phone, "book", slot=slot, confirmed=True)
            scene.figures.gone += told["status"] == "slot_taken"
            if told["booked"]:
                scene.figures.booked += 1
                scene.standing.append((slug, phone))
                start = datetime.fromisoformat(told["booking"]["start"])
                scene.promised.append((slug, start))
            if told["status"] != "slot_taken":
                return
            chosen = told
        reply = chosen
        yield scene.rng.uniform(6, 15)


async def _cancel(scene: Scene, slug: str, call: str) -> AsyncIterator[float]:
    """Somebody who has an appointment gives it up."""
    own = [each for each in scene.standing if each[0] == slug]
    chosen = scene.rng.choice(own)
    scene.standing.remove(chosen)
    found = await scene.ask(slug, call, chosen[1], "find_booking")
    yield scene.rng.uniform(6, 12)
    if not (bookings := found.get("bookings")):
        return
    booking = bookings[0]["id"]
    told = await scene.ask(slug, call, chosen[1], "cancel", booking=booking)
    yield scene.rng.uniform(4, 10)
    if told["status"] == "need_confirmation":
        told = await scene.ask(slug, call, chosen[1], "cancel", booking=booking, confirmed=True)
    if told["status"] == "cancelled":
        scene.figures.cancelled += 1
        start = datetime.fromisoformat(told["booking"]["start"])
        if (slug, start) in scene.promised:
            scene.promised.remove((slug, start))


async def visitor(scene: Scene, slug: str, number: int) -> AsyncIterator[float]:
    """Somebody books on the booking page, behind our back, and sometimes cancels there."""
    rng, calendar = scene.rng, calendar_of(slug)
    kind = rng.choice([kind for service in SERVICES[:3] for kind in service.kinds])
    free = sorted(await _listed(scene, slug, kind))
    if not free:
        return
    body = {
        "start": rng.choice(free[:60]).isoformat(),
        "eventTypeId": kind,
        "name": rng.choice(_NAMES),
        "email": f"visitor{number}@example.com",
    }
    made = await scene.web.post(f"{calendar}/_sandbox/bookings", json=body)
    if not made.is_success:
        return
    scene.figures.outside["booked"] += 1
    yield rng.uniform(600, 7200)
    if rng.random() < 0.3:  # noqa: PLR2004
        uid = made.json()["data"]["uid"]
        await scene.web.post(f"{calendar}/_sandbox/bookings/{uid}/cancel", json={})
        scene.figures.outside["cancelled"] += 1


async def host(scene: Scene, slug: str, number: int) -> AsyncIterator[float]:
    """A host of that number writes something into a calendar of their own, for an hour."""
    kind = SERVICES[0].kinds[HOSTS.index(number)]
    if free := sorted(await _listed(scene, slug, kind)):
        start = scene.rng.choice(free)
        body = {
            "userId": number,
            "start": start.isoformat(),
            "end": (start + timedelta(hours=1)).isoformat(),
        }
        made = await scene.web.post(f"{calendar_of(slug)}/_sandbox/engagements", json=body)
        scene.figures.outside["engaged"] += made.is_success
    yield 0.0


async def _listed(scene: Scene, slug: str, kind: int) -> Sequence[datetime]:
    found = await scene.page.free(slug, [kind], start=scene.clock(), days=_LOOKED_THROUGH_DAYS)
    return [start for _, start in found]
