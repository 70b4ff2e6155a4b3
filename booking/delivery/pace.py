"""When to look or to ask again, and when a human should know."""

import random
from datetime import datetime, timedelta
from typing import Final

from booking.bookings import Booking

LATE_ARRIVAL: Final = timedelta(seconds=30)
"""Cal.com calls calendars, mail and webhooks inside the request, so a booking whose answer was lost
can appear tens of seconds later. Only after that is "not found" an answer."""

LOOK_AGAIN: Final = timedelta(seconds=5)
"""After a lost answer: most have arrived by then."""

_FIRST_PAUSE: Final = timedelta(seconds=20)
_LONGEST_PAUSE: Final = timedelta(minutes=10)
_JITTER: Final = 0.25
"""Of the pause, more or less: what failed together must not come back together."""

MOST_ATTEMPTS: Final = 8
"""About twenty minutes; from then on a human knows, and we go on trying."""

_NEAR: Final = timedelta(hours=1)
"""So soon before its start an unsettled booking needs a human at once."""


def next_attempt(booking: Booking, *, now: datetime) -> datetime:
    """When to try again what could not be done now."""
    pause = min(_FIRST_PAUSE * (1 << min(booking.attempts, 16)), _LONGEST_PAUSE)
    return now + pause * random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311


def needs_a_human(booking: Booking, *, now: datetime) -> bool:
    """Whether it has been unsettled for too long, or its time is too near."""
    starts = min(booking.start_at, booking.wished_start_at or booking.start_at)
    return booking.attempts >= MOST_ATTEMPTS or (booking.attempts > 1 and starts - now < _NEAR)
