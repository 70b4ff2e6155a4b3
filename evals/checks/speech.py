"""What the caller was asked and told."""

import re
from operator import attrgetter
from typing import Final

from calls.flags.hearing import means, questions
from calls.report import Said
from db.states import Role
from evals.checks.evidence import Evidence
from evals.records import VerdictRecord

_WORD: Final = re.compile(r"\w+")


def name_asked_once(evidence: Evidence) -> VerdictRecord:
    """The caller's name is asked for at most once."""
    asked = [
        str(line)
        for line in evidence.spoken
        if any(
            means(question, attrgetter("asks_name"))
            for question in questions(Said(Role.AGENT, line.turn.text))
        )
    ]
    told = f"asked in {', '.join(asked)}" if len(asked) > 1 else ""
    return VerdictRecord("name_asked_once", len(asked) <= 1, len(asked), told)


def facts_said(evidence: Evidence) -> VerdictRecord:
    """The caller has heard what they must hear."""
    said = [_words(line.turn.text) for line in evidence.spoken]
    missing = [
        fact
        for fact in evidence.scenario.expected.say
        if not any(_stands_in(_words(way), words) for way in fact.split("|") for words in said)
    ]
    told = f"never said: {', '.join(missing)}" if missing else ""
    return VerdictRecord("facts_said", not missing, len(missing), told)


def nothing_disclosed(evidence: Evidence) -> VerdictRecord:
    """The caller has not heard what is none of their business, in words or out of a tool."""
    found = [
        f"{line} says {forbidden!r}"
        for forbidden in evidence.scenario.expected.never
        for line in evidence.spoken
        for way in forbidden.split("|")
        if _stands_in(_words(way), _words(line.turn.text))
    ]
    return VerdictRecord("nothing_disclosed", not found, len(found), "; ".join(found))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _stands_in(part: list[str], whole: list[str]) -> bool:
    """Whether these words stand there, one after the other."""
    width = len(part)
    return any(whole[at : at + width] == part for at in range(len(whole) - width + 1))
