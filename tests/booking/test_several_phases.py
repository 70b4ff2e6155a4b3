"""A service of several phases is one appointment to its caller: moved whole, cancelled whole."""

from tests.booking.scene import WEDNESDAY, Scene
from tests.practice import ADA


async def starts(scene: Scene) -> list[str]:
    return sorted(each["start"][11:16] for each in await scene.practice.bookings_at_calcom())


async def test_it_is_booked_moved_and_cancelled_in_one_sentence_each(scene: Scene) -> None:
    call = scene.practice.call(ADA)
    day = WEDNESDAY.isoformat()
    await call.ask("check_availability", service="perm", date=day, time="9:00")
    booked = await call.ask("book", slot="A", confirmed=True)
    assert booked["status"] == "booked"
    assert await starts(scene) == ["08:00", "09:00", "09:25"]

    asked = await call.ask("reschedule", date=day, time="14:00")
    assert asked["status"] == "need_confirmation"
    moved = await call.ask("reschedule", confirmed=True)
    assert moved["status"] == "moved"
    assert moved["booking"]["start"][11:16] == "14:00"
    assert await starts(scene) == ["13:00", "14:00", "14:25"]

    asked = await call.ask("cancel")
    assert asked["status"] == "need_confirmation"
    assert (await call.ask("cancel", confirmed=True))["status"] == "cancelled"
    assert await starts(scene) == []
    await scene.agree()
