"""The clock of one simulated call: it moves when somebody speaks, and when it is told to."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(slots=True)
class Clock:
    """Stands still until it is moved."""

    now: datetime

    def __call__(self) -> datetime:
        """The present instant, aware UTC."""
        return self.now.astimezone(UTC)

    def advance(self, by: timedelta) -> None:
        """Let time go by."""
        self.now += by
