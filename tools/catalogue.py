"""All tools there are, and their schemas in each platform's wrapping."""

from typing import Any

from tools import book, check_availability, verify_name
from tools.tool import Tool

TOOLS: dict[str, Tool[Any]] = {
    tool.name: tool for tool in (check_availability.tool, verify_name.tool, book.tool)
}
"""By name, in the order of a call: models read the list from the top."""


def schemas(wrapped_for: str = "neutral") -> list[dict[str, Any]]:
    """Every tool's schema.

    Args:
        wrapped_for: `neutral` (name, description, parameters) or `openai` (Chat Completions'
            `{"type": "function", "function": {...}}`).

    Raises:
        ValueError: No such wrapping.
    """
    plain = [
        {"name": tool.name, "description": tool.description, "parameters": tool.parameters}
        for tool in TOOLS.values()
    ]
    match wrapped_for:
        case "neutral":
            return plain
        case "openai":
            return [{"type": "function", "function": schema} for schema in plain]
        case _:
            raise ValueError(f"no tool schemas for {wrapped_for!r}: use neutral or openai")
