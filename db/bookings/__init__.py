"""Bookings: wishes, what became of them, and the queue of those that are not settled yet."""

from db.bookings.changing import begin_cancel, begin_move, settle
from db.bookings.queue import asking, lease_due, postpone
from db.bookings.reading import (
    get,
    live_by_wish,
    of_call,
    of_group,
    upcoming_of_customer,
    upcoming_of_number,
)
from db.bookings.rows import UNSETTLED, BookingRow, LeasedRow, Stand
from db.bookings.wishing import Part, claim_and_add

__all__ = [
    "UNSETTLED",
    "BookingRow",
    "LeasedRow",
    "Part",
    "Stand",
    "asking",
    "begin_cancel",
    "begin_move",
    "claim_and_add",
    "get",
    "lease_due",
    "live_by_wish",
    "of_call",
    "of_group",
    "postpone",
    "settle",
    "upcoming_of_customer",
    "upcoming_of_number",
]
