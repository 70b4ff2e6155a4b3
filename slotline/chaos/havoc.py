"""What is done to the parts, decided by a seed: the same seed plans the same run."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Act(StrEnum):
    """One nasty thing."""

    KILL_SERVER = "kill_server"
    KILL_WORKER = "kill_worker"
    KILL_POSTGRES = "kill_postgres"
    KILL_REDIS = "kill_redis"
    FAULT = "fault"
    WEBHOOKS = "webhooks"
    WEB_UI = "web_ui"


_WEIGHTS: dict[Act, int] = {
    Act.KILL_SERVER: 4,
    Act.KILL_WORKER: 3,
    Act.KILL_POSTGRES: 1,
    Act.KILL_REDIS: 2,
    Act.FAULT: 10,
    Act.WEBHOOKS: 3,
    Act.WEB_UI: 3,
}

_FAULTS: tuple[dict[str, Any], ...] = (
    {"on": "create_booking", "do": "error_before", "times": 3},
    {"on": "create_booking", "do": "error_after", "times": 3},
    {"on": "create_booking", "do": "drop_answer", "times": 3},
    {"on": "create_booking", "do": "hang", "times": 1, "seconds": 6},
    {"on": "create_booking", "do": "429", "times": 2},
    {"on": "slots", "do": "error_before", "times": 4},
    {"on": "slots", "do": "latency", "times": 4, "seconds": 1},
    {"on": "list", "do": "error_before", "times": 3},
    {"on": "*", "do": "latency", "times": 10, "seconds": 0.5},
)

_WEBHOOK_FAULTS = ("duplicate", "late", "reorder", "lose")


@dataclass(frozen=True, slots=True)
class Deed:
    """An act, after how many seconds, and with what."""

    after_seconds: float
    act: Act
    details: dict[str, Any]
    which: int
    """Picks one of several servers or workers."""


def deeds(dice: random.Random, *, every_seconds: float) -> Iterator[Deed]:
    """An endless plan, a deed every so often."""
    acts, weights = zip(*_WEIGHTS.items(), strict=True)
    while True:
        act = dice.choices(acts, weights)[0]
        match act:
            case Act.FAULT:
                details = dict(dice.choice(_FAULTS))
            case Act.WEBHOOKS:
                details = {"do": dice.choice(_WEBHOOK_FAULTS), "times": dice.randrange(1, 4)}
            case Act.WEB_UI:
                details = {"day": dice.randrange(2, 40), "half_hour": dice.randrange(16, 24)}
            case _:
                details = {}
        yield Deed(dice.expovariate(1 / every_seconds), act, details, dice.randrange(1000))
