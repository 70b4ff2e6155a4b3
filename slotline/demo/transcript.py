"""Prints the call as it happens, and works out how long it would have lasted on a phone."""

from dataclasses import dataclass, field
from typing import Final

from rich.console import Console
from rich.markup import escape

from slotline.demo.retell import Answered
from slotline.demo.script import ToolCall

AGENT_WORDS_PER_MINUTE: Final = 150
CALLER_WORDS_PER_MINUTE: Final = 160
"""Rates of conversational speech: National Center for Voice and Speech (about 150)."""

GAP_SECONDS: Final = 0.8
"""Silence between two turns: recognition, model and speech synthesis of the platform. Assumed."""


@dataclass(slots=True)
class Transcript:
    """What was said, as lines on a terminal, and the clock of the simulated call."""

    console: Console
    seconds: float = 0.0
    """Speech and gaps are modelled, the tools' time is measured."""
    tool_milliseconds: list[float] = field(default_factory=list)

    def agent(self, words: str) -> None:
        self._say("Agent ", "bold cyan", words, AGENT_WORDS_PER_MINUTE)

    def caller(self, words: str) -> None:
        self._say("Caller", "bold green", words, CALLER_WORDS_PER_MINUTE)

    def tool(self, call: ToolCall, answered: Answered) -> None:
        """A tool call with its arguments, status and milliseconds."""
        self.seconds += answered.milliseconds / 1000
        self.tool_milliseconds.append(answered.milliseconds)
        arguments = ", ".join(f"{name}={value!r}" for name, value in call.arguments.items())
        self.console.print(
            f"        [dim]{call.tool}({escape(arguments)}) -> {answered.reply['status']}"
            f"  {answered.milliseconds:.0f} ms[/dim]",
            highlight=False,
        )

    def _say(self, who: str, style: str, words: str, rate: int) -> None:
        self.console.print(f"[{style}]{who}[/{style}]  {escape(words)}", highlight=False)
        self.seconds += len(words.split()) / rate * 60 + GAP_SECONDS
