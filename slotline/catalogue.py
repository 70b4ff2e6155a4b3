"""`slotline tools`: what a model reads on each turn, tools and prompts, and what that costs."""

import json

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from prompts import MOST_CHARACTERS as MOST_CHARACTERS_OF_PROMPT
from prompts import receptionist
from tools.catalogue import MOST_CHARACTERS, TOOLS, WRAPPINGS, schemas
from tools.words import WORDS

_CHARACTERS_A_TOKEN = 4
"""Of English prose and JSON. Counting exactly takes the vocabulary of one model, from the network;
other models have others."""


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


def tokens(count: int) -> int:
    """About how many tokens so many characters are: an estimate, not a measurement."""
    return -(-count // _CHARACTERS_A_TOKEN)


def print_overview(console: Console) -> None:
    """Print tools and prompts with their lengths, against their limits."""
    total = characters(schemas())
    widest = max(characters(schemas(wrapping)) for wrapping in WRAPPINGS)
    table = Table(
        box=None, pad_edge=False, header_style="dim", footer_style="bold", show_footer=True
    )
    table.add_column("tool", style="bold")
    table.add_column("what a model reads", f"all together, of at most {MOST_CHARACTERS:,}")
    table.add_column("characters", f"{total:,}", justify="right")
    table.add_column("tokens, about", f"{tokens(total):,}", justify="right")
    for tool, schema in zip(TOOLS.values(), schemas(), strict=True):
        count = characters(schema)
        table.add_row(tool.name, escape(tool.description), f"{count:,}", f"{tokens(count):,}")
        required = schema["parameters"].get("required", [])
        for name, argument in schema["parameters"]["properties"].items():
            mark = "*" if name in required else ""
            words = argument.get("description", argument["type"])
            table.add_row("", escape(f"  {name}{mark}: {words}"), "", "")
    console.print(table, highlight=False)
    console.print(f"In its longest wrapping {widest:,} characters.", highlight=False)
    for language in WORDS:
        prompt = receptionist(language)
        console.print(
            f"Prompt {language}, version {prompt.digest}: {len(prompt.text):,} of at most "
            f"{MOST_CHARACTERS_OF_PROMPT:,} characters, about {tokens(len(prompt.text)):,} tokens.",
            highlight=False,
        )
    console.print(
        f"Tokens are estimated at {_CHARACTERS_A_TOKEN} characters each; German takes more.",
        style="dim",
        highlight=False,
    )
