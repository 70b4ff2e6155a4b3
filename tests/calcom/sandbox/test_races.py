"""What a real Cal.com lets happen when requests come together."""

import asyncio
from collections import Counter

from tests.calcom.sandbox.account import (
    CLASS,
    CONSULT,
    HALF_PAST_TEN,
    ONE_A_DAY,
    TEN,
    TUESDAY,
    Account,
    message_of,
)

TEN_PAST_TEN = f"{TUESDAY}T15:10:00Z"
NOON, ONE, TWO = (f"{TUESDAY}T{hour}:00:00Z" for hour in (17, 18, 19))


async def test_identical_intervals_are_guarded(account: Account) -> None:
    answers = await asyncio.gather(*(account.book(who=f"p{n}") for n in range(4)))
    assert Counter(a.status_code for a in answers) == {201: 1, 409: 3}
    refused = next(a for a in answers if a.status_code == 409)
    assert refused.json() == {"statusCode": 409, "message": "booking_conflict_error"}
    assert account.triggers == ["BOOKING_CREATED"]


async def test_overlapping_intervals_are_not(account: Account) -> None:
    """15:00 and 15:10 at the same moment: a double booking."""
    answers = await asyncio.gather(account.book(TEN), account.book(TEN_PAST_TEN, who="ben"))
    assert [a.status_code for a in answers] == [201, 201]


async def test_one_after_the_other_they_are(account: Account) -> None:
    await account.booked(TEN)
    assert (await account.book(TEN_PAST_TEN, who="ben")).status_code == 400


async def test_parallel_moves_multiply_a_booking(account: Account) -> None:
    uid = (await account.booked())["uid"]
    answers = await asyncio.gather(
        *(account.act(uid, "reschedule", start=start) for start in (NOON, ONE, TWO))
    )
    assert [a.status_code for a in answers] == [201] * 3
    live = [b for b in await account.bookings() if b["status"] == "accepted"]
    assert [b["rescheduledFromUid"] for b in live] == [uid] * 3


async def test_two_moves_to_one_slot(account: Account) -> None:
    """One gets it; the other's booking stays as it was."""
    first, second = await account.booked(TEN), await account.booked(HALF_PAST_TEN, who="ben")
    answers = await asyncio.gather(
        account.act(first["uid"], "reschedule", start=NOON),
        account.act(second["uid"], "reschedule", start=NOON),
    )
    assert Counter(a.status_code for a in answers) == {201: 1, 409: 1}
    assert message_of(answers[1]) == "booking_conflict_error"
    assert (await account.read(second["uid"]))["status"] == "accepted"
    assert (await account.book(HALF_PAST_TEN, who="cy")).status_code == 400


async def test_a_move_against_a_new_booking(account: Account) -> None:
    uid = (await account.booked())["uid"]
    answers = await asyncio.gather(
        account.book(NOON, who="ben"), account.act(uid, "reschedule", start=NOON)
    )
    assert Counter(a.status_code for a in answers) == {201: 1, 409: 1}


async def test_a_cancel_against_a_move(account: Account) -> None:
    """Whoever is first wins: never are both the old and the new booking gone and reported."""
    uid = (await account.booked())["uid"]
    cancelled, moved = await asyncio.gather(
        account.act(uid, "cancel"), account.act(uid, "reschedule", start=NOON)
    )
    assert cancelled.status_code == 200
    assert moved.status_code == 201 or (
        message_of(moved) == "cancelled_bookings_cannot_be_rescheduled"
    )


async def test_parallel_cancels_all_succeed_and_tell(account: Account) -> None:
    uid = (await account.booked())["uid"]
    answers = await asyncio.gather(*(account.act(uid, "cancel") for _ in range(3)))
    assert [a.status_code for a in answers] == [200] * 3
    assert account.triggers[1:] == ["BOOKING_CANCELLED"] * 3


async def test_a_daily_limit_can_be_passed_together(account: Account) -> None:
    answers = await asyncio.gather(
        account.book(TEN, ONE_A_DAY), account.book(NOON, ONE_A_DAY, who="ben")
    )
    assert [a.status_code for a in answers] == [201, 201]


async def test_pending_requests_for_one_slot_pile_up(account: Account) -> None:
    """Although the type blocks unconfirmed times: they have no unique key."""
    answers = await asyncio.gather(*(account.book(kind=CONSULT, who=f"p{n}") for n in range(3)))
    assert [a.json()["data"]["status"] for a in answers] == ["pending"] * 3


async def test_the_first_seats_exclude_each_other(account: Account) -> None:
    answers = await asyncio.gather(*(account.book(kind=CLASS, who=f"p{n}") for n in range(4)))
    assert Counter(a.status_code for a in answers) == {201: 1, 409: 3}
    (slot,) = [s for s in await account.slot_items(CLASS) if "T10:00" in s["start"]]
    assert slot["seatsRemaining"] == 1


async def test_parallel_reservations(account: Account) -> None:
    answers = await asyncio.gather(*(account.reserve() for _ in range(5)))
    counted = Counter(a.status_code for a in answers)
    assert set(counted) <= {201, 422}
    assert counted[201] >= 1


async def test_parallel_confirms_both_succeed(account: Account) -> None:
    uid = (await account.booked(kind=CONSULT))["uid"]
    answers = await asyncio.gather(*(account.act(uid, "confirm", owner=True) for _ in range(2)))
    assert [a.status_code for a in answers] == [200, 200]
    assert account.triggers == ["BOOKING_REQUESTED", "BOOKING_CREATED", "BOOKING_CREATED"]
