"""How we take a call: our prompt, and our tools over MCP, which OpenAI's servers call.

Source: openai 3.54.0, `RealtimeSessionCreateRequest`, `McpTool`.
"""

from typing import Any


def session_for(
    call_id: str,
    *,
    model: str,
    prompt: str,
    mcp_url: str,
    api_key: str,
    caller: str | None,
    language: str,
) -> dict[str, Any]:
    """What `POST /v1/realtime/calls/{call_id}/accept` wants.

    Args:
        call_id: Of the call.
        model: A realtime model.
        prompt: The agent's instructions.
        mcp_url: Where our tools are, as OpenAI reaches them.
        api_key: The business's, for them.
        caller: The person's number, if it can be trusted.
        language: Of the call, as ISO 639-1.
    """
    headers = {"X-Platform": "openai", "X-Call-Id": call_id, "X-Language": language}
    if caller:
        headers["X-Caller"] = caller
    return {
        "type": "realtime",
        "model": model,
        "instructions": prompt,
        "tools": [
            {
                "type": "mcp",
                "server_label": "slotline",
                "server_url": mcp_url,
                "authorization": api_key,
                "headers": headers,
                "require_approval": "never",
            }
        ],
        "tool_choice": "auto",
    }
