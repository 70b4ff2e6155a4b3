"""A call as it went before: the documented parts, put in a row and played in our simulation.

What was documented is used as it stands, as ranges; what was not (who says what in between) is
assumed and named so. The result is printed beside the figure that was reported, and not fitted.
"""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Self

from pydantic import BaseModel, ConfigDict

import toml_files
from evals.latency.profile import Profile
from evals.latency.silence import Silence, Work
from evals.latency.timeline import Kind, Origin, Stretch

_FILE: Final = Path(__file__).with_name("old_flow.toml")

FLOOR_SECONDS: Final = (19.0, 23.0)
"""A minimal dialogue, said without a pause for tools: nobody can be faster."""

_Range = tuple[float, float]


class _Documented(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    start_seconds: _Range
    name_rounds: tuple[int, int]
    name_round_seconds: _Range
    check_seconds: _Range
    booking_seconds: _Range
    thinking_seconds: _Range
    prompt_kilobytes: _Range


class _Assumed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    greeting: str
    wish: str
    offer: str
    choice: str
    read_back: str
    yes: str
    booked: str
    goodbye: str
    farewell: str
    questions: tuple[tuple[str, str], ...]
    characters_a_token: float
    call_tokens: int


class OldFlow(BaseModel):
    """What is known about the flow before."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reported_seconds: float
    reported_gap_seconds: float
    documented: _Documented
    assumed: _Assumed

    @classmethod
    def read(cls) -> Self:
        """What the file says."""
        return toml_files.read(_FILE, cls)

    def documented_alone(self, rng: random.Random | None = None) -> float:
        """Seconds of the documented parts, without a word or a gap around them."""
        known, drawn = self.documented, _Dice(rng)
        rounds = drawn.count(known.name_rounds)
        return (
            drawn.seconds(known.start_seconds)
            + sum(drawn.seconds(known.name_round_seconds) for _ in range(rounds))
            + drawn.seconds(known.check_seconds)
            + drawn.seconds(known.booking_seconds)
            + drawn.seconds(known.thinking_seconds)
        )

    def call(
        self, silence: Silence, profile: Profile, rng: random.Random | None = None
    ) -> list[Stretch]:
        """One call. An unknown caller and a known one alike: nothing says that it knew anybody.

        Args:
            silence: Between turns.
            profile: For the rates of speech.
            rng: Draws from the documented ranges; without it everything takes its middle.
        """
        return list(_Playing(self, silence, profile, _Dice(rng)).call())


class _Dice:
    """Draws from ranges, or takes their middle."""

    def __init__(self, rng: random.Random | None) -> None:
        self._rng = rng

    def seconds(self, bounds: _Range) -> float:
        low, high = bounds
        return self._rng.uniform(low, high) if self._rng else (low + high) / 2

    def count(self, bounds: tuple[int, int]) -> int:
        low, high = bounds
        return self._rng.randint(low, high) if self._rng else round((low + high) / 2)


class _Playing:
    """The parts in their order."""

    def __init__(self, flow: OldFlow, silence: Silence, profile: Profile, dice: _Dice) -> None:
        self._known, self._flow = flow.documented, flow
        self._words = flow.assumed
        self._silence, self._profile, self._dice = silence, profile, dice
        characters = dice.seconds(flow.documented.prompt_kilobytes) * 1000
        self._prompt_tokens = round(characters / flow.assumed.characters_a_token)

    def call(self) -> Iterator[Stretch]:
        words, known = self._words, self._known
        yield self._tools(known.start_seconds, "silent start")
        yield self._said(Kind.AGENT, words.greeting, "greeting")
        yield from self._answer(words.wish, "wish")
        for question, answer in words.questions:
            yield from self._agent(question, "questions")
            yield from self._answer(answer, "questions")
        yield from self._agent(words.offer, "check", tools=known.check_seconds)
        yield from self._answer(words.choice, "check")
        yield from self._naming()
        yield from self._agent(words.read_back, "read-back")
        thinking = self._dice.seconds(known.thinking_seconds)
        yield Stretch(Kind.THINKING, thinking, Origin.DOCUMENTED, "read-back")
        yield from self._answer(words.yes, "read-back")
        yield from self._agent(words.booked, "booking", tools=known.booking_seconds)
        yield from self._answer(words.goodbye, "goodbye")
        yield from self._agent(words.farewell, "goodbye")

    def _naming(self) -> Iterator[Stretch]:
        """Rounds as documented; the gaps in them become those of this simulation."""
        gaps = 2 * self._flow.reported_gap_seconds
        for _ in range(self._dice.count(self._known.name_rounds)):
            seconds = self._dice.seconds(self._known.name_round_seconds) - gaps
            yield Stretch(Kind.NAMING, seconds, Origin.DOCUMENTED, "name")
            yield self._quiet(self._before_agent(rounds=1), "name")
            yield self._quiet(self._silence.before_caller(), "name")

    def _agent(self, words: str, label: str, tools: _Range | None = None) -> Iterator[Stretch]:
        yield self._quiet(self._before_agent(rounds=2 if tools else 1), label)
        if tools:
            yield self._tools(tools, label)
        yield self._said(Kind.AGENT, words, label)

    def _answer(self, words: str, label: str) -> Iterator[Stretch]:
        yield self._quiet(self._silence.before_caller(), label)
        yield self._said(Kind.CALLER, words, label)

    def _before_agent(self, *, rounds: int) -> float:
        call_tokens = self._words.call_tokens * (rounds - 1)
        return self._silence.before_agent(Work(rounds, self._prompt_tokens, call_tokens))

    def _said(self, kind: Kind, words: str, label: str) -> Stretch:
        profile = self._profile
        rate = profile.agent_seconds if kind is Kind.AGENT else profile.caller_seconds
        return Stretch(kind, rate(words), Origin.MODELLED, label)

    def _quiet(self, seconds: float, label: str) -> Stretch:
        return Stretch(Kind.SILENCE, seconds, Origin.MODELLED, label)

    def _tools(self, bounds: _Range, label: str) -> Stretch:
        return Stretch(Kind.TOOLS, self._dice.seconds(bounds), Origin.DOCUMENTED, label)
