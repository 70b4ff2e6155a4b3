"""Prints the call as it happens, and works out how long it would have lasted on a phone."""

from dataclasses import dataclass, field

from rich.console import Console
from rich.markup import escape

from evals.latency.comparison import TARGET_GAP
from evals.latency.profile import Profile
from slotline.demo.retell import Answered
from slotline.demo.script import ToolCall


@dataclass(slots=True)
class Transcript:
    """What was said, as lines on a terminal, and the clock of the simulated call.

    The clock is that of the evals: rates of speech and their sources are in `evals/latency/`.
    """

    console: Console
    seconds: float = 0.0
    """Speech and gaps are modelled, the tools' time is measured."""
    tool_milliseconds: list[float] = field(default_factory=list)
    _profile: Profile = field(default_factory=Profile.read)

    def agent(self, words: str) -> None:
        self._say("Agent ", "bold cyan", words, self._profile.agent_seconds(words))

    def caller(self, words: str) -> None:
        self._say("Caller", "bold green", words, self._profile.caller_seconds(words))

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

    def _say(self, who: str, style: str, words: str, seconds: float) -> None:
        self.console.print(f"[{style}]{who}[/{style}]  {escape(words)}", highlight=False)
        self.seconds += seconds + TARGET_GAP
