"""What Vapi tells of calls: `status-update` while they go on, `end-of-call-report` after.

Moments are ISO 8601 or milliseconds since 1970, costs US dollars, latencies milliseconds.
Source: https://docs.vapi.ai/, "Server events"; OpenAPI `ServerMessageEndOfCallReport`.
"""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final

from calls.report import CallReport, Cost, RecordingLink, Said
from db.states import Channel, Ending, Role
from server import reading
from server.adapter import EventAdapter, Told
from server.platforms.vapi.credentials import verify
from server.platforms.vapi.message import PLATFORM, call_of, kind_of, message_of
from server.wire import NoCall

_REPORT: Final = "end-of-call-report"
_STATUS: Final = "status-update"

_PASSING: Final = frozenset(
    {
        "assistant.speechStarted",
        "conversation-update",
        "model-output",
        "speech-update",
        "transcript",
        "user-interrupted",
        "voice-input",
    }
)
"""Many in a call, and the report tells all of it again."""

_ROLES: Final = {"bot": Role.AGENT, "assistant": Role.AGENT, "user": Role.CALLER}

_ENDINGS: Final[Mapping[str, Ending]] = {
    "customer-ended-call": Ending.CALLER_HUNG_UP,
    "assistant-ended-call": Ending.AGENT_HUNG_UP,
    "assistant-said-end-call-phrase": Ending.AGENT_HUNG_UP,
    "assistant-ended-call-after-message-spoken": Ending.AGENT_HUNG_UP,
    "assistant-ended-call-with-hangup-task": Ending.AGENT_HUNG_UP,
    "assistant-forwarded-call": Ending.TRANSFERRED,
    "silence-timed-out": Ending.SILENCE,
    "exceeded-max-duration": Ending.TOO_LONG,
    "voicemail": Ending.VOICEMAIL,
    "customer-busy": Ending.NOT_CONNECTED,
    "customer-did-not-answer": Ending.NOT_CONNECTED,
    "customer-did-not-give-microphone-permission": Ending.NOT_CONNECTED,
    "twilio-failed-to-connect-call": Ending.NOT_CONNECTED,
    "vonage-failed-to-connect-call": Ending.NOT_CONNECTED,
}

_LATENCIES: Final = {
    "e2e": "turnLatencyAverage",
    "llm": "modelLatencyAverage",
    "tts": "voiceLatencyAverage",
    "asr": "transcriberLatencyAverage",
    "endpointing": "endpointingLatencyAverage",
}

_PRESIGNED: Final = {
    "presignedMonoUrl": Channel.MIXED,
    "presignedStereoUrl": Channel.SEPARATE,
    "presignedCustomerUrl": Channel.CALLER,
    "presignedAssistantUrl": Channel.AGENT,
}
"""The plain links beside them cannot be followed without the account's own key."""


def read(body: bytes) -> Told | None:
    """Which event of which call it is.

    Raises:
        Unreadable: The body is not JSON or not of Vapi's shape.
        NoCall: It names no call.
    """
    kind, message = kind_of(body), message_of(body)
    if kind in _PASSING:
        return None
    call = call_of(message)
    if call is None:
        raise NoCall("message.call.id is missing")
    match kind:
        case "end-of-call-report":
            key = f"{kind}:{call.id}"
        case "status-update":
            key = f"{kind}:{call.id}:{reading.text(message, 'status')}"
        case _:
            key = f"{kind}:{call.id}:{hashlib.sha256(body).hexdigest()[:32]}"
    return Told(kind, key)


def report(body: bytes) -> CallReport | None:
    """What an event says of its call. Raises as `read` does."""
    kind, message = kind_of(body), message_of(body)
    ref = call_of(message)
    if ref is None:
        raise NoCall("message.call.id is missing")
    is_over = kind == _REPORT or (kind == _STATUS and message.get("status") == "ended")
    if not is_over and not (kind == _STATUS and message.get("status") == "in-progress"):
        return None
    call, artifact = reading.nested(message, "call"), reading.nested(message, "artifact")
    reason = reading.text(message, "endedReason")
    told = reading.entries(artifact, "messages")
    return CallReport(
        platform=PLATFORM,
        platform_call_id=ref.id,
        caller=ref.caller,
        line=ref.line,
        direction=reading.direction(
            call, "type", inbound="inboundPhoneCall", outbound="outboundPhoneCall"
        ),
        started_at=reading.moment(message, "startedAt") or _begun(kind, message),
        ended_at=reading.moment(message, "endedAt"),
        is_over=is_over,
        ending=_ending(reason),
        end_reason=reason,
        turns=list(_turns(told)) if told and kind == _REPORT else None,
        recordings=_recordings(artifact),
        latency=_latency(reading.nested(artifact, "performanceMetrics")),
        cost=_cost(message),
        summary=reading.prose(reading.nested(message, "analysis"), "summary"),
    )


def _begun(kind: str, message: dict[str, object]) -> datetime | None:
    """A status tells when it came about, and a call begins when it is in progress."""
    if kind == _STATUS and message.get("status") == "in-progress":
        return reading.moment(message, "timestamp", per_second=1000)
    return None


def _ending(reason: str | None) -> Ending | None:
    if reason is None:
        return None
    if reason.startswith(("pipeline-error", "call.in-progress.error", "call.start.error")):
        return Ending.FAULT
    return _ENDINGS.get(reason, Ending.OTHER)


def _turns(entries: list[dict[str, object]]) -> Iterator[Said]:
    for entry in entries:
        role = _ROLES.get(str(entry.get("role")))
        said = reading.prose(entry, "message")
        if role and said:
            starts = reading.figure(entry, "secondsFromStart")
            lasts = reading.figure(entry, "duration")
            begins = None if starts is None else round(starts * 1000)
            ends = None if begins is None or lasts is None else begins + round(lasts)
            yield Said(role, said, begins, ends)


def _recordings(artifact: dict[str, object]) -> list[RecordingLink]:
    expires_at = reading.moment(artifact, "presignedUrlsExpiresAt")
    return [
        RecordingLink(channel, url, expires_at)
        for name, channel in _PRESIGNED.items()
        if (url := reading.prose(artifact, name))
    ]


def _latency(metrics: dict[str, object]) -> dict[str, dict[str, float]]:
    return {
        part: {"mean": value}
        for part, name in _LATENCIES.items()
        if (value := reading.figure(metrics, name)) is not None
    }


def _cost(message: dict[str, object]) -> Cost | None:
    dollars = reading.figure(message, "cost")
    return None if dollars is None else Cost(Decimal(str(dollars)), "USD")


adapter = EventAdapter(PLATFORM, verify, read, report)
