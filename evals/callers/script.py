"""The table `[caller]` of a scenario: who rings, what for, and how they behave."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from evals.callers.understanding import Act

Choosing = Literal["first", "second", "at first", "at second", "none"]
"""Which of what is offered, and whether it is named by its place or by its time."""

Style = Literal["plain", "hurried", "chatty", "hesitant"]


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Texts = Annotated[tuple[str, ...], BeforeValidator(_listed)]
"""One text, or several of which one is drawn."""


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Rule(_Table):
    """What the caller does instead of what they usually would; the first that applies is taken."""

    when: Act | None = None
    """What the agent's last words want."""
    turn: int | None = Field(default=None, ge=1)
    """Or: the caller's utterance of this number, whatever was said before it."""
    contains: str | None = None
    """Only if the agent says this."""
    times: int = Field(default=1, ge=1)
    say: Texts = ()
    """`<day>` is what `facts` has for it; `<yes>`, `<no>`, `<bye>` and `<opening>` are said as they
    usually are. Left out: silence."""
    choose: Choosing | None = None
    """From now on."""
    hear: Texts | None = None
    """From now on, what a read-back must contain."""
    facts: Mapping[str, str] = {}
    """From now on."""
    pause_seconds: float = Field(default=0.0, ge=0)
    interrupts: bool = False
    hangs_up: bool = False

    @model_validator(mode="after")
    def _applies(self) -> Self:
        if (self.when is None) == (self.turn is None):
            raise ValueError("needs `when` or `turn`, not both")
        return self


class Script(_Table):
    """What a caller wants and does; blanks such as `{person}` are filled for each trial."""

    number: Literal["known", "unknown", "hidden"] = "unknown"
    """`known`: the business has `name` under it."""
    name: str = "{person}"
    goal: str
    """For people, and for a model that plays the caller."""
    opening: Annotated[Texts, Field(min_length=1)]
    facts: Mapping[str, str] = {}
    """What they say when asked for it: `service`, `day`, `time`, `either` of two days, `number`,
    `which` of several, the `letters` of a name that is asked for again. Others are for rules."""
    style: Style = "plain"
    choose: Choosing = "first"
    hear: Texts = ()
    """What a read-back must contain for a yes."""
    call_back: bool = True
    """Whether they agree when a call back is offered."""
    retries: int = Field(default=2, ge=0)
    """How often they let something be tried again that failed."""
    patience: int = Field(default=14, ge=1)
    """After so many utterances they hang up."""
    rules: tuple[Rule, ...] = ()
