"""One call: a caller and our agent, turn by turn, until somebody hangs up.

The agent is the production's own loop (`server.agent`): our prompt, what is known of the caller,
the tools' schemas and the conversation go to an OpenAI-compatible endpoint; what it asks of tools
goes through the production's dispatch; what they reply goes back to it.
"""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Final

from evals.callers import Caller, Utterance, missed
from evals.line import Line
from evals.records import ToolCallRecord, TurnRecord
from evals.ruler import tokens
from evals.wire import Watch
from evals.world import World
from server.agent.agent import Agent, Turn
from server.agent.model import Message, Model
from server.agent.pieces import Asked, Begun, Done, Failed, Piece, Text, Usage
from server.platforms.retell import llm
from server.wire import CallRef
from tools.words import words_in

MOST_TURNS: Final = 30
"""Nobody stays on the phone for longer."""

_WORDS_A_SECOND: Final = 2.5
"""150 a minute, for either side: enough to let the clock go on as it would."""
_BETWEEN_SECONDS: Final = 1.0


@dataclass(slots=True)
class Conversation:
    """What was said and done in a call."""

    turns: list[TurnRecord] = field(default_factory=list)
    ended_by: str = ""
    """`caller`, `agent`, or `nobody`: it went on for too long."""
    failures: list[str] = field(default_factory=list)
    """Whenever the model gave no answer."""
    facts_told: int = 0
    """Names, days, times and numbers that the caller has said."""
    facts_missed: int = 0
    """Those of them that did not arrive whole."""
    contradictions: list[str] = field(default_factory=list)
    """Tools that answered the same request in two ways."""


async def converse(
    world: World, caller: Caller, model: Model, watch: Watch, *, into: Conversation
) -> None:
    """Let them talk.

    Args:
        world: Where the phone rings.
        caller: Who rings.
        model: What answers, over `watch`.
        watch: Counts what the model is asked.
        into: Filled as the call goes on, so that nothing is lost if it breaks off.

    Raises:
        CallerBrokeRules: The caller has left its script.
    """
    script = world.scenario.caller
    number = None if script.number == "hidden" else world.scenario.number
    line = Line(world.dispatch, world.scenario.platform.repeats)
    agent = world.parts.agent.like_this(model, line)
    call = _Call(world, agent, world.ring(number), line, watch, into)
    words = words_in(world.scenario.language)
    greeting = words.greeting.format(business=world.plan.name)
    call.said_by_agent(greeting)
    utterance = await caller.greet(greeting)
    try:
        for turn in range(1, MOST_TURNS + 1):
            call.said_by_caller(utterance)
            if utterance.hangs_up:
                into.ended_by = "caller"
                return
            if utterance.heard:
                answer = await call.answered()
            else:
                answer = words.still_there
                call.said_by_agent(answer)
            if call.is_over:
                into.ended_by = "agent"
                return
            await world.after_turn(turn)
            utterance = await caller.answer(answer)
        into.ended_by = "nobody"
    finally:
        into.contradictions += line.contradictions
        await agent.aclose()


