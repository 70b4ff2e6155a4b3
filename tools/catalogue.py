"""All tools there are, and their schemas in each platform's wrapping."""

from typing import Any

from tools import (
    book,
    cancel,
    check_availability,
    find_booking,
    request_callback,
    reschedule,
    verify_name,
)
from tools.tool import Tool

TOOLS: dict[str, Tool[Any]] = {
    tool.name: tool
    for tool in (
        check_availability.tool,
        verify_name.tool,
        book.tool,
        find_booking.tool,
        reschedule.tool,
        cancel.tool,
        request_callback.tool,
    )
}
"""By name, in the order of a call: models read the list from the top."""

MOST_CHARACTERS = 2_400
"""Of all schemas together, as sent: a model reads them anew on every turn, while a caller waits."""

WRAPPINGS = ("neutral", "openai", "realtime", "responses", "mcp")
"""How platforms want schemas."""


def schemas(wrapped_for: str = "neutral") -> list[dict[str, Any]]:
    """Every tool's schema.

    Args:
        wrapped_for: `neutral` (name, description, parameters), `openai` (Chat Completions'
            `{"type": "function", "function": {...}}`), `realtime` or `responses` (OpenAI's flat
            `{"type": "function", "name": ...}`) or `mcp` (`inputSchema` in place of `parameters`).

    Raises:
        ValueError: No such wrapping.
    """
    plain: list[dict[str, Any]] = [
        {"name": tool.name, "description": tool.description, "parameters": tool.parameters}
        for tool in TOOLS.values()
    ]
    match wrapped_for:
        case "neutral":
            return plain
        case "openai":
            return [{"type": "function", "function": schema} for schema in plain]
        case "realtime" | "responses":
            return [{"type": "function", **schema} for schema in plain]
        case "mcp":
            return [_for_mcp(**schema) for schema in plain]
        case _:
            raise ValueError(
                f"no tool schemas for {wrapped_for!r}: use one of {', '.join(WRAPPINGS)}"
            )


def _for_mcp(name: str, description: str, parameters: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "description": description, "inputSchema": parameters}
