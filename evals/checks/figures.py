"""What is counted of a call, without being judged."""

from collections.abc import Sequence
from statistics import fmean

from calls.flags.hearing import questions
from calls.report import Said
from db.states import Role
from evals.checks.evidence import Evidence
from evals.checks.speech import name_asked_once
from evals.records import TurnRecord


def figures(evidence: Evidence) -> dict[str, float]:
    """By name; seconds and percentages are not among them, for they are modelled elsewhere."""
    answers = [turn for turn in evidence.turns if turn.speaker == "agent"][1:]
    spoken = [len(turn.text.split()) for turn in answers] or [0]
    tools = [call for turn in answers for call in turn.tool_calls]
    return {
        "turns": len(answers),
        "caller_turns": sum(turn.speaker == "caller" for turn in evidence.turns),
        "tool_calls": len(tools),
        "tool_milliseconds": round(sum(call.milliseconds for call in tools), 1),
        "llm_rounds": sum(turn.llm_rounds for turn in answers),
        "words_per_turn": round(fmean(spoken), 1),
        "most_words": max(spoken),
        "repeated_questions": repeated_questions(answers),
        "name_asked": name_asked_once(evidence).value or 0.0,
        **_tokens(answers),
    }


def repeated_questions(answers: Sequence[TurnRecord]) -> int:
    """Questions that were asked in the same words before."""
    asked = [question for turn in answers for question in questions(Said(Role.AGENT, turn.text))]
    return len(asked) - len(set(asked))


def _tokens(answers: Sequence[TurnRecord]) -> dict[str, float]:
    names = sorted({name for turn in answers for name in turn.tokens})
    return {f"tokens_{name}": sum(turn.tokens.get(name, 0) for turn in answers) for name in names}
