"""What ElevenLabs tells after a call: its transcription, its audio, or why it never began.

`{"type": str, "event_timestamp": seconds, "data": {...}}`; times are seconds, rounded to whole ones
in transcripts.
Source: https://elevenlabs.io/docs/, "Post-call webhooks"; elevenlabs 2.78.0.
"""

import statistics
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from calls.report import CallReport, Cost, Said, Sound
from db.states import Channel, Direction, Ending, Role
from server import reading
from server.adapter import EventAdapter, Told
from server.platforms.elevenlabs.credentials import verify_signature
from server.wire import NoCall, Unreadable

PLATFORM: Final = "elevenlabs"

_SOUND: Final = "post_call_audio"
_ROLES: Final = {"agent": Role.AGENT, "user": Role.CALLER}
_LATENCIES: Final = {
    "llm": "convai_llm_service_ttfb",
    "llm_sentence": "convai_llm_service_ttf_sentence",
    "tts": "convai_tts_service_ttfb",
}


def read(body: bytes) -> Told:
    """Which event of which call it is.

    Raises:
        Unreadable: The body is not JSON or not of ElevenLabs' shape.
        NoCall: It names no conversation.
    """
    kind, conversation_id, _ = _parts(body)
    return Told(kind, f"{kind}:{conversation_id}", is_sound=kind == _SOUND)


def report(body: bytes) -> CallReport | None:
    """What an event says of its call. Raises as `read` does."""
    kind, conversation_id, told = _parts(body)
    match kind:
        case "post_call_transcription":
            return _transcription(conversation_id, told)
        case "call_initiation_failure":
            return CallReport(
                platform=PLATFORM,
                platform_call_id=conversation_id,
                direction=Direction.OUTBOUND,
                is_over=True,
                ending=Ending.NOT_CONNECTED,
                end_reason=reading.text(told, "failure_reason"),
            )
        case _ if kind == _SOUND:
            return CallReport(
                platform=PLATFORM,
                platform_call_id=conversation_id,
                is_over=True,
                sound=Sound(Channel.MIXED, _sound(body)),
            )
        case _:
            return None


def _parts(body: bytes) -> tuple[str, str, dict[str, object]]:
    fields = reading.json_object(body)
    kind, told = reading.text(fields, "type"), fields.get("data")
    if kind is None or not isinstance(told, dict):
        raise Unreadable("the body has no type, or no data")
    conversation_id = reading.text(told, "conversation_id")
    if conversation_id is None:
        raise NoCall("data.conversation_id is missing")
    return kind, conversation_id, told


class _Audio(BaseModel):
    model_config = ConfigDict(val_json_bytes="base64")

    full_audio: bytes


class _AudioEvent(BaseModel):
    data: _Audio


def _sound(body: bytes) -> bytes:
    """Decoded by pydantic: 25 MB would hold up the event loop for 0.3 s in Python's `base64`."""
    try:
        return _AudioEvent.model_validate_json(body).data.full_audio
    except ValidationError:
        raise Unreadable("data.full_audio is missing, or not base64") from None


def _transcription(conversation_id: str, told: dict[str, object]) -> CallReport:
    about, analysis = reading.nested(told, "metadata"), reading.nested(told, "analysis")
    phone = reading.nested(about, "phone_call")
    started_at = reading.moment(about, "start_time_unix_secs")
    lasted = reading.figure(about, "call_duration_secs")
    entries = reading.entries(told, "transcript")
    reason = reading.prose(about, "termination_reason", at_most=200)
    return CallReport(
        platform=PLATFORM,
        platform_call_id=conversation_id,
        caller=reading.number(phone, "external_number"),
        line=reading.number(phone, "agent_number"),
        language=reading.language(about, "main_language"),
        direction=reading.direction(phone, "direction"),
        started_at=started_at,
        ended_at=started_at + timedelta(seconds=lasted) if started_at and lasted else None,
        is_over=True,
        ending=_ending(reason),
        end_reason=reason,
        turns=list(_turns(entries)) if entries else None,
        latency=_latency(entries),
        cost=_cost(about),
        summary=reading.prose(analysis, "transcript_summary"),
    )


def _ending(reason: str | None) -> Ending | None:
    """The reason is a sentence for people; what is known of it is matched by its words."""
    said = (reason or "").lower()
    if not said:
        return None
    for words, ending in (
        ("end_call tool", Ending.AGENT_HUNG_UP),
        ("transfer", Ending.TRANSFERRED),
        ("voicemail", Ending.VOICEMAIL),
        ("silence", Ending.SILENCE),
        ("max duration", Ending.TOO_LONG),
        ("client disconnected", Ending.CALLER_HUNG_UP),
        ("remote party", Ending.CALLER_HUNG_UP),
        ("call ended by", Ending.CALLER_HUNG_UP),
        ("error", Ending.FAULT),
    ):
        if words in said:
            return ending
    return Ending.OTHER


def _turns(entries: list[dict[str, object]]) -> Iterator[Said]:
    for entry in entries:
        role = _ROLES.get(str(entry.get("role")))
        said = reading.prose(entry, "message")
        if role and said:
            seconds = reading.figure(entry, "time_in_call_secs")
            yield Said(role, said, None if seconds is None else round(seconds * 1000))


def _latency(entries: list[dict[str, object]]) -> dict[str, dict[str, float]]:
    """Means over the turns that have figures, in milliseconds."""
    turns = [
        reading.nested(reading.nested(entry, "conversation_turn_metrics"), "metrics")
        for entry in entries
    ]
    figures: dict[str, list[float]] = {
        part: [
            seconds * 1000
            for turn in turns
            if (seconds := reading.figure(reading.nested(turn, name), "elapsed_time")) is not None
        ]
        for part, name in _LATENCIES.items()
    }
    return {
        part: {"mean": round(statistics.fmean(values), 1), "num": len(values)}
        for part, values in figures.items()
        if values
    }


def _cost(about: dict[str, object]) -> Cost | None:
    dollars, credits_ = reading.figure(about, "cost_fiat"), reading.figure(about, "cost")
    if dollars is not None:
        return Cost(Decimal(str(dollars)), "USD")
    return None if credits_ is None else Cost(Decimal(str(credits_)), "credits")


adapter = EventAdapter(PLATFORM, verify_signature, read, report)
