"""Faults that the stand-in commits on request."""

from dataclasses import dataclass, field
from typing import Literal

from pydantic import BaseModel, ConfigDict

Deed = Literal["error_before", "error_after", "drop_answer", "hang", "429", "latency"]
HANG_SECONDS = 30.0


class Fault(BaseModel):
    """What goes wrong, where and how often."""

    model_config = ConfigDict(extra="forbid")

    on: str = "*"
    """An operation as `GET /_sandbox/state` counts them, or `*` for every one."""
    do: Deed
    times: int | None = 1
    """How often; null means until the faults are cleared."""
    seconds: float | None = None
    """How long a hang or the latency lasts; a hang's default is 30."""
    late: bool = False
    """A hang that does its work only after the wait, so that a booking appears late."""


@dataclass
class Mischief:
    """The faults that are still to come, oldest first."""

    faults: list[Fault] = field(default_factory=list)

    def strike(self, operation: str) -> Fault | None:
        """The fault that hits this request, if one does; it is used up by that."""
        for fault in self.faults:
            if fault.on in {operation, "*"}:
                if fault.times is not None:
                    fault.times -= 1
                self.faults = [f for f in self.faults if f.times is None or f.times > 0]
                return fault
        return None


class AnswerDropped(ConnectionError):
    """The connection is to be closed without an answer."""
