"""ElevenLabs: tools without an envelope, a token during calls, a signature after them."""

import base64
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.recordings import RecordingStore
from db.states import Direction, Ending
from server.platforms import elevenlabs
from server.wire import NoCall, Refused
from tests.practice import ADA, LINE
from tests.server.platforms.switchboard import Switchboard

_PAYLOADS = Path(__file__).parent / "payloads" / "elevenlabs"


def payload(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((_PAYLOADS / f"{name}.json").read_text("utf-8"))
    return found


def transcription(**about: object) -> dict[str, Any]:
    told = payload("post-call-transcription")
    told["data"]["metadata"]["phone_call"] |= {"external_number": ADA, "agent_number": LINE}
    told["data"]["metadata"] |= about
    return told


# --- the signature ------------------------------------------------------------------------------


def test_the_known_answer_is_accepted_for_five_minutes_in_both_directions() -> None:
    vector = payload("signature-vector")
    secrets = {"elevenlabs_secret": (vector["secret"],)}
    headers, body = {"elevenlabs-signature": vector["header"]}, vector["body"].encode()
    signed_at = datetime.fromtimestamp(vector["timestamp_s"], UTC)
    verify = elevenlabs.events.verify
    for minutes in (-5, 0, 5):
        verify(headers, body, secrets, signed_at + timedelta(minutes=minutes))
    for seconds in (-301, 301):
        with pytest.raises(Refused, match="five minutes"):
            verify(headers, body, secrets, signed_at + timedelta(seconds=seconds))
    with pytest.raises(Refused, match="not of this body"):
        verify(headers, body + b" ", secrets, signed_at)


@given(body=st.binary(), header=st.text())
def test_whatever_comes_is_refused_and_nothing_else(body: bytes, header: str) -> None:
    with pytest.raises(Refused):
        elevenlabs.events.verify(
            {"elevenlabs-signature": header},
            body,
            {"elevenlabs_secret": ("wsec_x",)},
            datetime(2026, 9, 10, tzinfo=UTC),
        )


# --- tools --------------------------------------------------------------------------------------


def test_the_recorded_request_is_read() -> None:
    body = json.dumps(payload("tool-request")).encode()
    (request,) = elevenlabs.tools.parse(body, "check_availability").requests
    assert request.arguments == {"date": "2026-09-14", "service": "checkup"}
    assert request.call
    assert (request.call.id, request.call.caller) == ("conv_0001", "+15555550100")


def test_a_request_without_a_conversation_names_the_setting() -> None:
    with pytest.raises(NoCall, match="system__conversation_id"):
        elevenlabs.tools.parse(b'{"date": "2026-09-14"}', "check_availability")


async def test_whoever_may_come_in_is_always_answered_with_200(switchboard: Switchboard) -> None:
    asked = {"conversation_id": "conv_1", "caller_number": ADA, "called_number": LINE}
    answer = await switchboard.elevenlabs("tools/verify_name", {**asked, "name": "Ada Lindqvist"})
    assert (answer.status_code, answer.json()["status"]) == (200, "identified")
    for body in ({}, {**asked, "conversation_id": 7}):
        answer = await switchboard.elevenlabs("tools/verify_name", body)
        assert (answer.status_code, answer.json()["status"]) == (200, "technical_fault")
    answer = await switchboard.http.post("/v1/praxis/elevenlabs/tools/verify_name", json=asked)
    assert answer.status_code == 401


# --- calls --------------------------------------------------------------------------------------


async def test_the_agent_knows_the_caller_before_the_first_word(switchboard: Switchboard) -> None:
    asked = payload("initiation-request") | {"caller_id": ADA, "called_number": LINE}
    told = (await switchboard.elevenlabs("init", asked)).json()
    assert told["type"] == "conversation_initiation_client_data"
    variables = told["dynamic_variables"]
    assert (variables["known"], variables["name"]) == ("true", "Ada Lindqvist")
    stranger = (await switchboard.elevenlabs("init", {"caller_id": None})).json()
    assert stranger["dynamic_variables"].keys() == variables.keys()


async def test_a_transcription_becomes_one_record(switchboard: Switchboard) -> None:
    for _ in range(2):
        assert (await switchboard.elevenlabs_event(transcription())).json() == {"ok": True}
    await switchboard.settle()
    (call,) = await switchboard.calls()
    assert (call["state"], call["ending"]) == ("ended", "agent_hung_up")
    assert (call["caller_number"], call["direction"]) == (ADA, "inbound")
    assert call["started_at"].startswith("2026-09-10T08:02:00")
    assert call["ended_at"].startswith("2026-09-10T08:04:01")
    assert (float(call["cost_amount"]), call["cost_currency"]) == (0.21, "USD")
    assert call["latency"]["llm"] == {"mean": 370.0, "num": 1}
    turns = await switchboard.turns(call["id"])
    assert [(turn.role, turn.starts_at_ms) for turn in turns] == [("agent", 0), ("caller", 4000)]


async def test_a_workspace_may_leave_the_transcript_out(switchboard: Switchboard) -> None:
    told = transcription()
    del told["data"]["transcript"]
    await switchboard.elevenlabs_event(told)
    await switchboard.settle()
    assert [call["state"] for call in await switchboard.calls()] == ["ended"]


def audio(sound: bytes) -> dict[str, Any]:
    told = payload("post-call-audio")
    told["data"]["full_audio"] = base64.b64encode(sound).decode()
    return told


async def test_the_sound_of_a_call_is_kept(switchboard: Switchboard) -> None:
    """Whether it comes before the transcription or after it, or twice; no table holds it."""
    sound = b"ID3\x04" + os.urandom(23 * 1024 * 1024)
    for told in (audio(sound), transcription(), audio(sound)):
        assert (await switchboard.elevenlabs_event(told)).status_code == 200
        await switchboard.settle()
    (call,) = await switchboard.calls()
    (recording,) = await switchboard.recordings()
    assert (call["state"], call["ended_at"][:19]) == ("ended", "2026-09-10T08:04:01")
    assert (recording["state"], recording["channel"]) == ("stored", "mixed")
    assert (recording["media_type"], recording["size_bytes"]) == ("audio/mpeg", len(sound))
    url = switchboard.practice.settings.recordings.url
    assert url
    assert await RecordingStore.at(url).read(recording["stored_as"], 0, len(sound) + 1) == sound
    kinds = [event["kind"] for event in await switchboard.events()]
    assert kinds == ["post_call_transcription"]


async def test_what_is_sent_as_sound_and_is_none_is_flagged(switchboard: Switchboard) -> None:
    await switchboard.elevenlabs_event(audio(b"<!doctype html>"))
    await switchboard.settle()
    (recording,) = await switchboard.recordings()
    assert (recording["state"], recording["stored_as"]) == ("failed", None)
    assert await switchboard.practice.flags() == ["recording_lost"]


@pytest.mark.parametrize("sound", [None, 7, "not base64!", "SUQz\u00e9"])
async def test_sound_that_cannot_be_read_is_no_recording(
    switchboard: Switchboard, sound: object
) -> None:
    told = audio(b"")
    told["data"]["full_audio"] = sound
    assert (await switchboard.elevenlabs_event(told)).status_code == 400
    assert await switchboard.recordings() == []


async def test_a_platform_is_told_that_its_recording_could_not_be_kept(
    switchboard: Switchboard,
) -> None:
    url = switchboard.practice.settings.recordings.url
    assert url
    folder = Path(url.removeprefix("file://"))
    (folder / str(switchboard.practice.id)).write_text("in the way of a folder")
    answer = await switchboard.elevenlabs_event(audio(b"ID3\x04" + bytes(1000)))
    assert answer.status_code == 503
    assert await switchboard.recordings() == []


async def test_only_so_much_sound_is_taken(switchboard: Switchboard) -> None:
    told = audio(b"ID3\x04" + bytes(25 * 1024 * 1024))
    assert (await switchboard.elevenlabs_event(told)).status_code == 413


def test_a_call_that_never_began_is_over() -> None:
    report = elevenlabs.events.report(json.dumps(payload("call-initiation-failure")).encode())
    assert report
    assert (report.is_over, report.ending, report.end_reason) == (
        True,
        Ending.NOT_CONNECTED,
        "busy",
    )
    assert report.direction is Direction.OUTBOUND
