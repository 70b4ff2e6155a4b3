"""A call that was really played, as stretches: tools measured, speech and silences modelled."""

import json
from collections.abc import Iterator, Sequence
from typing import Final

from evals.latency.profile import Profile
from evals.latency.silence import Silence, Work
from evals.latency.timeline import Kind, Origin, Stretch
from evals.records import ToolCallRecord, TurnRecord

CHARACTERS_A_TOKEN: Final = 4.0
"""Of English dialogues, with o200k and cl100k alike; for tool calls, of which nobody tells more."""

_STEPS: Final = {
    "check_availability": "check",
    "verify_name": "name",
    "book": "booking",
    "reschedule": "moving",
    "cancel": "cancelling",
    "find_booking": "finding",
    "request_callback": "call back",
}


def call(turns: Sequence[TurnRecord], silence: Silence, profile: Profile) -> list[Stretch]:
    """What a caller would have lived through.

    Args:
        turns: As recorded; the first is the greeting, before which nothing is waited for.
        silence: Between turns.
        profile: For the rates of speech.
    """
    return list(_stretches(turns, silence, profile))


def _stretches(
    turns: Sequence[TurnRecord], silence: Silence, profile: Profile
) -> Iterator[Stretch]:
    label = "greeting"
    for number, turn in enumerate(turns):
        if turn.speaker == "caller":
            label = _label(turns, number)
            if not turn.interrupts:
                yield Stretch(Kind.SILENCE, silence.before_caller(), Origin.MODELLED, label)
            yield Stretch(Kind.THINKING, turn.pause_seconds, Origin.MODELLED, label)
            seconds = profile.caller_seconds(turn.text)
            yield Stretch(Kind.CALLER, seconds, Origin.MODELLED, label)
            continue
        if number:
            seconds = silence.before_agent(work_of(turn))
            yield Stretch(Kind.SILENCE, seconds, Origin.MODELLED, label)
        yield Stretch(Kind.TOOLS, tool_seconds(turn), Origin.MEASURED, label)
        yield Stretch(Kind.AGENT, profile.agent_seconds(turn.text), Origin.MODELLED, label)


def _label(turns: Sequence[TurnRecord], number: int) -> str:
    """What the caller's words set off: the last tool that the agent asks for them."""
    answer = next((turn for turn in turns[number + 1 :] if turn.speaker == "agent"), None)
    if answer is None or not answer.tool_calls:
        return "goodbye" if number >= len(turns) - 2 else "talk"
    return _STEPS.get(answer.tool_calls[-1].tool, "goodbye")


def work_of(turn: TurnRecord) -> Work:
    """What the model did for an agent's turn."""
    rounds = max(turn.llm_rounds, 1)
    prompt = turn.tokens.get("prompt_ruler", 0) + turn.tokens.get("tools_ruler", 0)
    return Work(rounds, prompt // rounds, sum(map(_tokens_of, turn.tool_calls)))


def _tokens_of(call: ToolCallRecord) -> int:
    written = json.dumps({"name": call.tool, "arguments": call.arguments}, ensure_ascii=False)
    return round(len(written) / CHARACTERS_A_TOKEN)


def tool_seconds(turn: TurnRecord) -> float:
    """What the tools of a turn took, one after the other: measured."""
    return sum(call.milliseconds for call in turn.tool_calls) / 1000
