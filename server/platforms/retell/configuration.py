"""The agent at Retell: its LLM with our prompt and tools, its agent, the numbers that it answers.

Source: retell-sdk 6.2.13, `LlmCreateParams`, `AgentCreateParams`, `PhoneNumberUpdateParams`.
"""

from collections.abc import Mapping
from typing import Any, Final

from server.brief import MODEL, TIMEOUT_SECONDS, Brief

TRANSFER_TOOL: Final = "transfer_call"

Body = dict[str, Any]


def llm(brief: Brief) -> Body:
    """What it knows and can do."""
    return {
        "start_speaker": "agent",
        "begin_message": brief.greeting,
        "general_prompt": brief.prompt,
        "default_dynamic_variables": dict(brief.variables),
        "general_tools": tools(brief),
    }


LLM_AT_FIRST: Final[Body] = {"model": MODEL, "model_temperature": 0}
"""For whoever makes it: the owner may choose otherwise."""


def tools(brief: Brief) -> list[Body]:
    """Ours, and Retell's own for the end of a call and for a human."""
    ending = "Hang up after the caller has said goodbye."
    own: list[Body] = [{"type": "end_call", "name": "end_call", "description": ending}]
    if brief.transfer_number:
        own.append(
            {
                "type": "transfer_call",
                "name": TRANSFER_TOOL,
                "description": "Connect the caller with a person.",
                "transfer_destination": {"type": "predefined", "number": brief.transfer_number},
                "transfer_option": {"type": "cold_transfer"},
            }
        )
    return [*(_tool(brief, schema) for schema in brief.tools), *own]


def agent(brief: Brief, *, llm_id: str) -> Body:
    """How it sounds, and what it tells us of calls."""
    return {
        "agent_name": brief.name,
        "response_engine": {"type": "retell-llm", "llm_id": llm_id},
        "language": brief.locale,
        "timezone": brief.timezone,  # Retell's own default is Los Angeles
        "webhook_url": f"{brief.address}/retell/events",
        "webhook_events": ["call_started", "call_ended", "call_analyzed"],
        "webhook_timeout_ms": 10_000,
        "opt_in_signed_url": True,
        "signed_url_expiration_ms": 86_400_000,
    }


AGENT_AT_FIRST: Final[Body] = {"voice_id": "11labs-Adrian"}
"""Retell wants one; the owner chooses another."""


def phone_number(brief: Brief, *, agent_id: str) -> Body:
    """Who answers, and where the caller is recognised while it rings."""
    return {
        "inbound_agents": [
            {"agent_id": agent_id, "agent_version": "latest_published", "weight": 1}
        ],
        "inbound_webhook_url": f"{brief.address}/retell/inbound",
    }


def _tool(brief: Brief, schema: Mapping[str, Any]) -> Body:
    speaks = schema["name"] in brief.asking_calendar
    filler = {
        "execution_message_type": "static_text",
        "execution_message_description": brief.one_moment,
    }
    return {
        "type": "custom",
        **schema,
        "url": f"{brief.address}/retell/tools",
        "method": "POST",
        "args_at_root": False,  # else the call is missing, and with it the caller
        "speak_during_execution": speaks,
        **(filler if speaks else {}),
        "speak_after_execution": True,
        "timeout_ms": TIMEOUT_SECONDS * 1000,
        "max_retry": 0,
    }
