"""What an agent's sentence wants of the caller, as somebody on the phone would take it."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Act(StrEnum):
    """What the agent does with a sentence, above all what it asks."""

    NAME = "name"
    SERVICE = "service"
    DAY = "day"
    TIME = "time"
    EITHER = "either"
    """Which of two days or times was meant."""
    OFFER = "offer"
    READ_BACK = "read_back"
    SETTLED = "settled"
    """Something was done and nothing is asked."""
    REFUSED = "refused"
    """It cannot be done; a call back may be offered."""
    SOMEBODY_ELSE = "somebody_else"
    """Somebody else is offered than who was wished for."""
    CALL_BACK = "call_back"
    """A call back is offered."""
    NUMBER = "number"
    AGAIN = "again"
    """Something failed, and another attempt is offered."""
    MORE = "more"
    """Whether the caller would like to hear the other appointments."""
    WHICH = "which"
    """Which of several appointments, people or services."""
    WHAT_NEXT = "what_next"
    STILL_THERE = "still_there"
    GOODBYE = "goodbye"
    OTHER = "other"


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_QUESTIONS: Final[Mapping[str, tuple[tuple[Act, re.Pattern[str]], ...]]] = {
    "en": (
        (Act.STILL_THERE, _any(r"still there", r"still on the line")),
        (Act.AGAIN, _any(r"try (?:that )?(?:once more|again)")),
        (Act.CALL_BACK, _any(r"call you back\?")),
        (
            Act.READ_BACK,
            _any(
                r"shall i (?:book|cancel|move|do that|go ahead|confirm)",
                r"(?:is|does) that (?:correct|right|sound|look|work)",
                r"should i (?:book|cancel|move)",
                r"would you like me to (?:book|cancel|move|confirm|go ahead)",
            ),
        ),
        (Act.NUMBER, _any(r"\bnumber\b[^.]*\?", r"digit by digit")),
        (Act.NAME, _any(r"\bname\b[^.]*\?", r"who is (?:it|the appointment) for")),
        (Act.MORE, _any(r"hear the other")),
        (
            Act.WHICH,
            _any(r"which one do you mean", r"is that for ", r"would (?:that|this) be with"),
        ),
        (
            Act.OFFER,
            _any(
                r"which (?:would you like|suits you)",
                r"would (?:that|one of those|either) (?:suit|work)",
            ),
        ),
        (Act.SOMEBODY_ELSE, _any(r"would .+ suit you\?", r"is that all right\?")),
        (
            Act.SERVICE,
            _any(
                r"come in for", r"what (?:service|treatment|kind)", r"would (?:that|this) be .*\?"
            ),
        ),
        (Act.DAY, _any(r"which (?:other )?day", r"what day", r"another day", r"when would you")),
        (Act.TIME, _any(r"what time")),
        (Act.EITHER, _any(r"do you mean .*\?")),
        (Act.WHAT_NEXT, _any(r"how can i help", r"anything else", r"what would you like to do")),
        (Act.OFFER, _any(r"\bI have .*\?")),
    ),
    "de": (
        (Act.STILL_THERE, _any(r"noch da", r"noch dran")),
        (Act.AGAIN, _any(r"noch einmal versuchen", r"nochmal versuchen")),
        (Act.CALL_BACK, _any(r"jemand zurückrufen\?", r"rückruf .*\?")),
        (
            Act.READ_BACK,
            _any(
                r"soll ich (?:das|den|ihn|es) .*(?:buchen|absagen|machen|verschieben|eintragen)",
                r"(?:ist das|stimmt das|passt das) (?:so )?(?:richtig|korrekt)?\?",
            ),
        ),
        (Act.NUMBER, _any(r"nummer[^.]*\?", r"ziffer für ziffer")),
        (Act.NAME, _any(r"\bnamen?\b[^.]*\?", r"vor- und nachname")),
        (Act.MORE, _any(r"auch (?:den|die) anderen hören")),
        (Act.WHICH, _any(r"welchen meinen sie", r"ist der termin für", r"möchten sie zu ")),
        (Act.SOMEBODY_ELSE, _any(r"ginge es auch bei", r"ist das in ordnung")),
        (Act.OFFER, _any(r"was passt ihnen", r"würde das passen", r"passt ihnen (?:einer|das)")),
        (
            Act.SERVICE,
            _any(r"wofür", r"welche leistung", r"meinen sie [^\d]*\?", r"würde ihnen .* helfen"),
        ),
        (Act.DAY, _any(r"welche[rn] (?:andere )?tag", r"ein anderer tag", r"wann ")),
        (Act.TIME, _any(r"um wie ?viel uhr", r"welche uhrzeit")),
        (Act.EITHER, _any(r"meinen sie .*\d.*\?")),
        (
            Act.WHAT_NEXT,
            _any(r"was (?:kann|darf) ich für sie tun", r"sonst noch etwas", r"was möchten sie tun"),
        ),
        (Act.OFFER, _any(r"ich hätte .*\?")),
    ),
}

_STATEMENTS: Final[Mapping[str, tuple[tuple[Act, re.Pattern[str]], ...]]] = {
    "en": (
        (
            Act.SETTLED,
            _any(
                r"\b(?:is|are|have been|has been) (?:now )?(?:booked|moved|cancelled|canceled)",
                r"\bbooked\b",
                r"i have noted",
                r"will call you back",
                r"next appointment is",
                r"that is when your appointment is",
                r"you have asked for",
            ),
        ),
        (Act.GOODBYE, _any(r"goodbye", r"\bbye\b")),
        (
            Act.REFUSED,
            _any(r"cannot", r"can't", r"not able", r"closed", r"sorry", r"without a number"),
        ),
    ),
    "de": (
        (
            Act.SETTLED,
            _any(
                r"(?:ist|wurde) (?:jetzt |nun )?(?:gebucht|verschoben|abgesagt|eingetragen)",
                r"\bgebucht\b",
                r"habe .*notiert",
                r"zurückgerufen",
                r"ihr (?:nächster )?termin:",
                r"dann ist ihr termin bereits",
                r"angefragt",
            ),
        ),
        (Act.GOODBYE, _any(r"auf wieder", r"tschüss")),
        (Act.REFUSED, _any(r"leider", r"kann ich .*nicht", r"geschlossen", r"ohne nummer")),
    ),
}


def understood(said: str, language: str) -> Act:
    """What a sentence wants: its last question, or else what it states."""
    for act, pattern in _QUESTIONS[language]:
        if any(pattern.search(question) for question in _questions(said)):
            return act
    for act, pattern in _STATEMENTS[language]:
        if pattern.search(said):
            return act
    return Act.OTHER


_ENDS: Final = re.compile(r"(?:(?<=[?!])|(?<=[^\d]\.))\s+")
"""Of sentences; the point in `18. Juni` ends none."""


def _questions(said: str) -> list[str]:
    """The last sentence that asks, or that begs: both want an answer."""
    return [sentence for sentence in _ENDS.split(said) if "?" in sentence][-1:]


_CLOCK: Final[Mapping[str, re.Pattern[str]]] = {
    "en": re.compile(
        r"\b(?:at|or) (noon|\d{1,2}(?::\d\d)?)(?: (in the (?:morning|afternoon|evening)))?",
        re.IGNORECASE,
    ),
    "de": re.compile(r"\b(?:um|oder) (\d{1,2} Uhr(?: \d{1,2})?)", re.IGNORECASE),
}


def offered_times(said: str, language: str) -> list[str]:
    """The times of day in an offer, in its order and its words."""
    return [" ".join(filter(None, found.groups())) for found in _CLOCK[language].finditer(said)]
