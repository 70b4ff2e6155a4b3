"""The table `[caller]` of a scenario: who rings, what for, and how."""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Rule(_Table):
    """What the caller does when the agent does something."""

    when: str
    say: str
    once: bool = False


class Script(_Table):
    """What a caller wants and does; blanks such as `{person}` are filled for each trial."""

    number: Literal["known", "unknown", "hidden"] = "unknown"
    """`known`: the business has `name` under it."""
    name: str = "{person}"
    goal: str
    """For people, and for a model that plays the caller."""
    rules: tuple[Rule, ...] = ()
