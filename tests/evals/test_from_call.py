"""Drafting scenarios from calls that really were: nobody can be found in them any more."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import toml_files
from calls.log import CallLog
from calls.report import CallReport, Said
from db.states import Role
from evals.from_call import NoSuchCall, RealCall, draft, fetch
from evals.scenario import Scenario
from tests.practice import BERLIN, Practice

NUMBER = "+4915112345678"
CALL = RealCall(
    id=UUID(int=7),
    started_at=datetime(2026, 2, 10, 9, 0, tzinfo=BERLIN),
    language="de",
    number=NUMBER,
    owner=None,
    said=[
        ("agent", "Praxis, guten Tag."),
        ("caller", "Guten Tag, hier ist Frau Ehlers, ich brauche eine Kontrolle am 2026-02-12."),
        ("agent", "Wie heißen Sie?"),
        ("caller", "Marta Ehlers, 0151 12345678, marta@ehlers.example. Und {person}?"),
        ("agent", "Für Marta Ehlers?"),
        ("caller", "Ja. Mein Mann hat die 030 9988776."),
    ],
    tool_calls=[
        (
            "check_availability",
            {"service": "Kontrolle", "date": "2026-02-12", "staff": None},
            {"status": "available"},
        ),
        ("verify_name", {"name": "Marta Ehlers"}, {"status": "new_caller"}),
        (
            "book",
            {"slot": "A", "confirmed": True},
            {
                "booked": True,
                "booking": {
                    "service": "Kontrolle & Beratung",
                    "start": "2026-02-12T14:30:00+01:00",
                    "name": "Marta Ehlers",
                },
            },
        ),
        ("no_such_tool", {}, {}),
    ],
)


def read(text: str) -> Scenario:
    return toml_files.parse(text, Scenario, file="draft.toml")


def test_a_draft_is_a_scenario_without_its_people() -> None:
    text = draft(CALL)
    for trace in ("Ehlers", "Marta", "12345678", "9988776", "ehlers.example"):
        assert trace.lower() not in text.lower()
    scenario = read(text)
    assert (scenario.language, scenario.caller.number) == ("de", "unknown")
    assert scenario.now == CALL.started_at
    assert scenario.caller.opening == (
        "Guten Tag, hier ist Frau {last}, ich brauche eine Kontrolle am 2026-02-12.",
    )
    assert [(rule.turn, rule.say) for rule in scenario.caller.rules] == [
        (2, ("{person}, {number}, somebody@example.com. Und (person)?",)),
        (3, ("Ja. Mein Mann hat die +49 30 23125 000.",)),
    ]
    [booking] = scenario.expected.bookings
    assert (booking.service, booking.start) == ("kontrolle-beratung", "2026-02-12T14:30")
    assert [step.tool for step in scenario.golden] == ["check_availability", "verify_name", "book"]
    assert scenario.golden[0].arguments == {"service": "Kontrolle", "date": "2026-02-12"}
    assert scenario.golden[1].arguments == {"name": "{person}"}


def test_whose_number_it_was_decides_who_rings() -> None:
    known = draft(replace(CALL, owner="Marta Ehlers"))
    assert read(known).caller.number == "known"
    assert read(draft(replace(CALL, number=None))).caller.number == "hidden"


@settings(max_examples=25)
@given(st.lists(st.text(min_size=1, max_size=30).filter(str.strip), min_size=1, max_size=4))
def test_whatever_is_said_the_draft_can_be_read(words: list[str]) -> None:
    said = [("caller", each) for each in words]
    assert read(draft(replace(CALL, said=said))).caller.opening


async def test_a_call_is_read_as_it_was_kept(practice: Practice) -> None:
    report = CallReport(
        platform="retell",
        platform_call_id="call_1",
        is_over=True,
        turns=[Said(Role.AGENT, "Guten Tag."), Said(Role.CALLER, "Ich bin Ada.")],
        started_at=datetime(2026, 2, 10, 8, 0, tzinfo=UTC),
    )
    log = CallLog(practice.database)
    call_id = await log.tell(
        practice.id, report, line_id=None, caller=NUMBER, language="de", now=practice.clock()
    )
    call = await fetch(practice.database, practice.slug, call_id)
    assert call.said == [("agent", "Guten Tag."), ("caller", "Ich bin Ada.")]
    assert (call.number, call.started_at.isoformat()) == (NUMBER, "2026-02-10T09:00:00+01:00")
    assert json.loads(json.dumps(draft(call)))
    with pytest.raises(NoSuchCall, match="has no call"):
        await fetch(practice.database, practice.slug, uuid4())
    with pytest.raises(NoSuchCall, match="no business 'nobody'"):
        await fetch(practice.database, "nobody", call_id)
    silent = await log.tell(
        practice.id,
        replace(report, platform_call_id="call_2", turns=None),
        line_id=None,
        caller=None,
        language="de",
        now=practice.clock(),
    )
    with pytest.raises(NoSuchCall, match="nothing is kept"):
        await fetch(practice.database, practice.slug, silent)
