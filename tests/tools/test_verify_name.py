"""The name: asked for once at most, and every use of the tool ends in something usable."""

from uuid import uuid4

import pytest
from structlog.testing import capture_logs

from db import customers
from db.states import CustomerOrigin
from server.masking import masked
from tests.practice import ADA, Practice

STRANGER = "+493023125099"


async def test_a_known_number_and_a_similar_name_are_the_stored_customer(
    practice: Practice,
) -> None:
    """F-012."""
    named = await practice.call(ADA).ask("verify_name", name="Ada Lindquist")
    assert named["status"] == "identified"
    assert named["known"]["name"] == "Ada Lindqvist"
    assert "Ms Lindqvist" in named["say"]


async def test_another_person_on_a_known_number_is_somebody_new(practice: Practice) -> None:
    """F-019: the owner of the number stays who she is."""
    call = practice.call(ADA)
    checked = await call.ask("check_availability", service="checkup", date="tomorrow", time="10:00")
    named = await call.ask("verify_name", name="Jonas Feddersen", for_someone_else=True)
    assert named["status"] == "new_caller"

    booked = await call.ask("book", slot=checked["slots"][0]["id"], confirmed=True)
    assert booked["booking"]["name"] == "Jonas Feddersen"
    [row] = await practice.rows()
    assert row["attendee_number"] == ADA

    again = await practice.call(ADA).ask("verify_name", name="Ada Lindqvist")
    assert again["status"] == "identified"


@pytest.mark.parametrize("heard", ["Unbekannt", "anonymous", "", "caller", "🤷"])
async def test_nobody_is_booked_under_a_placeholder(practice: Practice, heard: str) -> None:
    """F-013: one more question, then a human; never a third."""
    call = practice.call(STRANGER)
    await call.ask("check_availability", service="checkup", date="tomorrow", time="10:00")

    first = await call.ask("verify_name", name=heard)
    second = await call.ask("verify_name", name=heard)
    third = await call.ask("book", slot="A", confirmed=True)

    assert first["status"] == "need_name"
    assert first["missing"] == ["name"]
    assert second["status"] == third["status"] == "callback_created"
    assert await practice.rows() == []
    (task,) = await practice.tasks()
    assert (task.kind, task.reason, task.recipient) == ("callback", "asked", STRANGER)


async def test_a_placeholder_on_a_known_number_is_its_owner(practice: Practice) -> None:
    named = await practice.call(ADA).ask("verify_name", name="Kunde")
    assert named["status"] == "identified"
    assert named["known"]["name"] == "Ada Lindqvist"


async def test_a_second_use_corrects_and_never_asks(practice: Practice) -> None:
    call = practice.call(STRANGER)
    await call.ask("check_availability", service="checkup", date="tomorrow", time="10:00")
    await call.ask("verify_name", name="Martha Ehlers")

    corrected = await call.ask("verify_name", name="Marta Ehlers")
    assert "Marta Ehlers" in corrected["say"]
    unusable = await call.ask("verify_name", name="Unknown")
    assert unusable["known"]["name"] == "Marta Ehlers"
    assert "missing" not in unusable


async def test_the_name_given_first_is_kept_for_the_booking(practice: Practice) -> None:
    """F-004: nothing that was said is asked for again, in whatever order it comes."""
    call = practice.call(STRANGER)
    named = await call.ask("verify_name", name="Marta Ehlers")
    assert (named["status"], named["missing"]) == ("new_caller", ["service"])

    checked = await call.ask("check_availability", service="checkup", date="tomorrow", time="10:00")
    assert checked["status"] == "available"
    assert "missing" not in checked
    assert "Marta Ehlers" in checked["say"]


async def test_a_name_never_identifies_anybody_behind_a_hidden_number(practice: Practice) -> None:
    named = await practice.call(None).ask("verify_name", name="Ada Lindqvist")
    assert named["status"] == "new_caller"


async def test_f_018_first_contacts_at_once_are_one_customer(practice: Practice) -> None:
    calls = [practice.call(STRANGER) for _ in range(5)]
    for n, call in enumerate(calls):
        checked = await call.ask(
            "check_availability", service="checkup", date="2026-02-12", time=f"{8 + n}:00"
        )
        assert checked["status"] == "available", checked
        await call.ask("verify_name", name="Marta Ehlers")
        booked = await call.ask("book", slot=checked["slots"][0]["id"], confirmed=True)
        assert booked["status"] == "booked", booked
    customers = {row["customer_id"] for row in await practice.rows()}
    assert len(customers) == 1


