"""One turn of the agent: the model speaks, asks tools, hears their replies and speaks again."""

import asyncio
import json
import time
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Protocol

import structlog
from redis.asyncio import Redis

from booking.business import Business
from prompts import receptionist
from server import faults, metrics, reading
from server.agent.model import Message, Model, ModelFailed
from server.agent.past import Kept, Past
from server.agent.pieces import Asked, Begun, Done, Failed, Piece, Text, Usage
from server.agent.prompt import instructions
from server.context import CallerContext, as_texts
from server.traces import NO_TRACES, CallKey, Generation, NoTraces, Traces
from server.unnamed import request_of
from server.wire import CallRef, ToolReply, ToolRequest, Unreadable, WireError
from tools.catalogue import TOOLS, schemas
from tools.words import words_in

_log = structlog.get_logger("slotline.agent")

PLATFORM: Final = "chat"

_MOST_ROUNDS: Final = 5
"""A booking takes two; a model that asks for more is going round."""

_FILLER_AFTER_SECONDS: Final = 0.8
"""A pause that a caller does not notice yet: most replies are there by then."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What the agent shall answer to."""

    business: Business
    call: CallRef | None
    said: Sequence[Message]
    """The conversation so far, without our prompt."""
    now: datetime
    other_tools: Sequence[Mapping[str, Any]] = ()
    """What the platform itself can do, such as ending the call: asked for, but not done here."""

    @property
    def names_of_other_tools(self) -> set[str]:
        return {tool["function"]["name"] for tool in self.other_tools}


@dataclass(slots=True)
class _Account:
    """What a turn has cost."""

    started: float = field(default_factory=time.perf_counter)
    first: float | None = None
    rounds: int = 0
    usage: Usage = field(default_factory=Usage)

    def spoke(self) -> None:
        if self.first is None:
            self.first = time.perf_counter() - self.started


class RunsTools(Protocol):
    """`server.dispatch.Dispatch`, or what an eval puts before it."""

    async def run(self, business: Business, request: ToolRequest, *, now: datetime) -> ToolReply:
        """Answer one tool call; raises `UnknownTool`."""
        ...


