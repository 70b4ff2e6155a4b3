"""The assistant at Vapi, kept there or made for one call, and the numbers that it answers.

A number has no assistant of its own: then Vapi asks us who shall answer, and so tells us who rings.
Source: vapi_server_sdk 3.0.0, `CreateAssistantDto`, `CreateFunctionToolDto`.
"""

from collections.abc import Mapping
from typing import Any, Final

from server.brief import MODEL, TIMEOUT_SECONDS, Brief

TRANSFER_TOOL: Final = "transferCall"

Body = dict[str, Any]

_VOICES: Final = {"de": "de-DE-KatjaNeural", "en": "en-US-AvaNeural"}
_SILENCE_MILLISECONDS: Final = 1_500


def assistant(brief: Brief) -> Body:
    """What it says, knows and can do, and what it tells us of calls."""
    return {
        "name": brief.name,
        "firstMessage": brief.greeting,
        "model": {
            "messages": [{"role": "system", "content": brief.prompt}],
            "tools": tools(brief),
        },
        "server": server(brief),
        "serverMessages": ["tool-calls", "status-update", "end-of-call-report"],
    }


def assistant_at_first(brief: Brief) -> Body:
    """What the owner may choose otherwise."""
    return {
        "model": {"provider": "openai", "model": MODEL, "temperature": 0},
        "transcriber": {"provider": "deepgram", "model": "nova-3", "language": brief.language},
        "voice": {"provider": "azure", "voiceId": _VOICES.get(brief.language, _VOICES["en"])},
    }


def transient(brief: Brief) -> Body:
    """The whole assistant, for one call."""
    body, first = assistant(brief), assistant_at_first(brief)
    return first | body | {"model": first["model"] | body["model"]}


def tools(brief: Brief) -> list[Body]:
    """Ours, and Vapi's own for the end of a call and for a human."""
    own: list[Body] = [{"type": "endCall"}]
    if brief.transfer_number:
        destination = {"type": "number", "number": brief.transfer_number}
        own.append({"type": TRANSFER_TOOL, "destinations": [destination]})
    return [*(_tool(brief, schema) for schema in brief.tools), *own]


def phone_number(brief: Brief) -> Body:
    """Nobody in particular answers: we are asked."""
    return {"assistantId": None, "server": server(brief)}


def server(brief: Brief) -> Body:
    """Where we are, and how Vapi shows who it is."""
    return {
        "url": f"{brief.address}/vapi",
        "timeoutSeconds": TIMEOUT_SECONDS,
        "headers": {"X-Vapi-Secret": brief.secret},
    }


def _tool(brief: Brief, schema: Mapping[str, Any]) -> Body:
    """The caller's number is in the call that Vapi sends along, never in the arguments."""
    speaks = schema["name"] in brief.asking_calendar
    delayed = {"type": "request-response-delayed", "timingMilliseconds": _SILENCE_MILLISECONDS}
    return {
        "type": "function",
        "async": False,
        "function": dict(schema),
        "server": server(brief),
        "messages": [
            # Without one Vapi speaks its own, in English.
            {"type": "request-start", "content": brief.one_moment if speaks else ""},
            *([] if speaks else [delayed | {"content": brief.one_moment}]),
            {"type": "request-failed", "content": brief.technical_fault},
        ],
    }