class _Call:
    """Both sides of the line."""

    def __init__(
        self,
        world: World,
        agent: Agent,
        ref: CallRef,
        line: Line,
        watch: Watch,
        into: Conversation,
    ) -> None:
        self._world = world
        self._agent = agent
        self._ref = ref
        self._line = line
        self._watch = watch
        self._into = into
        self._said: list[Message] = []
        self.is_over = False

    def said_by_agent(self, text: str) -> None:
        """Words that no model has chosen: the greeting, or that somebody is silent."""
        self._into.turns.append(TurnRecord("agent", text, at=self._now()))
        self._said.append({"role": "assistant", "content": text})
        self._time_goes_by(text)

    def said_by_caller(self, utterance: Utterance) -> None:
        """Take down what is said, and what is heard of it."""
        if utterance.interrupts:
            self._cut_off()
        if utterance.text:
            self._world.clock.advance(timedelta(seconds=utterance.pause_seconds))
        self._into.facts_told += len(utterance.facts)
        self._into.facts_missed += missed(utterance.facts, utterance.heard)
        self._into.turns.append(
            TurnRecord(
                "caller",
                utterance.text,
                heard=utterance.heard,
                pause_seconds=utterance.pause_seconds,
                interrupts=utterance.interrupts,
                at=self._now(),
            )
        )
        if utterance.heard:
            self._said.append({"role": "user", "content": utterance.heard})
        self._time_goes_by(utterance.text)

    async def answered(self) -> str:
        """Let the agent answer; returns all that it says."""
        world, before = self._world, len(self._watch.rounds)
        turn = Turn(
            world.business,
            self._ref,
            tuple(self._said),
            world.clock(),
            other_tools=llm.tools(can_transfer=False),
        )
        taking = _Taking(time.perf_counter(), at=self._now())
        async for piece in self._agent.answer(turn):
            taking.take(piece)
            if isinstance(piece, Done):
                await world.after_tool(piece.asked.tool)
        self._into.failures += taking.failures
        self.is_over = taking.ends_call
        rounds = self._watch.rounds[before:]
        record = taking.record(self._line)
        record.tokens.update(
            prompt_ruler=sum(each.prompt_ruler for each in rounds),
            tools_ruler=sum(each.tools_ruler for each in rounds),
        )
        self._into.turns.append(replace(record, llm_rounds=len(rounds)))
        self._said.append({"role": "assistant", "content": record.text})
        self._time_goes_by(record.text)
        return record.text

    def _cut_off(self) -> None:
        """The platform tells the agent only what the caller has let it say."""
        last = self._said[-1]
        if last["role"] == "assistant":
            words = str(last["content"]).split()
            last["content"] = " ".join(words[: len(words) // 2])

    def _time_goes_by(self, text: str) -> None:
        seconds = len(text.split()) / _WORDS_A_SECOND + _BETWEEN_SECONDS
        self._world.clock.advance(timedelta(seconds=seconds))

    def _now(self) -> str:
        return self._world.clock.now.astimezone(self._world.zone).isoformat(timespec="seconds")


@dataclass(slots=True)
class _Taking:
    """Takes down one turn of the agent, piece by piece."""

    began: float
    at: str
    text: str = ""
    written: int = 0
    begun: dict[str, float] = field(default_factory=dict)
    calls: list[ToolCallRecord] = field(default_factory=list)
    usage: Usage = field(default_factory=Usage)
    failures: list[str] = field(default_factory=list)
    ends_call: bool = False

    def take(self, piece: Piece) -> None:
        match piece:
            case Text(text):
                self.text += text
            case Begun(asked):
                self.begun[asked.id] = (time.perf_counter() - self.began) * 1000
            case Done():
                self.calls.append(self._recorded(piece))
                self.written += tokens(piece.asked.arguments)
            case Asked(tool=tool):
                self.ends_call |= tool == llm.END_CALL
            case Failed(why):
                self.failures.append(why)
            case Usage():
                self.usage = piece

    def record(self, line: Line) -> TurnRecord:
        repeated = dict(line.repeated)
        line.repeated.clear()
        return TurnRecord(
            "agent",
            self.text.strip(),
            tool_calls=[replace(each, repeats=repeated.pop(each.tool, 0)) for each in self.calls],
            tokens={
                "prompt": self.usage.prompt,
                "completion": self.usage.completion,
                "completion_ruler": self.written + tokens(self.text),
            },
            at=self.at,
        )

    def _recorded(self, done: Done) -> ToolCallRecord:
        asked = done.asked
        arguments, unreadable = _arguments(asked.arguments)
        return ToolCallRecord(
            asked.tool,
            arguments,
            json.loads(done.reply),
            done.milliseconds,
            at_ms=round(self.begun.get(asked.id, 0.0), 1),
            unreadable=unreadable,
        )


def _arguments(written: str) -> tuple[dict[str, Any], str | None]:
    try:
        read = json.loads(written or "{}")
    except ValueError:
        return {}, written
    return (read, None) if isinstance(read, dict) else ({}, written)


def spoken(turns: Sequence[TurnRecord]) -> list[str]:
    """What the caller has heard, from the greeting on."""
    return [turn.text for turn in turns if turn.speaker == "agent"]
