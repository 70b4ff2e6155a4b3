"""Free times, and Cal.com's own short holds on them."""

from pydantic import Field

from calcom.shapes.answer import Instant, Shape


class Slot(Shape):
    """A time that `GET /v2/slots?format=range` lists; `end` is exclusive.

    The seats are those of seated event types, `None` otherwise. Full ones are listed too, with
    `seats_remaining` 0; a mere reservation counts as a booked seat.
    """

    start: Instant
    end: Instant
    seats_booked: int | None = None
    seats_remaining: int | None = None
    seats_total: int | None = None


class Reservation(Shape):
    """A hint that hides a slot from everybody's listings, its holder's included. It holds nothing.

    Whoever knows `uid` can move and release it.
    """

    uid: str = Field(alias="reservationUid", repr=False)
    event_type_id: int
    start: Instant = Field(alias="slotStart")
    end: Instant = Field(alias="slotEnd")
    expires_at: Instant = Field(alias="reservationUntil")
