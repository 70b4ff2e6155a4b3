"""What is done to the parts, decided by a seed: the same seed plans the same run."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final


class Act(StrEnum):
    """One nasty thing."""

    KILL_SERVER = "kill server"
    KILL_WORKER = "kill worker"
    KILL_POSTGRES = "kill postgres"
    KILL_REDIS = "kill redis"
    WIPE_REDIS = "wipe redis"
    FAULT = "fault"
    POST = "post"
    WEB_BOOK = "web book"
    WEB_MOVE = "web move"
    WEB_CANCEL = "web cancel"


_EVERY_SECONDS: Final[Mapping[Act, float]] = {
    Act.KILL_SERVER: 9.0,
    Act.KILL_WORKER: 12.0,
    Act.KILL_POSTGRES: 35.0,
    Act.KILL_REDIS: 22.0,
    Act.WIPE_REDIS: 6.0,  # which closes the circuit breaker too: else few faults would ever hit
    Act.FAULT: 2.0,
    Act.POST: 4.0,
    Act.WEB_BOOK: 6.0,
    Act.WEB_MOVE: 7.0,
    Act.WEB_CANCEL: 10.0,
}
"""A part is up again after three to five seconds on two cores: it must be up most of the time."""

FAULTS: Final[tuple[Mapping[str, Any], ...]] = (
    {"on": "create_booking", "do": "error_before", "times": 1},
    {"on": "create_booking", "do": "error_after", "times": 1},
    {"on": "create_booking", "do": "drop_answer", "times": 1},
    {"on": "create_booking", "do": "hang", "times": 1, "seconds": 6},
    {"on": "create_booking", "do": "hang", "times": 1, "seconds": 5, "late": True},
    {"on": "create_booking", "do": "429", "times": 1},
    {"on": "create_booking", "do": "latency", "times": 4, "seconds": 1},
    {"on": "slots", "do": "error_before", "times": 1},
    {"on": "slots", "do": "latency", "times": 4, "seconds": 1},
    {"on": "list", "do": "error_before", "times": 1},
    {"on": "list", "do": "drop_answer", "times": 1},
    {"on": "*", "do": "latency", "times": 10, "seconds": 0.5},
)
"""One at a time, for the most part: after five failures in a minute nothing is sent any more."""

POST_FAULTS: Final = ("duplicate", "late", "reorder", "lose")

_CALM_SECONDS: Final = 2.0
"""At the beginning, so that there are bookings to be changed."""


@dataclass(frozen=True, slots=True)
class Deed:
    """An act, when, and with what."""

    at_seconds: float
    """After the first caller has rung."""
    act: Act
    details: Mapping[str, Any]
    which: int
    """Picks one of several servers, workers or bookings."""


def plan(dice: random.Random, *, seconds: float) -> list[Deed]:
    """All deeds of a run, in order; each kind of fault comes round before one comes again."""
    faults, post = _Deck(FAULTS, dice), _Deck(POST_FAULTS, dice)
    deeds: list[Deed] = []
    for act, every in _EVERY_SECONDS.items():
        at = _CALM_SECONDS + dice.uniform(0.0, every)
        while at < seconds:
            match act:
                case Act.FAULT:
                    details: Mapping[str, Any] = faults.draw()
                case Act.POST:
                    details = {"do": post.draw(), "times": dice.randrange(1, 4)}
                case Act.WEB_BOOK | Act.WEB_MOVE:
                    details = {"day": dice.randrange(2, 30), "half_hour": dice.randrange(16, 24)}
                case _:
                    details = {}
            deeds.append(Deed(at, act, details, dice.randrange(1000)))
            at += every * dice.uniform(0.5, 1.5)
    return sorted(deeds, key=lambda deed: deed.at_seconds)


class _Deck:
    """Cards that are shuffled again when the last one is drawn."""

    def __init__(self, cards: tuple[Any, ...], dice: random.Random) -> None:
        self._cards = cards
        self._dice = dice
        self._left: list[Any] = []

    def draw(self) -> Any:
        if not self._left:
            self._left = self._dice.sample(self._cards, len(self._cards))
        return self._left.pop()
