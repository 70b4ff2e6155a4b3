"""The agent at ElevenLabs, its tools, and who answers a number.

Source: elevenlabs 2.78.0, `WebhookToolConfigInput`, `ConversationalConfig`,
`AgentPlatformSettingsRequestModel`.
"""

from collections.abc import Mapping
from typing import Any, Final

from server.brief import MODEL, TIMEOUT_SECONDS, Brief

TRANSFER_TOOL: Final = "transfer_to_number"
SECRET_ID: Final = "(id of the secret)"  # noqa: S105 - none
"""Where nobody has made the workspace's secret yet."""

Body = dict[str, Any]

_TRUSTED: Final = {
    "conversation_id": "system__conversation_id",
    "caller_number": "system__caller_id",
    "called_number": "system__called_number",
}
"""What ElevenLabs fills in itself; the model neither sees nor sets it."""


def tools(brief: Brief, *, secret_id: str) -> list[Body]:
    """Ours, each as the workspace keeps it.

    Args:
        brief: What the agent is told.
        secret_id: Of the workspace's secret that holds `Bearer` and our token.
    """
    return [_tool(brief, schema, secret_id) for schema in brief.tools]


def agent(brief: Brief, *, tool_ids: list[str], secret_id: str, webhook_id: str) -> Body:
    """What it says, knows and can do; where callers are recognised, and calls are told of."""
    return {
        "name": brief.name,
        "conversation_config": {
            "agent": {
                "first_message": brief.greeting,
                "language": brief.language,
                "dynamic_variables": {"dynamic_variable_placeholders": dict(brief.variables)},
                "prompt": {
                    "prompt": brief.prompt,
                    "timezone": brief.timezone,
                    "tool_ids": tool_ids,
                    "built_in_tools": _own_tools(brief),
                },
            },
        },
        "platform_settings": {
            "overrides": {"enable_conversation_initiation_client_data_from_webhook": True},
            "workspace_overrides": {
                "conversation_initiation_client_data_webhook": {
                    "url": f"{brief.address}/elevenlabs/init",
                    "request_headers": {"Authorization": {"secret_id": secret_id}},
                },
                "webhooks": {
                    "post_call_webhook_id": webhook_id,
                    "events": ["transcript", "audio", "call_initiation_failure"],
                },
            },
        },
    }


AGENT_AT_FIRST: Final[Body] = {
    "conversation_config": {
        "agent": {"prompt": {"llm": MODEL, "temperature": 0}},
        "tts": {"model_id": "eleven_flash_v2_5"},
    }
}
"""What the owner may choose otherwise; this model speaks other languages than English, too."""


def events_address(brief: Brief) -> str:
    """Where ElevenLabs shall tell of calls, signed."""
    return f"{brief.address}/elevenlabs/events"


def phone_number(*, agent_id: str) -> Body:
    """Who answers."""
    return {"agent_id": agent_id}


def _tool(brief: Brief, schema: Mapping[str, Any], secret_id: str) -> Body:
    parameters = schema["parameters"]
    told = {name: {"type": "string", "dynamic_variable": is_} for name, is_ in _TRUSTED.items()}
    # Everything that the model may set needs a description there.
    asked = {
        name: {"type": one["type"], "description": one.get("description", name)}
        for name, one in parameters["properties"].items()
    }
    return {
        "type": "webhook",
        "name": schema["name"],
        "description": schema["description"],
        "response_timeout_secs": TIMEOUT_SECONDS,
        "pre_tool_speech": "auto" if schema["name"] in brief.asking_calendar else "off",
        # By default a model never hears why a tool failed.
        "tool_error_handling_mode": "passthrough",
        "execution_mode": "immediate",
        "api_schema": {
            "url": f"{brief.address}/elevenlabs/tools/{schema['name']}",
            "method": "POST",
            "content_type": "application/json",
            "request_headers": {"Authorization": {"secret_id": secret_id}},
            "request_body_schema": {
                "type": "object",
                "required": [*parameters.get("required", []), *_TRUSTED],
                "properties": asked | told,
            },
        },
    }


def _own_tools(brief: Brief) -> Body:
    """ElevenLabs' own for the end of a call and for a human; `None` switches one off."""
    ending = {"type": "system", "name": "end_call", "params": {"system_tool_type": "end_call"}}
    if brief.transfer_number is None:
        return {"end_call": ending, TRANSFER_TOOL: None}
    transfer = {
        "transfer_destination": {"type": "phone", "phone_number": brief.transfer_number},
        "condition": 'The caller wants a person, and open is "true".',
        "transfer_type": "conference",
    }
    return {
        "end_call": ending,
        TRANSFER_TOOL: {
            "type": "system",
            "name": TRANSFER_TOOL,
            "params": {"system_tool_type": TRANSFER_TOOL, "transfers": [transfer]},
        },
    }
