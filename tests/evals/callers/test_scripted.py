"""Scripted callers: what they say to what they hear, by rule, by seed and by habit."""

from typing import Any

import pytest
from pydantic import ValidationError

from evals.callers import Script, ScriptedCaller, Utterance
from evals.callers.manners import WAYS
from evals.callers.understanding import Act, offered_times, understood
from tools.words import WORDS

_SCRIPT: dict[str, Any] = {
    "name": "Martha Winter",
    "goal": "a cleaning tomorrow at ten",
    "opening": ["A cleaning, please.", "I need a cleaning."],
    "facts": {"day": "tomorrow", "time": "at ten", "service": "a cleaning"},
}


def _caller(seed: int = 1, **changes: Any) -> ScriptedCaller:
    script = Script.model_validate(_SCRIPT | changes)
    return ScriptedCaller(script, language="en", seed=seed)


async def _answers(caller: ScriptedCaller, *said: str) -> list[Utterance]:
    return [
        await caller.greet("Hello. How can I help you?"),
        *[await caller.answer(e) for e in said],
    ]


class _Filled(dict[str, str]):
    """Something for every blank."""

    def __missing__(self, blank: str) -> str:
        return "Monday at 9 in the morning"


_MEANT: dict[str, Act] = {
    "still_there": Act.STILL_THERE,
    "goodbye": Act.GOODBYE,
    "staff_does_not": Act.SOMEBODY_ELSE,
    "staff_not_chosen": Act.SOMEBODY_ELSE,
    "ask_which_staff": Act.WHICH,
    "ask_which_person": Act.WHICH,
    "which_suits": Act.OFFER,
    "would_it_suit": Act.OFFER,
    "free_ask_name": Act.NAME,
    "read_back": Act.READ_BACK,
    "booked": Act.SETTLED,
    "requested": Act.SETTLED,
    "slot_taken_no_other": Act.DAY,
    "already_booked": Act.WHAT_NEXT,
    "none_free": Act.DAY,
    "ask_service": Act.SERVICE,
    "service_unavailable": Act.CALL_BACK,
    "ask_day": Act.DAY,
    "ask_time": Act.TIME,
    "ask_which_day": Act.EITHER,
    "ask_which_time": Act.EITHER,
    "ask_what_next": Act.WHAT_NEXT,
    "nothing_until": Act.DAY,
    "ask_name": Act.NAME,
    "ask_name_again": Act.NAME,
    "found": Act.SETTLED,
    "found_next": Act.SETTLED,
    "none_found": Act.CALL_BACK,
    "none_found_hidden": Act.CALL_BACK,
    "cancel_read_back": Act.READ_BACK,
    "cancelled": Act.SETTLED,
    "cancel_requested": Act.SETTLED,
    "move_read_back": Act.READ_BACK,
    "moved": Act.SETTLED,
    "move_requested": Act.SETTLED,
    "unchanged": Act.SETTLED,
    "too_late_to_cancel": Act.CALL_BACK,
    "too_late_to_move": Act.CALL_BACK,
    "moved_too_often": Act.CALL_BACK,
    "cancelled_too_often": Act.CALL_BACK,
    "ask_which_booking": Act.WHICH,
    "callback_created": Act.SETTLED,
    "ask_number": Act.NUMBER,
    "ask_number_again": Act.NUMBER,
    "hear_the_other": Act.MORE,
    "technical_fault": Act.AGAIN,
    "calendar_unavailable": Act.AGAIN,
}


@pytest.mark.parametrize("phrase", _MEANT)
@pytest.mark.parametrize("language", WORDS)
def test_callers_know_what_our_sentences_want(phrase: str, language: str) -> None:
    said = getattr(WORDS[language], phrase).format_map(_Filled())
    assert understood(said, language) is _MEANT[phrase], said


@pytest.mark.parametrize(
    ("said", "language", "times"),
    [
        ("I have tomorrow at 9 or 11 in the morning. Which?", "en", ["9", "11 in the morning"]),
        ("Friday at 9:30 in the morning or noon?", "en", ["9:30 in the morning", "noon"]),
        ("Ich hätte morgen um 9 Uhr 30 oder 11 Uhr.", "de", ["9 Uhr 30", "11 Uhr"]),
    ],
)
def test_callers_hear_which_times_are_offered(said: str, language: str, times: list[str]) -> None:
    assert offered_times(said, language) == times


