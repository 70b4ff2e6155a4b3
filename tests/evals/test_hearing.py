"""What the policy hears in an utterance: names, whom it is for, letters, staff, what and when."""

from typing import Any

import pytest

from evals.policy import Ask, Say, decide
from evals.policy.hearing import Heard
from prompts import receptionist


@pytest.mark.parametrize(
    ("said", "language", "heard"),
    [
        (
            "My name is Grace Marsh, I'd like a haircut with Leo on Tuesday at ten.",
            "en",
            {
                "named": "Grace Marsh",
                "what": "a haircut",
                "staff": "Leo",
                "when": "on Tuesday at ten",
            },
        ),
        (
            "I'd like a check-up for my daughter Rosie Marsh on Monday",
            "en",
            {"relative": "Rosie Marsh", "is_for_relative": True, "what": "a check-up"},
        ),
        ("My sister was so happy", "en", {"relative": None, "is_for_relative": False}),
        ("My son needs a check-up", "en", {"relative": None, "is_for_relative": True}),
        ("Grace Marsh, that's M A R S H.", "en", {"spelled": "M A R S H", "choice": None}),
        ("my name is grace marsh and that is all", "en", {"named": "grace marsh"}),
        ("the 4th of January at nine", "en", {"when": "the 4th of January at nine"}),
        ("1 in the afternoon is fine", "en", {"when": "1 in the afternoon", "no": False}),
        ("Can we make it four instead?", "en", {"change": True, "move": False}),
        (
            "Guten Tag, hier ist Clara Winter, ich bräuchte am 2. Juni um 14 Uhr 30 eine Kontrolle",
            "de",
            {"named": "Clara Winter", "when": "am 2. Juni um 14 Uhr 30", "what": "eine Kontrolle"},
        ),
        (
            "Eine Kontrolle bei Frau Dr. Berger, für meine Mutter Eva Winter",
            "de",
            {"staff": "Berger", "relative": "Eva Winter", "what": "Eine Kontrolle"},
        ),
        ("Ich hätte gern Donnerstag", "de", {"yes": False}),
        ("Ja, gern.", "de", {"yes": True}),
        ("Haben Sie bei Ihnen etwas frei?", "de", {"staff": None}),
        ("Ich bin krank und muss absagen", "de", {"named": None, "cancel": True}),
        ("Ich bin Clara Winter.", "de", {"named": "Clara Winter"}),
        ("Wann war mein Termin noch mal?", "de", {"find": True, "again": True}),
        ("Bitte rufen Sie mich heute zurück.", "de", {"person": True, "when": "heute"}),
    ],
)
def test_what_is_said_is_told_apart(said: str, language: str, heard: dict[str, Any]) -> None:
    found = Heard.of(said, language)
    assert {name: getattr(found, name) for name in heard} == heard


_PROMPT = receptionist("en").text.format(business="X", today="", tomorrow="")


def _conversation(*said: str, prompt: str = _PROMPT) -> list[dict[str, Any]]:
    return [
        {"role": "system", "content": prompt},
        *[{"role": "user", "content": each} for each in said],
    ]


def _replied(tool: str, arguments: str, reply: str) -> list[dict[str, Any]]:
    function = {"name": tool, "arguments": arguments}
    asked = {"role": "assistant", "tool_calls": [{"id": "1", "function": function}]}
    return [asked, {"role": "tool", "tool_call_id": "1", "content": reply}]


def test_who_says_a_name_with_the_wish_is_taken_up_on_both() -> None:
    said = _conversation("My name is Grace Marsh, I'd like a haircut tomorrow.")
    first = decide(said)
    assert first == Ask("verify_name", {"name": "Grace Marsh"})
    told = _replied("verify_name", '{"name": "Grace Marsh"}', '{"status": "new_caller"}')
    assert decide(said + told) == Ask(
        "check_availability", {"service": "a haircut", "date": "tomorrow"}
    )


def test_who_is_known_need_not_be_verified() -> None:
    said = _conversation("This is Grace Marsh.", prompt=f"{_PROMPT}\nname: Grace Marsh")
    assert decide(said).text == decide(_conversation("Hello.")).text


def test_a_child_is_named_as_somebody_else_when_the_name_is_asked_for() -> None:
    asked = _replied("check_availability", "{}", '{"status": "available", "missing": ["name"]}')
    said = [*_conversation("A check-up for my daughter tomorrow."), *asked]
    said.append({"role": "user", "content": "Rosie Marsh."})
    assert decide(said) == Ask("verify_name", {"name": "Rosie Marsh", "for_someone_else": True})


@pytest.mark.parametrize("yes", ["Yes, please.", "Please try again."])
def test_what_has_failed_is_tried_again(yes: str) -> None:
    fault = '{"ok": false, "say": "Again?"}'
    failed = _replied("check_availability", '{"date": "tomorrow"}', fault)
    said = [*_conversation("A check-up tomorrow."), *failed]
    assert decide(said) == Say("Again?")
    said.append({"role": "user", "content": yes})
    assert decide(said) == Ask("check_availability", {"date": "tomorrow"})


def test_what_was_just_booked_is_moved_and_not_booked_twice() -> None:
    booked = _replied("book", '{"slot": "A"}', '{"status": "booked", "booked": true}')
    said = [*_conversation("A check-up tomorrow at ten."), *booked]
    said.append({"role": "user", "content": "Wait, can we make it Friday at noon instead?"})
    assert decide(said) == Ask("reschedule", {"date": "Friday at noon"})


def test_a_yes_beside_a_no_agrees_to_nothing() -> None:
    read_back = _replied("cancel", "{}", '{"status": "need_confirmation"}')
    said = [*_conversation("Please cancel my appointment."), *read_back]
    said.append({"role": "user", "content": "No, not that, yes, the other."})
    assert decide(said) != Ask("cancel", {"confirmed": True})
