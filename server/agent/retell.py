"""One call on Retell's WebSocket: the agent answers what Retell asks, one response at a time."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing, suppress
from datetime import datetime
from functools import partial
from typing import Final

import structlog

from booking.business import Business
from booking.hours import is_open
from calls.numbers import canonical
from server import faults
from server.agent.agent import Agent, Turn
from server.agent.model import Message
from server.agent.pieces import Asked, Begun, Done, Text
from server.platforms.retell import llm
from server.wire import CallRef, Unreadable
from tools.words import words_in
from tools.words.language import Words

_log = structlog.get_logger("slotline.retell_llm")

_DETAILS_WITHIN_SECONDS: Final = 1.0
"""They come right after our first frame; nobody is left in silence for them."""

_MOST_COMPLAINTS: Final = 10
"""Log lines about frames of one call that nobody can read."""

Response = Callable[[int], Awaitable[None]]
"""Speaks the response of an id."""


class LiveCall:
    """A call that is going on."""

    def __init__(
        self,
        agent: Agent,
        business: Business,
        call_id: str,
        *,
        send: Callable[[str], Awaitable[None]],
        clock: Callable[[], datetime],
    ) -> None:
        """`send` sends one frame, or nothing if the line is gone."""
        self._agent = agent
        self._business = business
        self._call = CallRef("retell", call_id)
        self._send = send
        self._clock = clock
        self._is_known = asyncio.Event()
        self._latest = -1
        self._answering: asyncio.Task[None] | None = None
        self._complaints = 0

    async def begin(self) -> None:
        """Say what we would like to be told, and greet the caller."""
        await self._send(llm.config())
        self._respond(llm.GREETING_ID, self._greet)

    async def hear(self, text: str) -> None:
        """Take one frame; whatever is in it, this raises nothing."""
        try:
            frame = llm.read(text)
        except Unreadable as error:
            self._complain("frame_unreadable", error.why)
            return
        match frame:
            case llm.Ping():
                await self._send(llm.pong(frame))
            case llm.Details(call=call) if call.id == self._call.id:
                self._call = call
                self._is_known.set()
            case llm.Details():
                self._complain("details_of_another_call", "call.call_id is not that of the path")
            case llm.Wanted(response_id=response_id, said=said):
                self._respond(response_id, partial(self._answer, said))
            case llm.Silence(response_id=response_id):
                self._respond(response_id, self._remind)
            case llm.Told():
                pass

    async def end(self) -> None:
        """The line is gone: nothing more is said. What tools have begun they finish."""
        if self._answering:
            self._answering.cancel()
            with suppress(asyncio.CancelledError):
                await self._answering

    def _respond(self, response_id: int, response: Response) -> None:
        """Speak, in place of any earlier response; one that comes late is not wanted any more."""
        if response_id <= self._latest:
            return
        self._latest = response_id
        if self._answering:
            self._answering.cancel()
        self._answering = asyncio.create_task(self._spoken(response_id, response))

    async def _spoken(self, response_id: int, response: Response) -> None:
        try:
            await response(response_id)
        except Exception:  # noqa: BLE001 - somebody waits on the phone: whatever broke, say so
            _log.exception("response_failed", response_id=response_id)
            apology = self._words.technical_fault
            await self._send(llm.response(response_id, apology, is_last=True))

    async def _greet(self, response_id: int) -> None:
        """The first words, unless this is a line that comes back in the middle of a call."""
        if len({line.language for line in self._business.lines}) > 1:
            await self._details()
        is_new = await self._agent.past_of(self._business, self._call).is_new()
        greeting = self._words.greeting.format(business=self._business.name) if is_new else ""
        await self._send(llm.response(response_id, greeting, is_last=True))

    async def _remind(self, response_id: int) -> None:
        await self._send(llm.response(response_id, self._words.still_there, is_last=True))

    async def _answer(self, said: Sequence[Message], response_id: int) -> None:
        await self._details()
        now = self._clock()
        transfer_to = self._transfer_number(now)
        turn = Turn(
            self._business,
            self._call,
            said,
            now,
            other_tools=llm.tools(can_transfer=transfer_to is not None),
        )
        has_spoken, asked = False, set[str]()
        async with aclosing(self._agent.answer(turn)) as pieces:
            async for piece in pieces:
                match piece:
                    case Text(text):
                        has_spoken = True
                        await self._send(llm.response(response_id, text))
                    case Begun(tool):
                        await self._send(llm.invoked(tool.id, tool.tool, tool.arguments))
                    case Done(asked=tool):
                        await self._send(llm.replied(tool.id, piece.reply, ok=piece.ok))
                    case Asked():
                        asked.add(piece.tool)
        words, then = "", dict[str, object]()
        if llm.TRANSFER in asked:
            words, then = self._words.one_moment, {"transfer_number": transfer_to}
        elif llm.END_CALL in asked:
            words, then = self._words.goodbye, {"end_call": True}
        await self._send(
            llm.response(response_id, "" if has_spoken else words, is_last=True, **then)
        )

    async def _details(self) -> None:
        """Wait until it is known who is on the phone, if that is told at all."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._is_known.wait(), _DETAILS_WITHIN_SECONDS)

    def _transfer_number(self, now: datetime) -> str | None:
        """Where somebody answers now: without one the agent offers to have the caller called."""
        line = self._business.line_of(canonical(self._call.line))
        return self._business.transfer_number if line and is_open(line, now) else None

    @property
    def _words(self) -> Words:
        return words_in(faults.language_of(self._business, self._call))

    def _complain(self, event: str, why: str) -> None:
        self._complaints += 1
        if self._complaints <= _MOST_COMPLAINTS:
            _log.warning(event, why=why)
