"""What is odd about a call is found, in both languages, and what is not odd is left alone."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from calls.flags import Asked, CallFacts, Finding, found_in, words_for
from calls.flags.rules import promises, wishes
from calls.report import Said
from db.states import Ending, FlagKind, Role, Severity
from tests.servers import ROOT
from tools.reply import Status
from tools.words import WORDS

SECOND = 1_000


def agent(text: str, at: float | None = None, until: float | None = None) -> Said:
    return _said(Role.AGENT, text, at, until)


def caller(text: str, at: float | None = None, until: float | None = None) -> Said:
    return _said(Role.CALLER, text, at, until)


def _said(role: Role, text: str, at: float | None, until: float | None) -> Said:
    starts = None if at is None else round(at * SECOND)
    ends = None if at is None else round((at + 2 if until is None else until) * SECOND)
    return Said(role, text, starts, ends)


def tool(name: str, status: str, at: float, **other: object) -> Asked:
    """Asked at a second of the call, and answered at once."""
    asked = Asked(name, status, True, round(at * SECOND), 20.0, 1800.0, arguments=f"{at}")
    return replace(asked, **other)  # type: ignore[arg-type]


def found(call: CallFacts) -> dict[FlagKind, Finding]:
    return {finding.kind: finding for finding in found_in(call)}


BOOKED = tool("book", "booked", 10)
SAID_SO = agent("You are booked: Check-up on Tuesday, February 10 at 2:30, for Ada.", 11)
GOOD = CallFacts(
    turns=[
        agent("Praxis am Park, hello. How can I help you?", 0),
        caller("A check-up on Tuesday at half past two, please.", 3),
        agent("That is Check-up on Tuesday at 2:30, for Ada. Shall I book it?", 6),
        caller("Yes, please.", 8.5),
        SAID_SO,
        agent("Is there anything else I can do for you?", 14),
        caller("No thank you, bye.", 17),
    ],
    tools=[tool("check_availability", "available", 5), BOOKED],
    ending=Ending.CALLER_HUNG_UP,
    length_ms=20 * SECOND,
)


def test_a_good_call_raises_nothing() -> None:
    assert found_in(GOOD) == []


@pytest.mark.parametrize(
    "words",
    [
        "You are booked for Tuesday at 2:30.",
        "Great, I've booked that for you.",
        "Perfect. Your appointment is now confirmed.",
        "You're all set for Tuesday.",
        "Ihr Termin ist gebucht.",
        "Booked: Tuesday at 2:30 in the afternoon.",
        "Gebucht: Dienstag um 14 Uhr 30.",
        "Alles klar, ich habe Sie für Dienstag eingetragen.",
        "Der Termin ist damit für Sie reserviert.",
        "Ihr Termin ist verschoben auf Dienstag.",
        "I have cancelled your appointment.",
        "Der Termin wurde abgesagt.",
    ],
)
def test_f_001_what_was_told_and_never_done_is_critical(words: str) -> None:
    call = replace(GOOD, turns=[caller("Yes.", 8), agent(words, 11)], tools=GOOD.tools[:1])

    finding = found(call)[FlagKind.TOLD_WITHOUT_BOOKING]

    assert (finding.severity, finding.at_ms, finding.note) == (Severity.CRITICAL, 11_000, words)


@pytest.mark.parametrize(
    "words",
    [
        "Shall I book it?",
        "That time is not booked yet.",
        "Once it is booked, you will get a message.",
        "I have changed that to Tuesday.",
        "I will book that for you.",
        "Soll ich das so buchen?",
        "Der Termin ist noch nicht gebucht.",
        "Sobald er bestätigt ist, melden wir uns.",
        "Der Kalender hat ihn noch nicht bestätigt; wir geben Ihnen Bescheid.",
        "Wir sind leider ausgebucht.",
    ],
)
def test_what_promises_nothing_is_no_promise(words: str) -> None:
    call = replace(GOOD, turns=[agent(words, 11)], tools=[])
    assert FlagKind.TOLD_WITHOUT_BOOKING not in found(call)


def test_f_001_what_was_told_too_early_is_found_also_if_it_came_true() -> None:
    """Up to 26 seconds early, in the calls that this comes from."""
    early = agent("Ihr Termin ist gebucht.", 11)
    call = replace(GOOD, turns=[early, SAID_SO], tools=[tool("book", "booked", 37)])
    assert found(call)[FlagKind.TOLD_WITHOUT_BOOKING].severity is Severity.WARNING


def test_the_clocks_of_a_platform_and_ours_may_differ_by_a_little() -> None:
    late = tool("book", "booked", 14.5)  # the turn that tells of it was over at 13
    assert found(replace(GOOD, tools=[late])) == {}


def test_a_platform_that_tells_no_times_is_given_the_benefit_of_the_doubt() -> None:
    assert (
        found_in(
            replace(
                GOOD, turns=[replace(t, starts_at_ms=None, ends_at_ms=None) for t in GOOD.turns]
            )
        )
        == []
    )


@pytest.mark.parametrize("words", [None, "Is there anything else?", "Goodbye.", "Auf Wiederhören."])
def test_a_booking_that_the_caller_never_heard_of_is_found(words: str | None) -> None:
    said = [agent(words, 12)] if words else []
    call = replace(GOOD, turns=[*GOOD.turns[:4], *said])
    finding = found(call)[FlagKind.BOOKED_UNHEARD]
    assert (finding.severity, finding.at_ms) == (Severity.WARNING, 10_020)


@pytest.mark.parametrize(
    "words",
    [
        "Lovely, half past two on Tuesday it is.",
        "Super, dann bis Dienstag um halb drei!",
        "Done, 2:30.",
    ],
)
def test_a_model_may_find_words_of_its_own_for_a_booking(words: str) -> None:
    assert found_in(replace(GOOD, turns=[*GOOD.turns[:4], agent(words, 12)])) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("What name is the appointment for?", "May I have your name, please?"),
        ("Auf welchen Namen darf ich den Termin eintragen?", "Wie ist Ihr Vor- und Nachname?"),
        ("Wie heißen Sie?", "Können Sie mir bitte Ihren Namen buchstabieren?"),
    ],
)
def test_a_name_that_is_asked_for_twice_is_found_at_the_second_time(
    first: str, second: str
) -> None:
    call = CallFacts(turns=[agent(first, 2), caller("Ada Lindqvist", 5), agent(second, 8)])
    assert found(call)[FlagKind.NAME_ASKED_TWICE].at_ms == 8_000


def test_a_question_for_agreement_is_no_question_for_a_name() -> None:
    call = CallFacts(turns=[agent("What name is it for?"), agent("Is that for Ada Lindqvist?")])
    assert FlagKind.NAME_ASKED_TWICE not in found(call)


@pytest.mark.parametrize(
    "question", ["Which day would suit you?", "Welcher Tag würde Ihnen denn am besten passen?"]
)
def test_a_question_that_is_repeated_is_found(question: str) -> None:
    call = CallFacts(turns=[agent(question, 2), caller("Tuesday.", 5), agent(f"Ok. {question}", 8)])
    assert found(call)[FlagKind.QUESTION_REPEATED].at_ms == 8_000


@pytest.mark.parametrize(
    "turns",
    [
        [
            "That is Check-up on Tuesday at 2. Shall I book it?",
            "That is Check-up on Friday at 4. Shall I book it?",
        ],
        [
            "I have Tuesday at 2:30 or 4. Which would you like?",
            "I have Friday at 9 or 10:30. Which would you like?",
        ],
        ["Are you still there?", "Are you still there?"],
        ["Kann ich sonst noch etwas für Sie tun?", "Kann ich sonst noch etwas für Sie tun?"],
    ],
)
def test_what_sounds_alike_but_asks_something_else_is_left_alone(turns: Sequence[str]) -> None:
    call = CallFacts(turns=[agent(turn, 5 * at) for at, turn in enumerate(turns)])
    assert FlagKind.QUESTION_REPEATED not in found(call)


def test_a_silence_after_the_caller_is_worse_than_one_before() -> None:
    waiting = CallFacts(turns=[caller("Tuesday?", 0, 2), agent("Sorry. Yes.", 10)])
    thinking = CallFacts(turns=[agent("Which day?", 0, 2), caller("Tuesday.", 18)])
    neither = CallFacts(turns=[agent("Which day?", 0, 2), caller("Tuesday.", 12)])

    assert found(waiting)[FlagKind.LONG_SILENCE].severity is Severity.WARNING
    assert found(waiting)[FlagKind.LONG_SILENCE].at_ms == 2_000
    assert found(thinking)[FlagKind.LONG_SILENCE].severity is Severity.INFO
    assert found_in(neither) == []


@pytest.mark.parametrize(
    "words",
    [
        "One moment, please.",
        "Let me just check that.",
        "Einen Moment bitte.",
        "Ich schaue kurz nach.",
    ],
)
def test_f_002_who_says_to_look_and_does_not_has_stalled(words: str) -> None:
    held = CallFacts(turns=[agent(words, 10, 11), caller("Hello?", 24)], length_ms=60 * SECOND)

    assert found(held)[FlagKind.STALLED].at_ms == 10_000
    looked = replace(held, tools=[tool("check_availability", "available", 13)])
    assert FlagKind.STALLED not in found(looked)
    too_late = replace(held, tools=[tool("check_availability", "available", 17)])
    assert FlagKind.STALLED in found(too_late)


def test_f_002_also_if_it_says_so_again_without_looking() -> None:
    call = CallFacts(
        turns=[agent("One moment, please.", 10, 11), agent("One moment, please.", 25, 26)],
        tools=[tool("check_availability", "available", 12)],
        length_ms=60 * SECOND,
    )
    assert found(call)[FlagKind.STALLED].at_ms == 25_000


def test_a_tool_that_was_late_or_broken_is_found() -> None:
    late = tool("check_availability", "technical_fault", 5, ok=False, took_ms=1801.0)
    findings = found(CallFacts(tools=[late]))
    assert findings[FlagKind.TOOL_TOO_SLOW].at_ms == 5_000
    assert findings[FlagKind.TECHNICAL_FAULT].severity is Severity.WARNING
    mended = found(CallFacts(tools=[late, BOOKED], turns=[SAID_SO]))
    assert mended[FlagKind.TECHNICAL_FAULT].severity is Severity.INFO


def test_a_model_that_goes_round_in_circles_is_found() -> None:
    same = [tool("check_availability", "none_free", at, arguments="{}") for at in (1, 5, 9)]
    assert found(CallFacts(tools=same))[FlagKind.TOOL_REPEATED].at_ms == 9_000
    others = [replace(asked, arguments=str(asked.at_ms)) for asked in same]
    assert FlagKind.TOOL_REPEATED not in found(CallFacts(tools=others))


@pytest.mark.parametrize(
    "words",
    [
        "Can I talk to a real person, please?",
        "Put me through to someone who works there.",
        "Ich möchte mit einem Menschen sprechen.",
        "Verbinden Sie mich bitte.",
        "Kann ich bitte jemanden sprechen?",
    ],
)
def test_who_wants_a_human_is_called_back_unless_that_was_promised(words: str) -> None:
    call = CallFacts(turns=[caller(words, 4)])
    assert found(call)[FlagKind.WANTS_A_HUMAN].severity is Severity.WARNING
    promised = replace(call, tools=[tool("request_callback", "callback_created", 8)])
    assert found(promised)[FlagKind.WANTS_A_HUMAN].severity is Severity.INFO


@pytest.mark.parametrize(
    "words", ["Forget it, this is useless.", "Vergessen Sie's.", "Das ist doch unverschämt!"]
)
def test_a_bad_end_is_heard(words: str) -> None:
    assert found(CallFacts(turns=[caller(words, 30)]))[FlagKind.NEGATIVE_END].at_ms == 30_000


def test_a_bad_end_may_also_be_what_the_platform_heard() -> None:
    assert FlagKind.NEGATIVE_END in found(replace(GOOD, sentiment="Negative"))
    assert found_in(replace(GOOD, sentiment="Positive")) == []


def test_who_hangs_up_before_a_yes_is_found_at_the_last_words() -> None:
    call = replace(GOOD, turns=GOOD.turns[:3], tools=GOOD.tools[:1])
    finding = found(call)[FlagKind.HUNG_UP_MIDWAY]
    assert (finding.at_ms, finding.note) == (6_000, "available")


@pytest.mark.parametrize(
    "words",
    ["No thanks.", "I'll think about it.", "Nein danke, ich melde mich.", "Auf Wiederhören."],
)
def test_who_takes_leave_has_not_hung_up_midway(words: str) -> None:
    call = replace(GOOD, turns=[*GOOD.turns[:3], caller(words, 9)], tools=GOOD.tools[:1])
    assert FlagKind.HUNG_UP_MIDWAY not in found(call)


def test_who_was_sent_away_by_the_agent_has_not_hung_up() -> None:
    call = replace(GOOD, turns=GOOD.turns[:3], tools=GOOD.tools[:1], ending=Ending.TRANSFERRED)
    assert FlagKind.HUNG_UP_MIDWAY not in found(call)


def test_a_change_that_is_refused_is_told_by_why() -> None:
    refused = CallFacts(tools=[tool("cancel", "not_permitted", 6)])
    assert found(refused).keys() == {FlagKind.REFUSED_BY_RULES}
    assert found(replace(refused, is_hidden=True)).keys() == {FlagKind.HIDDEN_CHANGE}


BLANKS = ("service", "slot", "name", "booking", "was", "slots", "when", "bookings")


@pytest.mark.parametrize("language", sorted(WORDS))
def test_our_own_sentences_are_heard_as_what_they_are(language: str) -> None:
    """What tools tell the model to say: only what is done sounds as if it were."""
    words = WORDS[language]
    plain = dict.fromkeys(BLANKS, "Kontrolle am Dienstag um 14 Uhr 30")

    def heard(sentence: str) -> set[FlagKind]:
        return found(CallFacts(turns=[agent(sentence.format_map(plain), 5)])).keys() & {
            FlagKind.TOLD_WITHOUT_BOOKING
        }

    for done in (words.booked, words.moved, words.cancelled):
        assert heard(done), done
    for open_ in (
        words.requested,
        words.move_requested,
        words.cancel_requested,
        words.slot_taken,
        words.slot_taken_no_other,
        words.read_back,
        words.found_requested,
        words.being_changed.format(),
        words.none_free,
        words.offer,
    ):
        assert not heard(open_), open_
    twice = CallFacts(turns=[agent(words.ask_name, 2), agent(words.ask_name_again, 8)])
    assert FlagKind.NAME_ASKED_TWICE in found(twice)
    held = CallFacts(turns=[agent(words.one_moment, 2)], length_ms=60_000)
    assert FlagKind.STALLED in found(held)


def test_every_kind_has_words_for_staff_in_both_languages() -> None:
    for kind in FlagKind:
        english, german = (words_for(kind, language) for language in ("en", "de"))
        assert english.title != german.title
        assert english.what_to_do.endswith(".")
        assert german.what_to_do.endswith(".")
        assert words_for(kind, "fr") == english


def test_every_kind_is_documented() -> None:
    page = (ROOT / "docs" / "flags.md").read_text("utf-8")
    assert [kind for kind in FlagKind if f"`{kind.value}`" not in page] == []


def test_the_rules_know_no_status_that_tools_do_not_have() -> None:
    """They are a floor below the tools, so they spell the words themselves."""
    deeds = promises._DEEDS
    spelled = wishes._MET | wishes._MIDWAY | {wishes._PASSED_ON, "too_soon", "too_far", "limited"}
    spelled |= frozenset().union(*(deed.proven_by | deed.done_by for deed in deeds))
    assert spelled <= {status.value for status in Status}
