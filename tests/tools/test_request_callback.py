"""`request_callback`: who, about what, when and where; once a call, and never a dead end."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from booking.business import Line
from booking.hours import after_open_time
from calls.numbers import grouped, heard
from tests.practice import ADA, BERLIN, LINE, Practice
from tests.tools.appointments import STRANGER
from tools.words import spoken_digits


def at(day: int, clock: str) -> datetime:
    return datetime.fromisoformat(f"2026-02-{day:02}T{clock}").replace(tzinfo=BERLIN)


async def test_a_call_back_has_name_wish_number_and_time(practice: Practice) -> None:
    asked = await practice.call(ADA).ask("request_callback", reason="wants to talk to Dr. Berger")

    assert (asked["status"], asked["booked"], asked["ok"]) == ("callback_created", False, True)
    assert asked["say"] == "Someone will call you back by today at 11 in the morning."
    (task,) = await practice.tasks()
    assert (task.kind, task.reason, task.recipient) == ("callback", "asked", ADA)
    assert task.note == "Ada Lindqvist: wants to talk to Dr. Berger."
    assert task.due_at == at(10, "11:00")


@pytest.mark.parametrize(
    ("when", "due", "spoken"),
    [
        ("tomorrow at three", at(11, "15:00"), "tomorrow at 3 in the afternoon"),
        ("at half past two", at(10, "14:30"), "today at 2:30 in the afternoon"),
        ("tomorrow", at(11, "10:00"), "by tomorrow at 10 in the morning"),
        ("tomorrow between 2 and 3 pm", at(11, "15:00"), "by tomorrow at 3 in the afternoon"),
        ("after 5 pm", at(11, "09:00"), "by tomorrow at 9 in the morning"),
        ("Saturday at noon", at(17, "08:00"), "Tuesday, February 17, at 8 in the morning"),
        ("tonight at nine", at(11, "08:00"), "tomorrow at 8 in the morning"),
        ("yesterday", at(10, "11:00"), "by today at 11 in the morning"),
        ("whenever", at(10, "11:00"), "by today at 11 in the morning"),
        ("🤷", at(10, "11:00"), "by today at 11 in the morning"),
    ],
)
async def test_it_is_promised_for_when_somebody_is_there(
    practice: Practice, when: str, due: datetime, spoken: str
) -> None:
    """Carnival Monday, the 16th, is closed."""
    asked = await practice.call(ADA).ask("request_callback", reason="bill", when=when)

    assert spoken in asked["say"]
    (task,) = await practice.tasks()
    assert task.due_at == due
    assert task.note == f"Ada Lindqvist: bill. To be reached: {when}."


async def test_f_005_a_hidden_number_is_asked_for_once_and_only_for_a_call_back(
    practice: Practice,
) -> None:
    call = practice.call(None)
    await call.ask("verify_name", name="Marta Ehlers")
    first = await call.ask("request_callback", reason="move my appointment")
    second = await call.ask("request_callback", reason="move my appointment", number="no idea")

    assert first["missing"] == ["number"]
    assert "What number" in first["say"]
    assert (second["status"], second["ok"]) == ("not_permitted", True)
    assert "missing" not in second
    (task,) = await practice.tasks()  # staff may know her all the same
    assert (task.recipient, task.note) == (None, "Marta Ehlers: move my appointment.")


async def test_a_number_that_is_given_is_checked_and_read_back_digit_by_digit(
    practice: Practice,
) -> None:
    call = practice.call(None, "de")
    await call.ask("request_callback", reason="Rezept")
    given = await call.ask(
        "request_callback", reason="Rezept", number="null eins sieben sechs, 12 34 56 78"
    )

    assert given["status"] == "callback_created"
    assert given["known"]["number"] == "+4917612345678"
    assert given["say"].endswith(
        "Ich habe die Nummer null eins sieben sechs, eins zwei drei, vier fünf sechs, "
        "sieben acht notiert."
    )
    (task,) = await practice.tasks()
    assert task.recipient == "+4917612345678"


async def test_another_number_that_nobody_understands_is_asked_for_once(practice: Practice) -> None:
    call = practice.call(ADA)
    first = await call.ask("request_callback", reason="bill", number="my office")
    second = await call.ask("request_callback", reason="bill", number="the office, I said")

    assert first["missing"] == ["number"]
    assert (second["status"], "missing" in second) == ("callback_created", False)
    (task,) = await practice.tasks()
    assert task.recipient == ADA


async def test_a_second_request_completes_the_first(practice: Practice) -> None:
    call = practice.call(ADA)
    await call.ask("request_callback", reason="bill")
    practice.clock.advance(minutes=2)
    await call.ask("request_callback", reason="prescription", when="tomorrow at three")
    practice.clock.advance(minutes=2)
    last = await call.ask("request_callback", reason="bill", number="030 23125098")

    (task,) = await practice.tasks()
    assert task.due_at == at(11, "15:00")
    assert task.recipient == "+493023125098"
    assert task.note == "Ada Lindqvist: bill; prescription. To be reached: tomorrow at three."
    assert "tomorrow at 3" in last["say"]


async def test_no_model_can_send_the_call_back_to_somebody_elses_identity(
    practice: Practice,
) -> None:
    """`caller` in the arguments is no identity; the transmitted number stays who is calling."""
    await practice.call(STRANGER).ask("request_callback", reason="bill", caller=ADA, name="Ada")
    (task,) = await practice.tasks()
    assert (task.recipient, task.note) == (STRANGER, "Somebody: bill.")


async def test_a_call_back_without_a_reason_is_one_all_the_same(practice: Practice) -> None:
    asked = await practice.call(ADA).ask("request_callback")
    assert asked["status"] == "callback_created"


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("0176 12 34 56 78", "+4917612345678"),
        ("plus four nine one seven six 12345678", "+4917612345678"),
        ("zwo drei eins zwo fünf null neun neun", "+4923125099"),
        ("It is 030/23125099, after 5 pm", "+493023125099"),
        ("+49 (0)30 23125099", "+493023125099"),
        ("0044 7700 900123", "+447700900123"),
        *((text, None) for text in ("110", "", "five", "²²²²²²²", "1" * 40, "+" * 10)),
    ],
)
def test_numbers_are_heard_in_any_grouping(said: str, number: str | None) -> None:
    assert heard(said, spoken_digits(), dialled=LINE) == number


@pytest.mark.parametrize(
    ("number", "groups"),
    [
        ("+493023125099", ["030", "231", "250", "99"]),
        ("+447700900123", ["+44", "7700", "900", "123"]),
    ],
)
def test_numbers_are_said_with_pauses(number: str, groups: list[str]) -> None:
    assert grouped(number, dialled=LINE) == groups


async def test_open_time_is_counted_across_nights_and_closed_days(practice: Practice) -> None:
    access = await practice.parts.directory.access(practice.slug)
    assert access
    (line,) = access.business.lines
    for start, hours, due in (
        (at(10, "09:00"), 2, at(10, "11:00")),
        (at(10, "17:00"), 2, at(11, "09:00")),
        (at(10, "07:00"), 0, at(10, "08:00")),
        (at(13, "18:00"), 0, at(17, "08:00")),
        (at(13, "17:30"), 1, at(17, "08:30")),
    ):
        assert after_open_time(line, start, timedelta(hours=hours)) == due


def test_without_opening_hours_it_is_always_open() -> None:
    line = Line(uuid4(), LINE, "Praxis", BERLIN, "de")
    assert after_open_time(line, at(14, "03:00"), timedelta(hours=2)) == at(14, "05:00")
