"""A call rings at a Vapi number without an assistant: `assistant-request`, answered in 7.5 s.

Source: https://docs.vapi.ai/, "Server events"; OpenAPI `ServerMessageResponseAssistantRequest`.
"""

import json
from collections.abc import Mapping

from server import reading
from server.adapter import InboundAdapter, InboundCall
from server.brief import Brief
from server.platforms.vapi.configuration import transient
from server.platforms.vapi.credentials import verify
from server.platforms.vapi.message import PLATFORM, call_of, message_of
from tools.words import words_in

KIND = "assistant-request"


def parse(body: bytes) -> InboundCall:
    """Who rings whom, and which assistant shall answer if that is settled.

    Raises:
        Unreadable: The body is not JSON or not of Vapi's shape.
    """
    message = message_of(body)
    call = call_of(message)
    return InboundCall(
        caller=call.caller if call else None,
        line=call.line if call else None,
        agent=reading.text(reading.nested(message, "call"), "assistantId")
        or reading.text(reading.nested(message, "phoneNumber"), "assistantId"),
    )


def render(call: InboundCall, known: Mapping[str, str], brief: Brief | None) -> bytes:
    """Who answers, and what the prompt can use as `{{name}}`, `{{today}}` and so on.

    That is the assistant chosen, else ours, else a sentence and no call.
    """
    answer: dict[str, object] = {"assistantOverrides": {"variableValues": dict(known)}}
    if call.agent:
        answer["assistantId"] = call.agent
    elif brief:
        answer["assistant"] = transient(brief)
    else:
        answer = {"error": words_in(known["language"]).technical_fault}
    return json.dumps(answer, ensure_ascii=False).encode()


adapter = InboundAdapter(PLATFORM, verify, parse, render)
