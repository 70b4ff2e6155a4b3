"""What Retell tells of a call: `{"event": str, "call": {...}}`, the call as far as it has come.

Times are milliseconds since 1970, those of words seconds of audio; costs are US cents.
Source: https://docs.retellai.com/, "Webhook"; retell-sdk 6.2.13, `PhoneCallResponse`.
"""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from calls.report import CallReport, Cost, RecordingLink, Said
from db.states import Channel, Ending, Role
from server import reading
from server.adapter import EventAdapter, Told
from server.platforms.retell.people import people
from server.platforms.retell.signature import verify
from server.wire import NoCall, Unreadable

_ONCE: Final = frozenset({"call_started", "call_ended", "call_analyzed"})
"""Sent once for each call; others are told apart by what they say."""

_OVER: Final = frozenset({"call_ended", "call_analyzed"})

_ROLES: Final = {"agent": Role.AGENT, "user": Role.CALLER}

_RECORDINGS: Final = {
    "recording_url": Channel.MIXED,
    "recording_multi_channel_url": Channel.SEPARATE,
}

_ENDINGS: Final[Mapping[str, Ending]] = {
    "user_hangup": Ending.CALLER_HUNG_UP,
    "user_requested_dnc": Ending.CALLER_HUNG_UP,
    "user_requested_callback": Ending.CALLER_HUNG_UP,
    "agent_hangup": Ending.AGENT_HUNG_UP,
    "call_transfer": Ending.TRANSFERRED,
    "transfer_bridged": Ending.TRANSFERRED,
    "call_take_over": Ending.TRANSFERRED,
    "voicemail_reached": Ending.VOICEMAIL,
    "ivr_reached": Ending.VOICEMAIL,
    "inactivity": Ending.SILENCE,
    "max_duration_reached": Ending.TOO_LONG,
    "dial_busy": Ending.NOT_CONNECTED,
    "dial_failed": Ending.NOT_CONNECTED,
    "dial_no_answer": Ending.NOT_CONNECTED,
    "invalid_destination": Ending.NOT_CONNECTED,
    "user_declined": Ending.NOT_CONNECTED,
    "registered_call_timeout": Ending.NOT_CONNECTED,
    "error_user_not_joined": Ending.NOT_CONNECTED,
    "telephony_provider_permission_denied": Ending.NOT_CONNECTED,
    "telephony_provider_unavailable": Ending.NOT_CONNECTED,
    "sip_routing_error": Ending.NOT_CONNECTED,
    "concurrency_limit_reached": Ending.NOT_CONNECTED,
    "no_concurrency_fallback": Ending.NOT_CONNECTED,
    "marked_as_spam": Ending.NOT_CONNECTED,
    "network_blocked": Ending.NOT_CONNECTED,
}

_SIGNED_FOR: Final = timedelta(hours=24)
"""How long a signed link can be followed, unless the agent is set otherwise."""

_MEASURES: Final = ("p50", "p90", "p95", "p99", "max", "min", "num")
_CENT: Final = Decimal("0.01")


def read(body: bytes) -> Told:
    """Which event of which call it is.

    Raises:
        Unreadable: The body is not JSON or not of Retell's shape.
        NoCall: There is a call, but it has no id.
    """
    kind, call_id, _ = _parts(body)
    key = f"{kind}:{call_id}"
    return Told(kind, key if kind in _ONCE else f"{key}:{hashlib.sha256(body).hexdigest()[:32]}")


def report(body: bytes) -> CallReport:
    """What an event says of its call. Raises as `read` does."""
    kind, call_id, call = _parts(body)
    caller, line = people(call)
    started_at = reading.moment(call, "start_timestamp", per_second=1000)
    ended_at = reading.moment(call, "end_timestamp", per_second=1000)
    reason = reading.text(call, "disconnection_reason")
    analysis = reading.nested(call, "call_analysis")
    told = call.get("transcript_with_tool_calls") or call.get("transcript_object")
    return CallReport(
        platform="retell",
        platform_call_id=call_id,
        caller=caller,
        line=line,
        direction=reading.direction(call, "direction"),
        started_at=started_at,
        ended_at=ended_at,
        is_over=kind in _OVER,
        ending=_ending(reason),
        end_reason=reason,
        turns=list(_turns(reading.entries({"": told}, ""))) if told else None,
        recordings=_recordings(call, ended_at),
        latency=_latency(reading.nested(call, "latency")),
        cost=_cost(reading.nested(call, "call_cost")),
        summary=reading.prose(analysis, "call_summary"),
        sentiment=_sentiment(analysis),
    )


def _parts(body: bytes) -> tuple[str, str, dict[str, object]]:
    fields = reading.json_object(body)
    kind, call = reading.text(fields, "event"), fields.get("call")
    if kind is None or not isinstance(call, dict):
        raise Unreadable("the body has no event, or no call")
    call_id = reading.text(call, "call_id")
    if call_id is None:
        raise NoCall("call.call_id is missing")
    return kind, call_id, call


def _ending(reason: str | None) -> Ending | None:
    if reason is None:
        return None
    return _ENDINGS.get(reason, Ending.FAULT if reason.startswith("error_") else Ending.OTHER)


def _turns(entries: list[dict[str, object]]) -> Iterator[Said]:
    for entry in entries:
        role = _ROLES.get(str(entry.get("role")))
        said = reading.prose(entry, "content")
        if role and said:
            words = reading.entries(entry, "words")
            yield Said(
                role,
                said,
                starts_at_ms=_milliseconds(words[0], "start") if words else None,
                ends_at_ms=_milliseconds(words[-1], "end") if words else None,
            )


def _milliseconds(word: dict[str, object], name: str) -> int | None:
    seconds = reading.figure(word, name)
    return None if seconds is None else round(seconds * 1000)


def _recordings(call: dict[str, object], ended_at: datetime | None) -> list[RecordingLink]:
    signed = call.get("opt_in_signed_url") is True
    expires_at = ended_at + _SIGNED_FOR if ended_at and signed else None
    return [
        RecordingLink(channel, url, expires_at)
        for name, channel in _RECORDINGS.items()
        if (url := reading.prose(call, name))
    ]


def _latency(parts: dict[str, object]) -> dict[str, dict[str, float]]:
    return {
        part: {
            measure: value
            for measure in _MEASURES
            if (value := reading.figure(figures, measure)) is not None
        }
        for part in parts
        if (figures := reading.nested(parts, part))
    }


def _cost(cost: dict[str, object]) -> Cost | None:
    cents = reading.figure(cost, "combined_cost")
    return None if cents is None else Cost(Decimal(str(cents)) * _CENT, "USD")


def _sentiment(analysis: dict[str, object]) -> str | None:
    sentiment = str(analysis.get("user_sentiment")).lower()
    return sentiment if sentiment in {"negative", "neutral", "positive"} else None


adapter = EventAdapter("retell", verify, read, report)