class Agent:
    """Answers turns with a model and our tools."""

    def __init__(
        self,
        model: Model,
        *,
        dispatch: RunsTools,
        context: CallerContext,
        redis: "Redis",
        traces: Traces | NoTraces = NO_TRACES,
    ) -> None:
        self.model = model
        self._dispatch = dispatch
        self._context = context
        self._redis = redis
        self._traces = traces
        self._kept = Kept()
        self._working: set[asyncio.Task[tuple[list[Message], list[Done]]]] = set()
        """Tool calls under way; they end also when nobody waits for them any more."""

    def like_this(self, model: Model, dispatch: RunsTools) -> "Agent":
        """The same agent with another model, whose tool calls go another way."""
        return Agent(model, dispatch=dispatch, context=self._context, redis=self._redis)

    async def aclose(self, within_seconds: float = 5.0) -> None:
        """Let tool calls end whose callers have interrupted."""
        if self._working:
            await asyncio.wait(self._working, timeout=within_seconds)

    def past_of(self, business: Business, call: CallRef) -> Past:
        """What the agent remembers of a call."""
        return Past(self._redis, self._kept, business.id, call.platform, call.id)

    async def answer(self, turn: Turn) -> AsyncGenerator[Piece]:
        """Answer one turn.

        Whoever stops listening interrupts: nothing more is said, tools that only read are given up,
        and those that write finish.

        Yields:
            Words and what our tools do, as it comes, then what is asked of the platform's own
            tools, then the tokens.

        Raises:
            NoModel: None is set.
        """
        language = faults.language_of(turn.business, turn.call)
        account = _Account()
        try:
            async for piece in self._speak(turn, language, account):
                if isinstance(piece, Text):
                    account.spoke()
                yield piece
        except ModelFailed as error:
            _log.error("model_failed", why=str(error))
            yield Failed(str(error))
            yield Text(words_in(language).technical_fault)
        yield account.usage
        self._record(turn, language, account)

    async def _speak(self, turn: Turn, language: str, account: _Account) -> AsyncIterator[Piece]:
        past = self.past_of(turn.business, turn.call) if turn.call else None
        position = sum(message.get("role") == "user" for message in turn.said)
        said = await past.woven_into(turn.said) if past else list(turn.said)
        messages = [await self._prompt(turn, language), *said]
        for account.rounds in range(1, _MOST_ROUNDS + 1):
            words, asked = "", list[Asked]()
            async for piece in self._generate(turn, messages, account):
                if isinstance(piece, Text):
                    words += piece.text
                    yield piece
                else:
                    asked.append(piece)
            ours = [each for each in asked if each.tool not in turn.names_of_other_tools]
            if not ours:
                for each in asked:
                    yield each
                return
            # Ours first: a call that ends with a booking must not end without it.
            work = asyncio.create_task(self._work(turn, words, ours, past, position))
            self._working.add(work)
            work.add_done_callback(self._working.discard)
            try:
                for each in ours:
                    yield Begun(each)
                await asyncio.wait({work}, timeout=_FILLER_AFTER_SECONDS)
                if not work.done() and account.first is None:
                    yield Text(f"{words_in(language).one_moment} ")
                exchange, done = await asyncio.shield(work)
            finally:
                if not any(_writes(each) for each in ours):
                    work.cancel()  # nobody listens: the next question need not wait for it
            messages += exchange
            for ended in done:
                yield ended
        _log.warning("going_round", rounds=account.rounds)
        yield Text(words_in(language).limited)

    async def _generate(
        self, turn: Turn, messages: Sequence[Message], account: _Account
    ) -> AsyncIterator[Text | Asked]:
        """One message of the model."""
        tools = [*schemas("openai"), *turn.other_tools]
        async for piece in self.model.stream(messages, tools):
            match piece:
                case Usage():
                    account.usage += piece
                case Text() | Asked():
                    yield piece

    async def _prompt(self, turn: Turn, language: str) -> Message:
        """Our prompt, and who is on the phone."""
        call = turn.call
        caller, line = (call.caller, call.line) if call else (None, None)
        told = await self._context.of(turn.business, caller, line, language, turn.now)
        return {"role": "system", "content": instructions(turn.business, as_texts(told))}

    async def _work(
        self, turn: Turn, words: str, asked: Sequence[Asked], past: Past | None, position: int
    ) -> tuple[list[Message], list[Done]]:
        """Run what the model asked for; remember and return the exchange."""
        done = await asyncio.gather(*(self._run(turn, each) for each in asked))
        exchange: list[Message] = [
            {
                "role": "assistant",
                "content": words or None,
                "tool_calls": [
                    {
                        "id": each.id,
                        "type": "function",
                        "function": {"name": each.tool, "arguments": each.arguments or "{}"},
                    }
                    for each in asked
                ],
            },
            *(
                {"role": "tool", "tool_call_id": each.asked.id, "content": each.reply}
                for each in done
            ),
        ]
        if past:
            await past.add(position, exchange)
        return exchange, done

    async def _run(self, turn: Turn, asked: Asked) -> Done:
        started = time.perf_counter()
        reply = await self._reply(turn, asked)
        return Done(asked, reply, round((time.perf_counter() - started) * 1000, 1))

    async def _reply(self, turn: Turn, asked: Asked) -> str:
        request = request_of(asked.tool, {}, turn.call, platform=PLATFORM)
        try:
            arguments = reading.arguments(asked.arguments)
            request = request_of(asked.tool, arguments, turn.call, platform=PLATFORM)
            reply = await self._dispatch.run(turn.business, request, now=turn.now)
        except Unreadable as error:
            return json.dumps({"ok": False, "error": error.why})  # the model can mend it
        except WireError as error:
            _log.warning("refused", why=error.why)
            reply = faults.fault(turn.business, request, now=turn.now)
        return reply.line

    def _record(self, turn: Turn, language: str, account: _Account) -> None:
        seconds = time.perf_counter() - account.started
        metrics.agent_turn(account.first, account.usage.prompt, account.usage.completion)
        if turn.call and self._traces.is_on:
            self._traces.put(
                Generation(
                    CallKey(turn.business.id, turn.call.platform, turn.call.id),
                    model=self.model.name,
                    prompt=receptionist(language).digest,
                    ended=time.time(),
                    seconds=seconds,
                    first_seconds=account.first,
                    prompt_tokens=account.usage.prompt,
                    completion_tokens=account.usage.completion,
                    rounds=account.rounds,
                )
            )
        _log.info(
            "agent_turn",
            platform_call=turn.call and turn.call.id,
            model=self.model.name,
            prompt=receptionist(language).digest,
            rounds=account.rounds,
            first_ms=None if account.first is None else round(account.first * 1000, 1),
            ms=round(seconds * 1000, 1),
            prompt_tokens=account.usage.prompt,
            completion_tokens=account.usage.completion,
        )


def _writes(asked: Asked) -> bool:
    tool = TOOLS.get(asked.tool)
    return tool is not None and tool.writes
