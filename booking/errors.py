"""What the booking desk refuses, and what it cannot know yet.

    BookingError
    ├── SlotTaken            that time belongs to somebody else
    ├── AlreadyBooked        this person has another booking at that time
    ├── NotBookable          Cal.com will not take this booking, whoever asks again
    ├── Unchanged            it stands there already
    ├── ChangedMeanwhile     somebody else has moved or cancelled the booking
    ├── BeingChanged         another change of the booking, or its making, is not settled yet
    ├── AlreadyBegun         it has begun or is over
    ├── ServiceUnavailable   the link between a service and Cal.com is broken
    └── CalendarUnavailable  Cal.com cannot be asked right now

Each carries facts; the words for them live in `tools/words/`. Anything else is a bug.
"""

from collections.abc import Sequence
from datetime import datetime

from booking.bookings import Booking


class BookingError(Exception):
    """A foreseen refusal of the booking desk."""


class SlotTaken(BookingError):
    """The time went to someone else between our offer and this attempt."""

    def __init__(self, start: datetime) -> None:
        super().__init__(f"the slot at {start:%Y-%m-%dT%H:%MZ} is taken")
        self.start = start


class AlreadyBooked(BookingError):
    """The attendee has another booking that overlaps the wished time."""

    def __init__(self, bookings: Sequence[Booking]) -> None:
        super().__init__("the attendee has an overlapping booking")
        self.bookings = tuple(bookings)


class NotBookable(BookingError):
    """Cal.com refused for a reason that no other caller and no other attempt would change.

    `reason` is a short word for logs and the booking's `failure`: `too_soon`, `in_the_past`, ...
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"Cal.com refused the booking: {reason}")
        self.reason = reason


class Unchanged(BookingError):
    """The booking stands at the wished start already; nothing was asked of Cal.com."""

    def __init__(self, booking: Booking) -> None:
        super().__init__("the booking stands there already")
        self.booking = booking


class ChangedMeanwhile(BookingError):
    """The booking is not what it was: `booking` is how it stands now, if it still does."""

    def __init__(self, booking: Booking) -> None:
        super().__init__(f"the booking has become {booking.state} by somebody else")
        self.booking = booking


class BeingChanged(BookingError):
    """Something else was asked of this booking and is not settled: the old one stands till then."""

    def __init__(self, booking: Booking) -> None:
        super().__init__(f"the booking is {booking.state}")
        self.booking = booking


class AlreadyBegun(BookingError):
    """The booking has begun or is over, so it can neither be moved nor cancelled."""

    def __init__(self, booking: Booking) -> None:
        super().__init__("the booking has begun")
        self.booking = booking


class ServiceUnavailable(BookingError):
    """The event type does not exist at Cal.com, or our key is refused there.

    `is_known`: so it was when Cal.com was last looked at; it was not asked now.
    """

    def __init__(self, why: str, *, is_known: bool = False) -> None:
        super().__init__(f"the link to Cal.com is broken: {why}")
        self.is_known = is_known


class CalendarUnavailable(BookingError):
    """Cal.com did not answer in time, and nothing that we know is fresh enough to go by."""

    def __init__(self, why: str) -> None:
        super().__init__(f"Cal.com cannot be asked: {why}")
