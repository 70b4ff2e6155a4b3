"""Faults that the stand-in commits on request."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict

from calcom.sandbox.errors import crash

T = TypeVar("T")
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
    struck: Counter[str] = field(default_factory=Counter)
    """How often each has hit, such as `create_booking: hang`."""

    def strike(self, operation: str) -> Fault | None:
        """The fault that hits this request, if one does; it is used up by that."""
        for fault in self.faults:
            if fault.on in {operation, "*"}:
                self.struck[f"{operation}: {fault.do}"] += 1
                if fault.times is not None:
                    fault.times -= 1
                self.faults = [f for f in self.faults if f.times is None or f.times > 0]
                return fault
        return None


class AnswerDropped(ConnectionError):
    """The connection is to be closed without an answer."""


async def befall(fault: Fault | None, work: Callable[[], Awaitable[T]]) -> T:
    """Do the work, with what the fault does before, after or around it.

    Raises:
        Refusal: 500, on the fault's account or as the work's own.
        AnswerDropped: The work is done, and its answer must not arrive.
    """
    match fault.do if fault else None:
        case "error_before":
            raise crash()
        case "error_after":
            await work()
            raise crash()
        case "drop_answer":
            await work()
            raise AnswerDropped
        case "latency" if fault:
            await asyncio.sleep(fault.seconds or 0.0)
        case "hang" if fault and fault.late:
            await asyncio.sleep(_hang_of(fault))
        case "hang" if fault:
            answer = await work()
            await asyncio.sleep(_hang_of(fault))
            return answer
    return await work()


def _hang_of(fault: Fault) -> float:
    return HANG_SECONDS if fault.seconds is None else fault.seconds