async def test_equal_seeds_say_equal_things() -> None:
    said = ("Which day would suit you?", "What name is the appointment for?", "Shall I book it?")
    spoken = [await _answers(_caller(seed), *said) for seed in (1, 1, 2, 3, 4, 5)]
    assert spoken[0] == spoken[1]
    assert len({tuple(each.text for each in one) for one in spoken}) > 3


async def test_they_tell_one_fact_at_a_time_and_which_facts_they_told() -> None:
    opening, day, name = await _answers(_caller(), "Which day?", "Which day would suit you?")
    assert "tomorrow" not in opening.text
    assert day.text == name.text or "tomorrow" in name.text.casefold()
    (_, named) = await _answers(_caller(), "What name is the appointment for?")
    assert "Martha Winter" in named.text
    assert named.facts == ("Martha Winter",)


async def test_they_agree_only_to_what_they_wished_for() -> None:
    caller = _caller(hear=["10", "Wednesday"])
    wrong = "That is Cleaning on Wednesday, June 17, at 1 in the afternoon. Shall I book it?"
    right = "That is Cleaning on Wednesday, June 17, at 10 in the morning. Shall I book it?"
    _, first, second = await _answers(caller, wrong, right)
    assert "no" in first.text.casefold()
    assert "at ten" in first.text
    assert second.text in WAYS["en"]["plain"]["yes"]


async def test_they_give_up_on_what_is_never_understood() -> None:
    caller = _caller(hear=["10"])
    *_, last = await _answers(caller, *["That is on Monday at 9. Shall I book it?"] * 3)
    assert last.hangs_up


async def test_they_hang_up_when_all_is_settled_or_patience_ends() -> None:
    *_, bye = await _answers(_caller(), "You are booked: Cleaning on Wednesday.")
    assert bye.hangs_up
    *_, last = await _answers(_caller(patience=3), *["Which day would suit you?"] * 3)
    assert last.hangs_up


@pytest.mark.parametrize(
    ("choose", "words"),
    [("first", "first"), ("second", "second"), ("at second", "11"), ("none", "no")],
)
async def test_they_choose_among_offers(choose: str, words: str) -> None:
    caller = _caller(choose=choose)
    offer = "I have tomorrow at 9 or 11 in the morning. Which would you like?"
    _, chosen = await _answers(caller, offer)
    assert words in chosen.text.casefold()


async def test_rules_go_before_habits_as_often_as_they_say() -> None:
    silent = {"when": "name", "pause_seconds": 6}
    change = {
        "when": "read_back",
        "say": "No, sorry, <day> please.",
        "facts": {"day": "on Friday"},
        "hear": ["Friday"],
    }
    barging = {"turn": 3, "say": "Hold on.", "interrupts": True}
    caller = _caller(rules=[silent, change, barging])
    ask_name, read_back = (
        "What name is it for?",
        "That is Cleaning on Friday at 10. Shall I book it?",
    )
    spoken = await _answers(caller, ask_name, "Are you still there?", read_back, read_back)
    assert [each.text for each in spoken[1:4]] == ["", "Hold on.", "No, sorry, on Friday please."]
    assert spoken[1].pause_seconds == 6
    assert spoken[2].interrupts
    assert spoken[4].text in WAYS["en"]["plain"]["yes"]


async def test_a_rule_may_wait_for_words_of_the_agent() -> None:
    rule = {"when": "read_back", "contains": "EUR", "say": "That much? <no>", "hangs_up": True}
    _, yes, no = await _answers(
        _caller(rules=[rule]), "Shall I cancel it?", "It costs 25 EUR. Shall I cancel it?"
    )
    assert yes.text in WAYS["en"]["plain"]["yes"]
    assert no.hangs_up


@pytest.mark.parametrize("language", WAYS)
def test_every_style_knows_every_way(language: str) -> None:
    plain = set(WAYS[language]["plain"])
    assert {style: set(ways) for style, ways in WAYS[language].items()} == dict.fromkeys(
        WAYS[language], plain
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"opening": []},
        {"style": "rude"},
        {"rules": [{"say": "Hello."}]},
        {"rules": [{"when": "name", "turn": 2}]},
        {"rules": [{"when": "no such act"}]},
        {"whims": 3},
    ],
)
def test_a_script_that_cannot_be_played_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Script.model_validate(_SCRIPT | changes)
