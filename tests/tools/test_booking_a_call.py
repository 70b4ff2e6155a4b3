"""Whole calls through the tools, as a model would make them."""

from tests.practice import ADA, Practice

STRANGER = "+493023125099"


async def test_an_unknown_caller_books_with_one_question_for_the_name(practice: Practice) -> None:
    call = practice.call(STRANGER)

    checked = await call.ask(
        "check_availability", service="a check-up", date="tomorrow", time="half past two"
    )
    assert (checked["status"], checked["booked"]) == ("available", False)
    assert checked["missing"] == ["name"]
    assert [slot["start"] for slot in checked["slots"]] == ["2026-02-11T14:30:00+01:00"]

    named = await call.ask("verify_name", name="Marta Ehlers")
    assert named["status"] == "new_caller"
    assert "Wednesday, February 11, at 2:30 in the afternoon" in named["say"]
    assert "Marta Ehlers" in named["say"]

    booked = await call.ask("book", slot=checked["slots"][0]["id"], confirmed=True)
    assert (booked["status"], booked["booked"]) == ("booked", True)
    assert booked["booking"]["name"] == "Marta Ehlers"
    assert booked["booking"]["start"] == "2026-02-11T14:30:00+01:00"

    (held,) = await practice.bookings_at_calcom()
    (row,) = await practice.rows()
    assert held["metadata"]["slotline_booking_id"] == row["id"]
    assert (row["state"], row["calcom_uid"]) == ("confirmed", held["uid"])
    assert held["uid"] not in str([checked, named, booked])


async def test_a_known_caller_is_not_asked_for_the_name(practice: Practice) -> None:
    """F-082: the number says who it is, and the read-back says the name."""
    call = practice.call(ADA)

    checked = await call.ask("check_availability", service="check-up", date="tomorrow", time="9:00")
    assert checked["status"] == "available"
    assert "missing" not in checked
    assert "Ada Lindqvist" in checked["say"]

    booked = await call.ask("book", slot=checked["slots"][0]["id"], confirmed="ja")
    assert booked["status"] == "booked"
