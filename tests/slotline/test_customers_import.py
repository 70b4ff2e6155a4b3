"""`slotline customers import` as people run it, on a real database and a Cal.com over HTTP."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from db import customers
from tests.practice import ADA, BERLIN, Practice
from tests.servers import Addresses
from tests.slotline.command import Command, slotline_at
from tests.slotline.test_reconciling import calcom

pytestmark = pytest.mark.slow

__all__ = ["calcom"]


async def take_over(addresses: Addresses, *words: str, calcom: str = "") -> Command:
    return await slotline_at(addresses, "customers", "import", "praxis", *words, calcom=calcom)


async def known(practice: Practice, number: str) -> list[tuple[str, bool]]:
    async with practice.database.single(practice.id) as tx:
        return [(row.name, row.is_owner) for row in await customers.on_number(tx, number=number)]


async def how_many(practice: Practice) -> int:
    async with practice.database.single(practice.id) as tx:
        return await tx.only("SELECT count(*) FROM customer", into=int)


async def test_a_file_is_taken_over_once(
    practice: Practice, addresses: Addresses, tmp_path: Path
) -> None:
    file = tmp_path / "kunden.csv"
    file.write_text(
        "Anrede;Name;Telefon;Mobil;Farbe\n"
        "Frau;Marta Ehlers;030 23125 101;0170 1234567;rot\n"
        ";Ada Lindqvist;030 23125077;0170 7654321;\n"
        ";Nele Ehlers;030 23125101;;\n"
        ";[red]Unbekannt;030 23125102;;\n"
        ";Ole Ott;keins;;\n",
        encoding="utf-8-sig",
    )

    tried = await take_over(addresses, str(file), "--dry-run")
    assert await how_many(practice) == 1
    done = await take_over(addresses, str(file))
    again = await take_over(addresses, str(file))

    assert tried[0] == done[0] == again[0] == 1
    assert "2 added, 1 merged, 0 unchanged, 2 refused (dry run: nothing written)" in tried[1]
    assert "2 added, 1 merged, 0 unchanged, 2 refused\n" in done[1]
    assert "0 added, 0 merged, 3 unchanged, 2 refused\n" in again[1]
    assert "not used: Farbe" in done[1]
    rows = [" ".join(line.split()) for line in done[1].splitlines()]
    assert "line 5 refused has no name" in rows
    assert (
        "line 6 refused has no phone number to be recognised by; keins is no phone number" in rows
    )
    assert await known(practice, "+493023125101") == [
        ("Marta Ehlers", True),
        ("Nele Ehlers", False),
    ]
    assert await known(practice, "+491701234567") == [("Marta Ehlers", True)]
    assert await known(practice, "+491707654321") == await known(practice, ADA)


async def test_who_was_imported_is_recognised_on_the_phone(
    practice: Practice, addresses: Addresses, tmp_path: Path
) -> None:
    file = tmp_path / "customers.csv"
    file.write_text("name,phone\nMarta Ehlers,+49 30 23125 101\n")
    assert (await take_over(addresses, str(file)))[0] == 0

    reply = await practice.call("+493023125101").ask(
        "check_availability", service="checkup", date="tomorrow", time="10:00"
    )
    assert reply["known"]["name"] == "Marta Ehlers"
    assert "missing" not in reply


async def test_a_thousand_rows_are_taken_over_and_taking_them_over_again_changes_nothing(
    practice: Practice, addresses: Addresses, tmp_path: Path
) -> None:
    file = tmp_path / "many.csv"
    syllables = ["ba", "de", "fi", "go", "lu", "me", "ni", "ro", "sa", "tu"]
    names = [f"{a}{b} {c}m".title() for a in syllables for b in syllables for c in syllables]
    rows = [f"{name},+49170{1000000 + n}" for n, name in enumerate(names)]
    file.write_text("\n".join(["name,phone", *rows]))

    code, said = await take_over(addresses, str(file))

    assert (code, "1,000 added, 0 merged, 0 unchanged, 0 refused" in said) == (0, True), said
    assert await how_many(practice) == 1 + len(rows)
    code, said = await take_over(addresses, str(file))
    assert "0 added, 0 merged, 1,000 unchanged, 0 refused" in said


async def test_attendees_of_past_bookings_are_taken_over(
    practice: Practice, addresses: Addresses, calcom: str
) -> None:
    day = practice.clock().astimezone(BERLIN).date() + timedelta(days=3)
    while day.weekday() > 4:
        day += timedelta(days=1)
    for hour, name, number in ((9, "Rosa Winter", "+493023125103"), (10, "Rosa Winter", None)):
        start = datetime(day.year, day.month, day.day, hour, tzinfo=BERLIN).isoformat()
        attendee = {"name": name, "email": "rosa@example.com", "timeZone": "Europe/Berlin"}
        answer = await practice.calendar_http.post(
            "/v2/bookings",
            headers={"cal-api-version": "2024-08-13"},
            json={
                "start": start,
                "eventTypeId": 1,
                "attendee": attendee | ({"phoneNumber": number} if number else {}),
            },
        )
        answer.raise_for_status()

    tried = await take_over(addresses, "--from-calcom", "--dry-run", calcom=calcom)
    done = await take_over(addresses, "--from-calcom", calcom=calcom)
    again = await take_over(addresses, "--from-calcom", calcom=calcom)

    assert "1 added, 0 merged, 0 unchanged, 1 refused (dry run" in tried[1], tried[1]
    assert "1 added, 0 merged, 0 unchanged, 1 refused\n" in done[1]
    assert "refused" in done[1]
    assert "has no phone number to be recognised by" in done[1]
    assert "0 added, 0 merged, 1 unchanged, 1 refused\n" in again[1]
    async with practice.database.single(practice.id) as tx:
        [rosa] = await customers.on_number(tx, number="+493023125103")
    assert (rosa.name, rosa.email, rosa.is_owner) == ("Rosa Winter", "rosa@example.com", True)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "give either FILE or --from-calcom"),
        (("nowhere.csv",), "slotline: No such file or directory: nowhere.csv"),
        (("nowhere.csv", "--delimiter", "ab"), "must be one character, or tab"),
    ],
)
async def test_what_makes_no_sense_is_one_clear_line(
    practice: Practice, addresses: Addresses, words: tuple[str, ...], says: str
) -> None:
    code, said = await take_over(addresses, *words)
    assert code in {1, 2}
    assert says in said
    assert "Traceback" not in said
