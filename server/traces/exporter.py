"""Makes spans of records, through Langfuse's SDK, which sends them in batches from its own thread.

Spans are made after the fact, with the times and the ids that they really have: several processes
write one trace. So they are OpenTelemetry's, on a provider of our own that the SDK exports; what
Langfuse reads of them are attributes.
Source of their names: https://langfuse.com/integrations/native/opentelemetry#property-mapping
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from server.traces import veiling
from server.traces.records import CallKey, CallSpan, Generation, Record, Score, SoundSpan, ToolSpan

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.trace import Span

    from server.settings import Langfuse

_TIMEOUT_SECONDS: Final = 2
"""For a batch: a server that takes longer gets the next one."""
_FLUSH_SECONDS: Final = 5.0
_NANOSECONDS: Final = 1_000_000_000


class Exporter:
    """Used by one thread. Importing what it needs takes a second, so it is made there as well."""

    def __init__(self, settings: Langfuse) -> None:
        """Both keys are set."""
        from langfuse import Langfuse as Client  # noqa: PLC0415 - see above
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.id_generator import RandomIdGenerator  # noqa: PLC0415

        class Ids(RandomIdGenerator):
            """Random, but for a root and a recording, whose ids are known before."""

            trace_id: int | None = None
            span_id: int | None = None

            def generate_trace_id(self) -> int:
                return self.trace_id or super().generate_trace_id()

            def generate_span_id(self) -> int:
                return self.span_id or super().generate_span_id()

        if settings.public_key is None or settings.secret_key is None:
            raise ValueError("there are no keys")
        self._ids = Ids()
        self._words = settings.words
        self._provider = TracerProvider(id_generator=self._ids, shutdown_on_exit=False)
        self._client = Client(
            public_key=settings.public_key,
            secret_key=settings.secret_key.get_secret_value(),
            base_url=settings.host,
            environment=settings.environment,
            timeout=_TIMEOUT_SECONDS,
            flush_interval=_FLUSH_SECONDS,
            tracer_provider=self._provider,
            should_export_span=lambda _: True,
        )
        self._tracer = self._provider.get_tracer("slotline")

    def close(self) -> None:
        """Send what is left; it may take as long as the server does."""
        self._client.shutdown()
        self._provider.shutdown()

    def export(self, record: Record) -> None:
        """Make the spans, or the score, of one record."""
        match record:
            case ToolSpan():
                self._tool(record)
            case Generation():
                self._generation(record)
            case CallSpan():
                self._call(record)
            case Score():
                self._score(record)
            case SoundSpan():
                self._sound(record)

    def _tool(self, record: ToolSpan) -> None:
        from opentelemetry.trace import set_span_in_context  # noqa: PLC0415 - is imported by now

        span = self._span(
            record.call,
            record.tool,
            "tool",
            record.ended - record.seconds,
            self._under(record.call),
            input=veiling.fields(record.arguments),
            output=veiling.envelope(record.reply),
            level="DEFAULT" if record.ok else "ERROR",
            status_message=record.status,
        )
        inside = set_span_in_context(span)
        for request in record.requests:
            self._end(
                self._span(
                    record.call,
                    request.endpoint,
                    "span",
                    request.started,
                    inside,
                    status_message=request.became,
                ),
                request.started + request.seconds,
            )
        self._end(span, record.ended)

    def _generation(self, record: Generation) -> None:
        started = record.ended - record.seconds
        first = record.first_seconds
        usage = {"input": record.prompt_tokens, "output": record.completion_tokens}
        span = self._span(
            record.call,
            "turn",
            "generation",
            started,
            self._under(record.call),
            **{
                "model.name": record.model,
                "usage_details": json.dumps(usage),
                "metadata.prompt": record.prompt,
                "metadata.rounds": str(record.rounds),
            },
        )
        if first is not None:
            at = datetime.fromtimestamp(started + first, UTC)
            name = "langfuse.observation.completion_start_time"
            span.set_attribute(name, json.dumps(at.isoformat()))
        self._end(span, record.ended)

    def _call(self, record: CallSpan) -> None:
        from opentelemetry.context import Context  # noqa: PLC0415 - is imported by now

        with self._known(record.call.root_id, trace_id=record.call.trace_id):
            root = self._span(record.call, "call", "agent", record.started, Context())
        told = {
            "call_id": str(record.call_id),
            "business": record.business,
            "language": record.language,
            "ending": record.ending or "",
        }
        for name, value in told.items():
            root.set_attribute(f"langfuse.trace.metadata.{name}", value)
        root.set_attribute("langfuse.trace.tags", (record.business, record.call.platform))
        if record.caller:
            salted = f"{record.call.business_id}/{record.caller}".encode()
            root.set_attribute("user.id", hashlib.sha256(salted).hexdigest()[:16])
        for turn in record.turns:
            text = veiling.speech(turn.text, names=record.names, is_wanted=self._words)
            self._end(
                self._span(
                    record.call,
                    turn.role.value,
                    "span",
                    turn.started,
                    self._under(record.call),
                    output=text,
                ),
                turn.ended,
            )
        self._end(root, record.ended)
        for score in record.scores:
            self._score(score)

    def _sound(self, record: SoundSpan) -> None:
        medium = f"type={record.media_type}|id={record.media_id}|source=bytes"
        with self._known(record.span_id):
            span = self._span(
                record.call,
                "recording",
                "span",
                record.started,
                self._under(record.call),
                output=f"@@@langfuseMedia:{medium}@@@",
                status_message=record.channel.value,
            )
        self._end(span, record.ended)

    @contextmanager
    def _known(self, span_id: int, *, trace_id: int | None = None) -> Iterator[None]:
        self._ids.span_id, self._ids.trace_id = span_id, trace_id
        try:
            yield
        finally:
            self._ids.span_id = self._ids.trace_id = None

    def _score(self, record: Score) -> None:
        self._client.create_score(
            trace_id=f"{record.call.trace_id:032x}",
            score_id=record.id,
            name=record.name,
            value=record.value,
            data_type="CATEGORICAL",
        )

    def _span(
        self,
        call: CallKey,
        name: str,
        kind: str,
        started: float,
        context: Context,
        **observed: Any,
    ) -> Span:
        attributes = {f"langfuse.observation.{key}": value for key, value in observed.items()}
        return self._tracer.start_span(
            name,
            context=context,
            start_time=_nanoseconds(started),
            attributes={
                "langfuse.observation.type": kind,
                "langfuse.trace.name": "phone-call",
                "session.id": f"{call.trace_id:032x}",
                **attributes,
            },
        )

    def _end(self, span: Span, ended: float) -> None:
        span.end(end_time=_nanoseconds(ended))

    def _under(self, call: CallKey) -> Context:
        """The root, which whoever sees the end of the call writes."""
        from opentelemetry.trace import (  # noqa: PLC0415 - is imported by now
            NonRecordingSpan,
            SpanContext,
            TraceFlags,
            set_span_in_context,
        )

        sampled = TraceFlags(TraceFlags.SAMPLED)
        parent = SpanContext(call.trace_id, call.root_id, is_remote=True, trace_flags=sampled)
        return set_span_in_context(NonRecordingSpan(parent))


def _nanoseconds(seconds: float) -> int:
    return int(seconds * _NANOSECONDS)
