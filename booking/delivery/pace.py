"""When to look or to ask again, and when a human should know."""

import random
from datetime import datetime, timedelta
from typing import Final

from booking.bookings import Booking
from booking.errors import ServiceUnavailable
from booking.gate import BreakerOpen
from calcom.errors import CalcomError, RateLimited

LATE_ARRIVAL: Final = timedelta(seconds=30)
"""Cal.com calls calendars, mail and webhooks inside the request, so a booking whose answer was lost
can appear tens of seconds later. Only after that is "not found" an answer."""

LOOK_AGAIN: Final = timedelta(seconds=5)
"""After a lost answer: most have arrived by then."""

_FIRST_PAUSE: Final = timedelta(seconds=20)
_LONGEST_PAUSE: Final = timedelta(minutes=10)
_LONGEST_OUTAGE: Final = timedelta(seconds=30)
"""While Cal.com is down the breaker lets one request a while through, so nobody is spared by longer
pauses; and when it is back, nobody waits for long."""
_SPREAD: Final = timedelta(seconds=3)
"""Over which the wishes come back that have waited for the breaker."""
_JITTER: Final = 0.25
"""Of the pause, more or less: what failed together must not come back together."""

MOST_ATTEMPTS: Final = 8
"""About twenty minutes; from then on a human knows, and we go on trying."""

_LONGEST_WAIT: Final = timedelta(minutes=20)
"""The same for what waits for Cal.com without being tried."""

_NEAR_WAIT: Final = timedelta(minutes=1)

_NEAR: Final = timedelta(hours=1)
"""So soon before its start an unsettled booking needs a human at once."""


def next_attempt(
    booking: Booking, error: CalcomError | ServiceUnavailable | None = None, *, now: datetime
) -> datetime:
    """When to try again what could not be done now, because of `error` if there was one."""
    if isinstance(error, BreakerOpen):
        opens = now + timedelta(seconds=error.retry_after_seconds)
        return opens + _SPREAD * random.uniform(0.0, 1.0)  # noqa: S311
    is_outage = isinstance(error, CalcomError) and error.is_outage
    longest = _LONGEST_OUTAGE if is_outage else _LONGEST_PAUSE
    pause = min(_FIRST_PAUSE * (1 << min(booking.attempts, 16)), longest)
    due_at = now + pause * random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311
    if isinstance(error, RateLimited):
        due_at = max(due_at, now + timedelta(seconds=error.retry_after_seconds))
    return due_at


def needs_a_human(booking: Booking, *, now: datetime) -> bool:
    """Whether it has been unsettled for too long, or its time is too near."""
    starts = min(booking.start_at, booking.wished_start_at or booking.start_at)
    waits = now - booking.updated_at  # since it was wished, or Cal.com was asked
    if booking.attempts >= MOST_ATTEMPTS or waits >= _LONGEST_WAIT:
        return True
    return starts - now < _NEAR and (booking.attempts > 1 or waits >= _NEAR_WAIT)
