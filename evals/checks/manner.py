"""How the agent went about it: each of these stands for itself."""

import json
import re
from collections import Counter
from typing import Final

from evals.checks.evidence import Evidence
from evals.records import VerdictRecord
from tools.catalogue import TOOLS

MOST_WORDS: Final = 35
"""A turn of a phone agent that nobody forgets the beginning of; people use 11 to 12."""

_UNSPEAKABLE: Final = {
    "a time as machines write it": re.compile(r"\d{4}-\d\d-\d\d|\dT\d\d:\d\d"),
    "an address of the web": re.compile(r"https?://|www\."),
    "Markdown": re.compile(r"\*\*|__|`|^#+ |^\s*[-*] ", re.MULTILINE),
    "a long number in one piece": re.compile(r"\d{5,}"),
    "an id": re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-|\bslot [A-Z]\b"),
}


def valid_calls(evidence: Evidence) -> VerdictRecord:
    """Only tools that exist were called, with arguments that can be read."""
    found = [
        f"{line} {line.call.tool}: " + ("unreadable" if line.call.unreadable else "no such tool")
        for line in evidence.calls
        if line.call and (line.call.unreadable is not None or line.call.tool not in TOOLS)
    ]
    return VerdictRecord("valid_calls", not found, len(found), "; ".join(found))


def no_repeat(evidence: Evidence) -> VerdictRecord:
    """Nothing is looked up twice in the same words."""
    asked = Counter(
        (line.call.tool, json.dumps(line.call.arguments, sort_keys=True))
        for line in evidence.calls
        if line.call and line.call.tool in TOOLS and not TOOLS[line.call.tool].writes
    )
    found = [f"{tool} {arguments} {n} times" for (tool, arguments), n in asked.items() if n > 1]
    return VerdictRecord("no_repeat", not found, len(found), "; ".join(found))


def repeats_agree(evidence: Evidence) -> VerdictRecord:
    """What the platform asked again was answered as before."""
    found = [f"{tool} was answered in two ways" for tool in evidence.contradictions]
    return VerdictRecord("repeats_agree", not found, len(found), "; ".join(found))


def short_turns(evidence: Evidence) -> VerdictRecord:
    """The agent's turns are short enough to be listened to."""
    lengths = {str(line): len(line.turn.text.split()) for line in evidence.spoken}
    long = [f"{line}: {n} words" for line, n in lengths.items() if n > MOST_WORDS]
    return VerdictRecord("short_turns", not long, max(lengths.values()), "; ".join(long))


def speakable(evidence: Evidence) -> VerdictRecord:
    """A voice can read out all that was said."""
    found = [
        f"{line} has {what}"
        for line in evidence.spoken
        for what, pattern in _UNSPEAKABLE.items()
        if pattern.search(line.turn.text)
    ]
    return VerdictRecord("speakable", not found, len(found), "; ".join(found))


def within_limits(evidence: Evidence) -> VerdictRecord:
    """The call took no more turns and tool calls than the scenario allows."""
    limits = evidence.scenario.expected.limits
    turns = sum(turn.speaker == "agent" for turn in evidence.turns) - 1
    found = []
    if turns > limits.turns:
        found.append(f"{turns} turns, {limits.turns} allowed")
    if len(evidence.calls) > limits.tool_calls:
        found.append(f"{len(evidence.calls)} tool calls, {limits.tool_calls} allowed")
    return VerdictRecord("within_limits", not found, turns, "; ".join(found))
