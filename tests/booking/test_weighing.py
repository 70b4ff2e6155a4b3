"""What the rules of the house are asked with: a booking as it stands, and what was done before."""

from dataclasses import replace
from datetime import timedelta

from booking.bookings import Booking
from booking.house_rules import HouseRules, Quota
from booking.policy import Allowed, QuotaUsed, TooLate, Verdict
from server import tally
from tests.booking.scene import Scene, at

HOUR = timedelta(hours=1)


def ruled(scene: Scene, rules: HouseRules) -> Scene:
    return replace(scene, business=replace(scene.business, rules=rules))


async def may_move(scene: Scene, booking: Booking) -> Verdict:
    return await scene.practice.desk.may_move(
        scene.business, scene.line, booking, call_id=await scene.call(), now=scene.now
    )


async def may_cancel(scene: Scene, booking: Booking) -> Verdict:
    return await scene.practice.desk.may_cancel(
        scene.business, scene.line, booking, call_id=await scene.call(), now=scene.now
    )


async def test_moves_of_the_booking_count_but_corrections_do_not(scene: Scene) -> None:
    house = ruled(scene, HouseRules(moves_per_booking=1))
    booking = await scene.book(scene.slot("checkup", at("10:00"), "anna"))
    booking = await scene.move(booking, scene.slot("checkup", at("11:00"), "anna"))

    scene.practice.clock.advance(hours=1)
    assert await may_move(house, booking) == Allowed()
    booking = await scene.move(booking, scene.slot("checkup", at("15:00"), "anna"))
    assert await may_move(house, booking) == QuotaUsed(1)


async def test_what_the_business_moves_in_its_calendar_does_not_count(scene: Scene) -> None:
    house = ruled(scene, HouseRules(moves_per_booking=1))
    booking = await scene.book(scene.slot("checkup", at("10:00"), "anna"))
    scene.practice.clock.advance(hours=1)
    async with scene.practice.database.single(scene.business.id) as tx:
        await tx.run(
            """
            UPDATE booking SET start_at = start_at + interval '1 hour',
                end_at = end_at + interval '1 hour', updated_at = %(now)s
            WHERE id = %(id)s
            """,
            {"id": booking.id, "now": scene.now},
        )

    assert await may_move(house, booking) == Allowed()


async def test_cancellations_of_the_customer_count_and_nobody_elses(scene: Scene) -> None:
    month = timedelta(days=30)
    house = ruled(scene, HouseRules(cancellations=Quota(1, month)))
    gone = await scene.book(scene.slot("checkup", at("10:00"), "anna"))
    left = await scene.book(scene.slot("checkup", at("15:00"), "anna"))
    others = await scene.book(scene.slot("checkup", at("14:00"), "anna"), "Nele Ehlers")
    corrected = await scene.book(scene.slot("checkup", at("16:00"), "anna"))
    await scene.cancel(corrected)
    scene.practice.clock.advance(hours=1)
    assert await may_cancel(house, left) == Allowed()

    await scene.cancel(gone)
    assert await may_cancel(house, left) == QuotaUsed(1, month)
    assert await may_cancel(house, others) == Allowed()


async def test_f_060_what_was_booked_in_this_call_is_changed_freely(scene: Scene) -> None:
    house = ruled(scene, HouseRules(cancel_notice=72 * HOUR, move_notice=72 * HOUR))
    call_id = await scene.call()
    booking = await scene.book(scene.slot("checkup", at("10:00"), "anna"), call_id=call_id)
    scene.practice.clock.advance(minutes=45)

    late = TooLate(72 * HOUR, booking.start_at - 72 * HOUR)
    assert await may_move(house, booking) == late
    desk = scene.practice.desk
    verdicts = [
        await ask(house.business, house.line, booking, call_id=call_id, now=house.now)
        for ask in (desk.may_move, desk.may_cancel)
    ]
    assert verdicts == [Allowed(), Allowed()]


async def test_without_a_quota_nothing_is_read(scene: Scene) -> None:
    house = ruled(scene, HouseRules(cancel_notice=HOUR))
    booking = await scene.book(scene.slot("checkup", at("10:00"), "anna"))
    call_id = await scene.call()
    scene.practice.clock.advance(hours=1)
    with tally.counted() as cost:
        await scene.practice.desk.may_cancel(
            house.business, house.line, booking, call_id=call_id, now=house.now
        )
    assert cost.statements == 0
