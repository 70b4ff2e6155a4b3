"""From a platform's request to a tool's reply: which call, seen before?, run in time, remember."""

import asyncio
import json
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

import structlog
from pydantic import BaseModel, Field

from booking.business import Business, Line
from booking.customers import Customers
from booking.desk import Desk
from booking.errors import BookingError
from calls.log import CallLog
from calls.memory import CallBusy, CallMemory, OpenMemory
from calls.numbers import canonical
from db.calls import ToolCallRow
from db.errors import DatabaseUnavailable
from server import faults, journal, metrics, tally
from server.bookkeeping import Bookkeeper, Entry
from server.tally import Tally
from server.traces import NO_TRACES, CallKey, NoTraces, RequestSpan, ToolSpan, Traces
from server.wire import CallRef, ToolReply, ToolRequest, UnknownTool
from tools.catalogue import TOOLS
from tools.conversation import Conversation, KnownCaller, Person
from tools.refusals import reply_to
from tools.reply import Reply, Status
from tools.tool import Tool, ToolContext
from tools.words import words_in
from tools.words.language import Words

_log = structlog.get_logger("slotline.tool_call")

MARGIN_SECONDS: Final = 0.2
"""What is left of a deadline for rendering and the way back."""

_LEAST_SECONDS: Final = 0.5
"""What even the last of several requests in one body gets."""

_MOST_CALLS: Final = 20
_WITHIN_SECONDS: Final = 60.0
"""A caller takes ten seconds a turn: a model that asks more often than that is going round."""

_REPLIES_KEPT: Final = 16
"""Of tools that read: a platform repeats its last request, not one of minutes ago."""
_DEEDS_KEPT: Final = 5 * _MOST_CALLS
"""Of tools that write: for five minutes a signed request can be sent again by whoever has it."""


class _CallState(BaseModel):
    """A call between two tool calls, as kept by `calls.memory`."""

    id: UUID
    version: int = 0
    """Counts tool calls, so that of two copies the newer is known."""
    caller: str | None = None
    conversation: Conversation
    replies: dict[str, str] = Field(default_factory=dict)
    """Reply lines of tools that read, by the platform's id of the tool call."""
    deeds: dict[str, str] = Field(default_factory=dict)
    """The same of tools that write."""
    asked_at: list[float] = Field(default_factory=list)
    """When the tools of the last minute were called: seconds since the epoch."""

    def may_ask(self, now: datetime) -> bool:
        """Count one more tool call, unless there are too many."""
        since = now.timestamp() - _WITHIN_SECONDS
        self.asked_at = [at for at in self.asked_at if at > since]
        if len(self.asked_at) >= _MOST_CALLS:
            return False
        self.asked_at.append(round(now.timestamp(), 1))
        return True

    def reply_to(self, request_id: str | None) -> str | None:
        """What a request was answered with, if it comes again."""
        return (self.deeds.get(request_id) or self.replies.get(request_id)) if request_id else None

    def remember(self, request_id: str | None, line: str, *, writes: bool) -> None:
        if request_id:
            kept, most = (self.deeds, _DEEDS_KEPT) if writes else (self.replies, _REPLIES_KEPT)
            kept[request_id] = line
            while len(kept) > most:
                del kept[next(iter(kept))]


@dataclass(frozen=True, slots=True)
class _Answer:
    """What goes back, and what the log says of it."""

    status: Status
    ok: bool
    line: str
    call_id: UUID | None = None
    memory: str | None = None
    """What the call remembers after it, as JSON."""
    repeated: bool = False


@dataclass(slots=True)
class _Progress:
    """What a tool call has come to, for when its time is up."""

    call_id: UUID | None = None
    answer: _Answer | None = None
    """What was found before it was kept: it is true, whatever keeping it takes."""


