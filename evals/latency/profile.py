"""The figures of the turn model that nobody here can measure, with their sources."""

import random
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field

import toml_files

OURS: Final = Path(__file__).with_name("profile.toml")

_Positive = Annotated[float, Field(gt=0)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    what: str
    sources: Annotated[tuple[str, ...], Field(min_length=1)]
    """A figure without a source is a rumour: `assumed` is one, too."""


class Part(_Table):
    """A stretch of silence."""

    median_seconds: _Positive
    sigma: Annotated[float, Field(ge=0)]
    """Of the logarithm."""

    def draw(self, rng: random.Random | None) -> float:
        """Seconds: one of many, or the median where there is no chance."""
        return self.median_seconds * (rng.lognormvariate(0.0, self.sigma) if rng else 1.0)


class Decoding(_Table):
    """Tokens of a tool call that nobody hears."""

    seconds_a_token: _Positive


class Reading(_Table):
    """Tokens of a prompt."""

    seconds_a_thousand_tokens: _Positive


class Speech(_Table):
    """Rates of speech."""

    agent_words_per_minute: _Positive
    caller_words_per_minute: _Positive


class Profile(BaseModel):
    """All that is modelled, and not measured."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    endpointing: Part
    first_token: Part
    first_sound: Part
    transport: Part
    callers_reaction: Part
    decoding: Decoding
    reading: Reading
    speech: Speech

    @classmethod
    def read(cls, path: Path = OURS) -> Self:
        """Read a profile.

        Raises:
            Refused: With every fault that could be found, each with file, line and key.
        """
        return toml_files.read(path, cls)

    @property
    def parts(self) -> Mapping[str, Part]:
        """The silences, by name."""
        return {
            name: part
            for name in type(self).model_fields
            if isinstance(part := getattr(self, name), Part)
        }

    def agent_seconds(self, words: str) -> float:
        """How long a voice says this."""
        return len(words.split()) / self.speech.agent_words_per_minute * 60

    def caller_seconds(self, words: str) -> float:
        """How long a caller says this."""
        return len(words.split()) / self.speech.caller_words_per_minute * 60
