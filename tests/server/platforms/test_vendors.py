"""Vendors' own software on the other side: it accepts what we sign, and reads what we answer.

Vapi's takes four seconds to import, which only the process that needs it should pay.
"""

import json
import time
from datetime import UTC, datetime

import pytest
from elevenlabs.client import ElevenLabs
from elevenlabs.errors import BadRequestError
from standardwebhooks.webhooks import Webhook

from server.platforms import elevenlabs
from server.platforms.openai.signature import CREDENTIAL, verify
from tests.server.platforms.switchboard import (
    SECRETS,
    Switchboard,
    elevenlabs_signature,
    standard_webhook,
)
from tests.server.platforms.test_vapi import message

_BODY = '{"type": "post_call_transcription", "note": "Grüße, 你好"}'


def test_elevenlabs_accepts_what_is_signed_here_and_so_do_we() -> None:
    at = int(time.time())
    header = elevenlabs_signature(_BODY.encode(), at=at)
    secret = SECRETS["elevenlabs_secret"]
    webhooks = ElevenLabs(api_key="x").webhooks
    assert webhooks.construct_event(_BODY, header, secret) == json.loads(_BODY)
    secrets, now = {"elevenlabs_secret": (secret,)}, datetime.fromtimestamp(at, UTC)
    elevenlabs.events.verify({"elevenlabs-signature": header}, _BODY.encode(), secrets, now)
    with pytest.raises(BadRequestError):
        webhooks.construct_event(_BODY + " ", header, secret)


def test_standard_webhooks_accepts_what_is_signed_here_and_we_what_it_signs() -> None:
    at = datetime.fromtimestamp(int(time.time()), UTC)
    webhook = Webhook(SECRETS[CREDENTIAL])
    webhook.verify(_BODY, standard_webhook(_BODY.encode(), at=int(at.timestamp())))
    headers = {
        "webhook-id": "msg_7",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": webhook.sign("msg_7", at, _BODY),
    }
    verify(headers, _BODY.encode(), {CREDENTIAL: (SECRETS[CREDENTIAL],)}, at)


async def test_vapi_reads_our_answers_to_tool_calls(switchboard: Switchboard) -> None:
    from vapi.types.server_message_response_tool_calls import (  # noqa: PLC0415
        ServerMessageResponseToolCalls,
    )
    from vapi.types.server_message_tool_calls import ServerMessageToolCalls  # noqa: PLC0415

    asked = message("tool-calls-request-string-args")
    ServerMessageToolCalls.model_validate(asked)
    answer = await switchboard.vapi(asked)
    told = ServerMessageResponseToolCalls.model_validate(answer.json())
    assert told.results
    (result,) = told.results
    assert result.tool_call_id == asked["toolCallList"][0]["id"]
    assert result.result
    assert json.loads(result.result)["say"]


async def test_vapi_reads_what_we_know_of_a_call_that_rings(switchboard: Switchboard) -> None:
    from vapi.types.server_message_response_assistant_request import (  # noqa: PLC0415
        ServerMessageResponseAssistantRequest,
    )

    answer = await switchboard.vapi(message("assistant-request"))
    told = ServerMessageResponseAssistantRequest.model_validate(answer.json())
    assert told.assistant_id == "00000000-0000-4000-8000-00000000a001"
    assert told.assistant_overrides
    assert told.assistant_overrides.variable_values
    assert told.assistant_overrides.variable_values["name"] == "Ada Lindqvist"