class Dispatch:
    """Runs tool calls. One is built at start-up and serves every business and platform."""

    def __init__(
        self,
        *,
        memory: CallMemory,
        log: CallLog,
        customers: Customers,
        desk: Desk,
        books: Bookkeeper,
        traces: Traces | NoTraces = NO_TRACES,
    ) -> None:
        self._memory = memory
        self._log = log
        self._customers = customers
        self._desk = desk
        self._books = books
        self._traces = traces
        self._late: set[asyncio.Task[_Answer]] = set()
        """Tool calls whose time was up; they end on their own."""

    async def kept(self) -> None:
        """Wait until what is written behind the replies so far is written."""
        await self._books.done()

    async def aclose(self, within_seconds: float = 2.0) -> None:
        """Let late tool calls keep what they found, but not for ever."""
        if self._late:
            await asyncio.wait(self._late, timeout=within_seconds)
        for task in list(self._late):
            task.cancel()
        await asyncio.gather(*self._late, return_exceptions=True)

    async def run(
        self,
        business: Business,
        request: ToolRequest,
        *,
        now: datetime,
        arrived: float | None = None,
    ) -> ToolReply:
        """Answer one tool call before its deadline, whatever happens.

        Args:
            business: Whose tools.
            request: What is asked.
            now: When it arrived, on the calendar's clock.
            arrived: The same on the event loop's clock, in seconds, from which the deadline counts;
                without it from now on.

        Raises:
            UnknownTool: There is no tool of this name.
        """
        tool = TOOLS.get(request.tool)
        if tool is None:
            raise UnknownTool(f"there is no tool {request.tool[:64]!r}")
        started = time.perf_counter()
        with tally.counted() as cost:
            answer = await self._answer(business, tool, request, now=now, arrived=arrived)
        seconds = time.perf_counter() - started
        try:
            self._record(business, request, answer, cost, now=now, seconds=seconds)
        except Exception:  # noqa: BLE001 - the caller must hear what was done, recorded or not
            _log.exception("not_recorded", tool=tool.name)
        return ToolReply(request.id, tool.name, answer.status, answer.line)

    async def _answer(
        self,
        business: Business,
        tool: Tool[Any],
        request: ToolRequest,
        *,
        now: datetime,
        arrived: float | None,
    ) -> _Answer:
        ref = request.call
        line = business.line_of(canonical(ref.line) if ref and ref.line else None)
        words = words_in(faults.language_of(business, ref))
        if ref is None or line is None:
            _log.warning("unknown_line" if ref else "no_call", line=ref and ref.line)
            return _plain(Reply(Status.NOT_PERMITTED, say=words.not_permitted), business, now=now)
        loop = asyncio.get_running_loop()
        begun = loop.time()
        left = (begun if arrived is None else arrived) + tool.seconds - MARGIN_SECONDS - begun
        answer_by = begun + max(left, _LEAST_SECONDS)
        progress = _Progress()
        # A task of its own: what is being cancelled may take its time, the caller's is up.
        task = asyncio.create_task(
            self._in_call(
                business, line, words, tool, request, ref, progress, now=now, answer_by=answer_by
            )
        )
        try:
            await asyncio.wait({task}, timeout=answer_by - loop.time())
            if task.done():
                return task.result()
            _log.error("too_slow", tool=tool.name, answered=progress.answer is not None)
        except CallBusy:
            _log.warning("call_busy")
        except DatabaseUnavailable as error:
            _log.error("database_unavailable", tool=tool.name, why=repr(error))
        except Exception:  # noqa: BLE001 - a caller is waiting: whatever broke, say something
            _log.exception("tool_failed", tool=tool.name)
        finally:
            if not task.done():
                self._leave_behind(task, progress)
        fault = Reply(Status.TECHNICAL_FAULT, say=words.technical_fault, ok=False)
        return progress.answer or _plain(fault, business, now=now, call_id=progress.call_id)

    def _leave_behind(self, task: "asyncio.Task[_Answer]", progress: _Progress) -> None:
        """Let it keep what it found; what has found nothing in time is not wanted any more."""
        if progress.answer is None:
            task.cancel()
        self._late.add(task)
        task.add_done_callback(self._forget)

    def _forget(self, task: "asyncio.Task[_Answer]") -> None:
        self._late.discard(task)
        if not task.cancelled() and (error := task.exception()):
            _log.warning("late_failure", error=repr(error))

    async def _in_call(
        self,
        business: Business,
        line: Line,
        words: Words,
        tool: Tool[Any],
        request: ToolRequest,
        ref: CallRef,
        progress: _Progress,
        *,
        now: datetime,
        answer_by: float,
    ) -> _Answer:
        wait_seconds = tool.seconds / 2
        async with self._memory.open(
            business.id,
            ref.platform,
            ref.id,
            wait_seconds=wait_seconds,
            ends_behind=not tool.writes,
        ) as memory:
            state = _loaded(memory)
            if state is None:
                state = await self._begin(
                    business, line, words, ref, memory, now=now, wait_seconds=wait_seconds
                )
            progress.call_id = state.id
            journal.bind(call=str(state.id))
            if seen := state.reply_to(request.id):
                envelope = json.loads(seen)
                return _Answer(
                    Status(envelope["status"]), envelope["ok"], seen, state.id, repeated=True
                )
            if not state.may_ask(now):
                _log.warning("limited", tool=tool.name)
                limited = Reply(Status.LIMITED, say=words.limited)
                return _plain(limited, business, now=now, call_id=state.id)
            context = ToolContext(
                business=business,
                line=line,
                words=words,
                call_id=state.id,
                caller=state.caller,
                conversation=state.conversation,
                desk=self._desk,
                now=now,
                answer_by=answer_by - MARGIN_SECONDS,
            )
            reply = await _run(tool, request, context)
            text = reply.line(now=context.local(now))
            state.remember(request.id, text, writes=tool.writes)
            state.version += 1
            document = state.model_dump_json()
            answer = _Answer(reply.status, reply.ok, text, state.id, memory=document)
            progress.answer = answer
            memory.replace(state.id, document)
        return answer

    async def _begin(
        self,
        business: Business,
        line: Line,
        words: Words,
        ref: CallRef,
        memory: OpenMemory,
        *,
        now: datetime,
        wait_seconds: float,
    ) -> _CallState:
        """The first message of a call, or Redis has lost it: the database knows, or begins it."""
        self._desk.expect(business, line.timezone, now=now)
        caller = canonical(ref.caller, dialled=line.number)
        begun, on_number = await asyncio.gather(
            self._log.begin(
                business.id,
                platform=ref.platform,
                platform_call_id=ref.id,
                line_id=line.id,
                caller=caller,
                language=words.language,
                now=now,
            ),
            self._customers.on_number(business.id, caller),
        )
        await self._memory.take_over(memory, business.id, begun, wait_seconds=wait_seconds)
        if state := _loaded(memory):
            return state
        known = [
            KnownCaller(
                customer_id=customer.id,
                name=customer.name,
                salutation=customer.salutation,
                is_owner=customer.is_owner,
            )
            for customer in on_number
            if customer.name  # who has a number only is adopted by the first name that is booked
        ]
        owner = next((one for one in known if one.is_owner), None)
        person = owner and Person(
            name=owner.name, customer_id=owner.customer_id, salutation=owner.salutation
        )
        return _CallState(
            id=begun.id,
            caller=caller,
            conversation=Conversation(on_number=known, person=person),
        )

    def _record(
        self,
        business: Business,
        request: ToolRequest,
        answer: _Answer,
        cost: Tally,
        *,
        now: datetime,
        seconds: float,
    ) -> None:
        """One canonical log line, one metric and one row for each tool call."""
        platform = request.call.platform if request.call else "none"
        metrics.tool_call(platform, request.tool, answer.status, seconds)
        _log.info(
            "tool_call",
            tool=request.tool,
            request_id=request.id,
            status=answer.status,
            ok=answer.ok,
            ms=round(seconds * 1000, 1),
            statements=cost.statements,
            statements_ms=round(cost.statement_seconds * 1000, 1),
            repeated=answer.repeated,
        )
        if answer.repeated:
            return
        if request.call and self._traces.is_on:
            call = CallKey(business.id, request.call.platform, request.call.id)
            self._traces.put(
                ToolSpan(
                    call,
                    request.tool,
                    request.arguments,
                    answer.line,
                    answer.status,
                    answer.ok,
                    ended=time.time(),
                    seconds=seconds,
                    requests=[
                        RequestSpan(asked.endpoint, asked.became, asked.started, asked.seconds)
                        for asked in cost.asked
                    ],
                )
            )
        tool_call = ToolCallRow(
            id=uuid4(),
            call_id=answer.call_id,
            request_id=request.id,
            tool=request.tool,
            arguments=request.arguments,
            status=answer.status,
            ok=answer.ok,
            reply=answer.line,
            started_at=now,
            duration_ms=seconds * 1000,
        )
        self._books.put(Entry(business.id, tool_call, answer.memory))


async def _run(tool: Tool[Any], request: ToolRequest, context: ToolContext) -> Reply:
    try:
        return await tool.answer(request.arguments, context)
    except BookingError as error:
        return await reply_to(error, context)


def _loaded(memory: OpenMemory) -> _CallState | None:
    return _CallState.model_validate_json(memory.document) if memory.document else None


def _plain(
    reply: Reply, business: Business, *, now: datetime, call_id: UUID | None = None
) -> _Answer:
    line = reply.line(now=now.astimezone(business.timezone))
    return _Answer(reply.status, reply.ok, line, call_id)
