"""How long answers take."""

import random
from typing import Literal

from pydantic import BaseModel, ConfigDict

_MEDIAN_SECONDS = {
    "slots": 0.09,
    "create_booking": 0.45,
    "reschedule": 0.6,
    "cancel": 0.3,
    "confirm": 0.9,
    "decline": 0.4,
    "list": 0.12,
    "reserve": 0.055,
}
_OTHER_MEDIAN_SECONDS = 0.035
_CALCOM_SIGMA = 0.35


class Latency(BaseModel):
    """A profile; the same seed gives the same sequence of delays."""

    model_config = ConfigDict(extra="forbid")

    profile: Literal["none", "fixed", "lognormal", "calcom"] = "none"
    """`calcom`: log-normal around the medians of a real instance, per operation."""
    seconds: float = 0.2
    """The delay of `fixed`, the median of `lognormal`."""
    sigma: float = 0.5
    """Spread of `lognormal`: sigma of the logarithm."""
    seed: int = 0


class Clockwork:
    """Draws the delays of a profile."""

    def __init__(self, latency: Latency) -> None:
        self._latency = latency
        self._random = random.Random(latency.seed)  # noqa: S311 - delays are no secrets

    def delay(self, operation: str) -> float:
        """Seconds that the next answer of that operation is to take longer."""
        match self._latency.profile:
            case "none":
                return 0.0
            case "fixed":
                return self._latency.seconds
            case "lognormal":
                return self._spread(self._latency.seconds, self._latency.sigma)
            case "calcom":
                median = _MEDIAN_SECONDS.get(operation, _OTHER_MEDIAN_SECONDS)
                return self._spread(median, _CALCOM_SIGMA)

    def _spread(self, median: float, sigma: float) -> float:
        return median * self._random.lognormvariate(0.0, sigma)
