"""`slotline tools`: every tool as a model receives it, and what that costs on each turn."""

import json

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tools.catalogue import TOOLS, schemas

MOST_CHARACTERS = 2_400
"""Of all tools together: a model reads them anew on every turn, while a caller waits."""


def characters(schema: object) -> int:
    """Length as sent: compact JSON."""
    return len(json.dumps(schema, ensure_ascii=False, separators=(",", ":")))


def print_schemas(console: Console, wrapped_for: str) -> None:
    """Print the schemas as JSON, to be pasted or piped to where a platform wants them.

    Raises:
        ValueError: No such platform.
    """
    text = json.dumps(schemas(wrapped_for), ensure_ascii=False, indent=2)
    console.print(text, markup=False, highlight=False, soft_wrap=True)


def print_overview(console: Console) -> None:
    """Print the tools with their arguments and lengths, and the sum against the limit."""
    total = characters(schemas())
    table = Table(
        box=None, pad_edge=False, header_style="dim", footer_style="bold", show_footer=True
    )
    table.add_column("tool", style="bold")
    table.add_column("what a model reads", f"all together, of at most {MOST_CHARACTERS:,}")
    table.add_column("characters", f"{total:,}", justify="right")
    for tool, schema in zip(TOOLS.values(), schemas(), strict=True):
        table.add_row(tool.name, escape(tool.description), f"{characters(schema):,}")
        required = schema["parameters"].get("required", [])
        for name, argument in schema["parameters"]["properties"].items():
            mark = "*" if name in required else ""
            words = argument.get("description", argument["type"])
            table.add_row("", escape(f"  {name}{mark}: {words}"), "")
    console.print(table, highlight=False)