async def test_who_was_known_by_number_only_is_adopted_when_named(practice: Practice) -> None:
    async with practice.database.single(practice.id) as tx:
        nameless = await customers.add_contact(
            tx,
            id=uuid4(),
            number=STRANGER,
            name="",
            name_normalised="",
            language=None,
            origin=CustomerOrigin.CALLER,
            now=practice.clock(),
        )
    call = practice.call(STRANGER)

    checked = await call.ask("check_availability", service="checkup", date="tomorrow", time="10:00")
    named = await call.ask("verify_name", name="Marta Ehlers")
    await call.ask("book", slot=checked["slots"][0]["id"], confirmed=True)

    assert (checked["missing"], named["status"]) == (["name"], "new_caller")
    [row] = await practice.rows()
    assert row["customer_id"] == str(nameless)
    again = await practice.call(STRANGER).ask(
        "check_availability", service="checkup", date="friday"
    )
    assert again["known"]["name"] == "Marta Ehlers"


async def test_f_012_a_difference_is_logged_and_the_stored_name_stays(practice: Practice) -> None:
    """Nothing that was heard is written over what is stored, and no line says who it was."""
    call = practice.call(ADA)
    with capture_logs() as lines:
        named = await call.ask("verify_name", name="Ada Lindquist")
    checked = await call.ask("check_availability", service="checkup", date="tomorrow", time="10:00")
    booked = await call.ask("book", slot=checked["slots"][0]["id"], confirmed=True)

    (line,) = [masked(line) for line in lines if line["event"] == "name_differs"]
    assert (line["customer_name"], line["caller_name"]) == ("A. L.", "A. L.")
    assert named["known"]["name"] == booked["booking"]["name"] == "Ada Lindqvist"


async def test_an_equal_name_is_no_difference(practice: Practice) -> None:
    with capture_logs() as lines:
        await practice.call(ADA).ask("verify_name", name="lindqvist")
    assert not [line for line in lines if line["event"] == "name_differs"]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ({"name": "Ehlerz"}, "Marta Ehlerz"),
        ({"spelled": "E H L E R Z"}, "Marta Ehlerz"),
        ({"spelled": "Martha with t h"}, "Martha Ehlers"),
        ({"name": "Lea Kolbe"}, "Lea Kolbe"),
        ({"name": "Lea"}, "Lea"),
    ],
)
async def test_f_014_a_correction_changes_what_it_names(
    practice: Practice, said: dict[str, str], name: str
) -> None:
    """A surname put right keeps the first name; another person is another name."""
    call = practice.call(STRANGER)
    await call.ask("verify_name", name="Marta Ehlers")
    assert (await call.ask("verify_name", **said))["known"]["name"] == name


async def test_f_015_there_is_one_form_of_address(practice: Practice) -> None:
    """With a salutation the surname, without one the whole name; never the first name."""
    stored = await practice.call(ADA).ask("verify_name", name="Ada")
    said = await practice.call(STRANGER).ask("verify_name", name="Herr Till Kolbe")
    plain = await practice.call("+493023125098").ask("verify_name", name="Till Kolbe")
    alone = await practice.call("+493023125097").ask("verify_name", name="Till")

    assert "Ms Lindqvist" in stored["say"]
    assert "Herr Kolbe" in said["say"]
    assert "Till Kolbe" in plain["say"]
    assert "Till" not in alone["say"]


async def test_f_017_a_hidden_number_books_under_the_name_that_was_said(
    practice: Practice,
) -> None:
    call = practice.call(None)
    checked = await call.ask("check_availability", service="checkup", date="tomorrow", time="10:00")
    named = await call.ask("verify_name", name="Ada Lindqvist")
    booked = await call.ask("book", slot=checked["slots"][0]["id"], confirmed=True)

    assert (named["status"], booked["status"]) == ("new_caller", "booked")
    [row] = await practice.rows()
    assert (row["attendee_name"], row["attendee_number"]) == ("Ada Lindqvist", None)
