"""How long to wait before trying again."""

import random
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Backoff:
    """Twice as long after each failure, up to a limit.

    A random part of up to a half is left off, so that what failed together does not come back
    together.
    """

    first: timedelta
    longest: timedelta

    def after(self, failures: int) -> timedelta:
        """The pause after this many failures in a row; the first one counts as 1."""
        doubled: timedelta = self.first * (1 << min(max(failures - 1, 0), 30))
        return min(doubled, self.longest) * random.uniform(0.5, 1.0)  # noqa: S311 - no secret
