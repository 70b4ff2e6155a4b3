"""A call rings at an ElevenLabs number: `{caller_id, agent_id, called_number, call_sid}`.

A variable that the agent expects and does not get ends the call, so all are always told.
Source: https://elevenlabs.io/docs/, "Twilio personalization".
"""

import json
from collections.abc import Mapping

from server import reading
from server.adapter import InboundAdapter, InboundCall
from server.brief import Brief
from server.platforms.elevenlabs.credentials import verify_bearer


def parse(body: bytes) -> InboundCall:
    """Who rings whom.

    Raises:
        Unreadable: The body is not JSON, or a number is not text.
    """
    fields = reading.json_object(body)
    return InboundCall(
        caller=reading.number(fields, "caller_id"),
        line=reading.number(fields, "called_number"),
        agent=reading.text(fields, "agent_id"),
    )


def render(_call: InboundCall, known: Mapping[str, str], _brief: Brief | None) -> bytes:
    """What the prompt can use as `{{name}}`, `{{today}}` and so on."""
    answer = {"type": "conversation_initiation_client_data", "dynamic_variables": dict(known)}
    return json.dumps(answer, ensure_ascii=False).encode()


adapter = InboundAdapter("elevenlabs", verify_bearer, parse, render)
