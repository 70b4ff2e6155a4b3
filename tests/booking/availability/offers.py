"""Asking for free times as the desk does, of one process or of another."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from uuid import UUID, uuid4

from booking.availability import Availability
from booking.finding import Finding
from booking.slots import Span
from server.wiring import Core, open_core
from tests.booking.scene import WEDNESDAY, Scene, at

PATIENCE_SECONDS = 10


async def free(
    scene: Scene,
    availability: Availability,
    service: str = "checkup",
    *,
    day: date = WEDNESDAY,
    days: int = 1,
    call_id: UUID | None = None,
    customer_id: UUID | None = None,
) -> set[tuple[str, str]]:
    """What is offered on some days: wall time of the start, and who performs it."""
    start = at("00:00", day)
    found = await Finding(availability).find(
        scene.business,
        scene.line,
        scene.service(service).event_types,
        Span(start, start + timedelta(days=days)),
        call_id=call_id or uuid4(),
        customer_id=customer_id,
        now=scene.now,
    )
    return {
        (
            f"{slot.start.astimezone(scene.line.timezone):%H:%M}",
            slot.event_type.staff.slug if slot.event_type.staff else "",
        )
        for slot in found.slots
    }


def of(scene: Scene) -> Availability:
    """The server's."""
    return scene.practice.desk._availability


@asynccontextmanager
async def another_process(scene: Scene) -> AsyncIterator[Core]:
    """A second process' worth of everything, over the same servers; both hear each other."""
    practice = scene.practice
    async with open_core(practice.settings, transport=practice.transport, gated=False) as core:
        await hearing(core.availability)
        await hearing(of(scene))
        yield core


async def hearing(availability: Availability) -> None:
    """Wait until the news of others reaches it."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not availability.hears:  # noqa: ASYNC110 - it sets no event
            await asyncio.sleep(0.01)


async def told(availability: Availability, versions: int) -> None:
    """Wait until news has come in since `heard` was asked."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while heard(availability) <= versions:  # noqa: ASYNC110 - it sets no event
            await asyncio.sleep(0.005)


def heard(availability: Availability) -> int:
    """How often it has heard of changes."""
    return sum(availability._taken._versions.values())


async def reads(scene: Scene) -> int:
    """Slot reads that Cal.com has seen."""
    return (await scene.requests()).get("slots", 0)


async def idle(availability: Availability) -> None:
    """Wait until nothing is asked behind answers any more."""
    while availability._asking._under_way:
        await asyncio.wait(set(availability._asking._under_way))
