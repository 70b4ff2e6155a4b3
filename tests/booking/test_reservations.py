"""Holds that are shown at Cal.com: best effort, behind the caller's back, and gone afterwards."""

from dataclasses import replace

import pytest

from booking.business import Business
from booking.desk import Desk
from booking.errors import SlotTaken
from booking.reservations import Reservations
from tests.booking.scene import Scene, at


@pytest.fixture
def mirroring(scene: Scene) -> Business:
    """The same business, with `mirror_holds` switched on."""
    scene.business = replace(scene.business, mirrors_holds=True)
    return scene.business


def reservations(scene: Scene) -> Reservations:
    desk: Desk = scene.practice.desk
    return desk._reservations


def shown(scene: Scene) -> list[str]:
    """What Cal.com hides, as local times."""
    there = scene.practice.calendar.state.sandbox.world.reservations.values()
    return sorted(f"{each.start.astimezone(at('10:00').tzinfo):%H:%M}" for each in there)


async def test_a_hold_is_shown_and_replaced_and_gone_after_booking(
    scene: Scene, mirroring: Business
) -> None:
    call_id, desk = await scene.call(), scene.practice.desk
    slot = scene.slot("checkup", at("10:00"), "anna")

    await desk.hold(mirroring, slot, call_id=call_id, now=scene.now)
    await reservations(scene).done()
    assert shown(scene) == ["10:00"]

    later = scene.slot("checkup", at("11:00"), "anna")
    await desk.hold(mirroring, later, call_id=call_id, now=scene.now)
    await reservations(scene).done()
    assert shown(scene) == ["11:00"]

    await scene.book(later, call_id=call_id)
    await reservations(scene).done()
    assert shown(scene) == []


async def test_the_last_of_quick_choices_is_what_is_shown(
    scene: Scene, mirroring: Business
) -> None:
    call_id, desk = await scene.call(), scene.practice.desk
    for clock in ("10:00", "10:30", "11:00"):
        slot = scene.slot("checkup", at(clock), "anna")
        await desk.hold(mirroring, slot, call_id=call_id, now=scene.now)
    await reservations(scene).done()
    assert shown(scene) == ["11:00"]

    await desk.release(mirroring, call_id, now=scene.now)
    await reservations(scene).done()
    assert shown(scene) == []


async def test_every_phase_is_shown(scene: Scene, mirroring: Business) -> None:
    slot = scene.slot("perm", at("09:00"))
    await scene.practice.desk.hold(mirroring, slot, call_id=await scene.call(), now=scene.now)
    await reservations(scene).done()
    assert shown(scene) == ["09:00", "10:00", "10:25"]


async def test_nothing_is_shown_unless_wanted(scene: Scene) -> None:
    slot = scene.slot("checkup", at("10:00"), "anna")
    await scene.practice.desk.hold(scene.business, slot, call_id=await scene.call(), now=scene.now)
    await reservations(scene).done()
    assert shown(scene) == []
    assert "reserve" not in {name.split("_")[0] for name in await scene.requests()}


async def test_calcom_away_holds_nobody_up(scene: Scene, mirroring: Business) -> None:
    """The hold is ours; what Cal.com does about it decides nothing."""
    await scene.practice.misbehave("*", "hang", times=1, seconds=1.0)
    slot = scene.slot("checkup", at("10:00"), "anna")
    first, second = await scene.call(), await scene.call()

    await scene.practice.desk.hold(mirroring, slot, call_id=first, now=scene.now)
    assert reservations(scene)._following
    with pytest.raises(SlotTaken):
        await scene.practice.desk.hold(mirroring, slot, call_id=second, now=scene.now)
    await reservations(scene).done()


async def test_what_is_reserved_by_somebody_else_is_hidden_already(
    scene: Scene, mirroring: Business
) -> None:
    slot = scene.slot("checkup", at("10:00"), "anna")
    for _ in range(2):
        call_id = await scene.call()
        await scene.practice.desk.hold(mirroring, slot, call_id=call_id, now=scene.now)
        await reservations(scene).done()
        async with scene.practice.database.single(scene.business.id) as tx:
            await tx.run("DELETE FROM claim")
    assert shown(scene) == ["10:00"]
