"""The addresses of the phone platforms: what each takes, who may come in, what becomes of it."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from booking.directory import Directory
from server.access import Gate
from server.adapter import Adapter, EventAdapter, InboundAdapter
from server.admission import Admission, Admitted
from server.afterwards import Afterwards
from server.agent import chat
from server.agent.agent import PLATFORM, Agent
from server.answering.bringing import Bringing
from server.answering.events import EventAnswers
from server.answering.inbound import InboundAnswers
from server.answering.ringing import Ringing
from server.answering.sorting import Sorted
from server.answering.tools import ToolAnswers
from server.call_events import CallEvents
from server.context import CallerContext
from server.dispatch import Dispatch
from server.door import Answer, Door
from server.platforms import chat as chat_events
from server.platforms import elevenlabs, neutral, openai, retell, vapi
from server.settings import Server


@dataclass(frozen=True, slots=True)
class Doors:
    """Builds the doors over ready parts."""

    settings: Server
    gate: Gate
    directory: Directory
    dispatch: Dispatch
    context: CallerContext
    call_events: CallEvents
    agent: Agent
    afterwards: Afterwards
    clock: Callable[[], datetime]

    def __iter__(self) -> Iterator[tuple[str, Door]]:
        """Each address below `/v1/{business}`, and its door."""
        settings = self.settings
        yield "tools/{tool}", self._tools(neutral.adapter, settings.tool_body_bytes)
        yield "chat/completions", self._chat()
        yield "chat/events", self._events(chat_events.adapter)
        yield "retell/tools", self._tools(retell.tools, settings.platform_body_bytes)
        yield "retell/events", self._events(retell.events)
        yield "retell/inbound", self._inbound(retell.inbound)
        yield "vapi", self._vapi()
        yield "elevenlabs/tools/{tool}", self._tools(elevenlabs.tools, settings.tool_body_bytes)
        yield "elevenlabs/events", self._events_with_sound(elevenlabs.events)
        yield "elevenlabs/init", self._inbound(elevenlabs.inbound)
        yield "openai/webhook", self._ringing()

    @property
    def admission(self) -> Admission:
        return Admission(self.gate, clock=self.clock, body_seconds=self.settings.body_seconds)

    def _tools(self, adapter: Adapter, body_bytes: int) -> Door:
        answer = ToolAnswers(adapter, self.dispatch)
        return self._door(adapter, answer, body_bytes=body_bytes)

    def _events(self, adapter: EventAdapter) -> Door:
        return self._door(
            adapter,
            self._taking(adapter),
            body_bytes=self.settings.event_body_bytes,
            fault_status=503,
        )

    def _events_with_sound(self, adapter: EventAdapter) -> Door:
        seconds = self.settings.audio_body_seconds
        return Door(
            adapter.platform,
            adapter.verify,
            self._taking(adapter),
            admission=Admission(self.gate, clock=self.clock, body_seconds=seconds),
            body_bytes=self.settings.audio_body_bytes,
            fault_status=503,
        )

    def _inbound(self, adapter: InboundAdapter) -> Door:
        answer = InboundAnswers(adapter, self.context)
        return self._door(
            adapter, answer, body_bytes=self.settings.tool_body_bytes, fault_status=503
        )

    def _vapi(self) -> Door:
        """One URL for everything; what is no question is told of the call."""
        bringing = Bringing(
            self.directory,
            public_url=self.settings.public_url,
            credential=vapi.CREDENTIAL,
            transfer_tool=vapi.TRANSFER_TOOL,
        )
        sort = Sorted(
            vapi.kind_of,
            {
                **dict.fromkeys(vapi.TOOL_KINDS, ToolAnswers(vapi.tools, self.dispatch)),
                vapi.INBOUND_KIND: InboundAnswers(vapi.inbound, self.context, brought=bringing),
            },
            otherwise=self._taking(vapi.events),
            platform=vapi.tools.platform,
        )
        return self._door(vapi.tools, sort, body_bytes=self.settings.event_body_bytes)

    def _chat(self) -> Door:
        return Door(
            PLATFORM,
            chat.verify,
            chat.ChatAnswers(self.agent),
            admission=self.admission,
            body_bytes=self.settings.platform_body_bytes,
            fault_status=503,
        )

    def _ringing(self) -> Door:
        ringing = Ringing(
            self.agent,
            context=self.context,
            directory=self.directory,
            public_url=self.settings.public_url,
        )
        take = self._taking(openai.events, then=ringing.take)
        return self._door(
            openai.events, take, body_bytes=self.settings.webhook_body_bytes, fault_status=503
        )

    def _taking(
        self,
        adapter: EventAdapter,
        *,
        then: Callable[[Admitted], Awaitable[None]] | None = None,
    ) -> EventAnswers:
        return EventAnswers(
            adapter, self.call_events, afterwards=self.afterwards, clock=self.clock, then=then
        )

    def _door(
        self,
        adapter: Adapter | EventAdapter | InboundAdapter,
        answer: Answer,
        *,
        body_bytes: int,
        fault_status: int = 200,
    ) -> Door:
        return Door(
            adapter.platform,
            adapter.verify,
            answer,
            admission=self.admission,
            body_bytes=body_bytes,
            fault_status=fault_status,
        )
