"""How natural a gap is: the curve of ServiceNow's EVA, which forgives a tool some seconds.

Source: EVA, docs/metrics/turn_taking.md (arXiv 2605.13841).
"""

from typing import Final

_TOO_EARLY_MS: Final = -500.0
_NATURAL_MS: Final = 500.0

LATE_MS: Final = {False: 2750.0, True: 4000.0}
"""A turn is late from here on; with a tool in it, later."""

_GOOD_UNTIL_MS: Final = {False: 2000.0, True: 3000.0}
_LOST_FROM_MS: Final = {False: 3500.0, True: 5000.0}


def gap_score(milliseconds: float, *, with_tool: bool) -> float:
    """From 0 to 1: up from an interruption to half a second, flat, and down again when it drags."""
    if milliseconds <= _NATURAL_MS:
        return max(0.0, (milliseconds - _TOO_EARLY_MS) / (_NATURAL_MS - _TOO_EARLY_MS))
    good, lost = _GOOD_UNTIL_MS[with_tool], _LOST_FROM_MS[with_tool]
    return min(1.0, max(0.0, (lost - milliseconds) / (lost - good)))
