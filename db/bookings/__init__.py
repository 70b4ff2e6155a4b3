"""Bookings: wishes, what became of them, and the queue of those that are not settled yet."""

from db.bookings.changing import begin_cancel, begin_move, settle, settle_all, turn_back
from db.bookings.queue import asking, lease_due, postpone
from db.bookings.reading import (
    changes,
    get,
    live_by_wish,
    of_call,
    of_caller,
    upcoming_of_customer,
    upcoming_of_number,
    whole,
)
from db.bookings.rows import (
    UNSETTLED,
    BookingRow,
    ChangesRow,
    LeasedRow,
    Outcome,
    Stand,
)
from db.bookings.wishing import Part, claim_and_add

__all__ = [
    "UNSETTLED",
    "BookingRow",
    "ChangesRow",
    "LeasedRow",
    "Outcome",
    "Part",
    "Stand",
    "asking",
    "begin_cancel",
    "begin_move",
    "changes",
    "claim_and_add",
    "get",
    "lease_due",
    "live_by_wish",
    "of_call",
    "of_caller",
    "postpone",
    "settle",
    "settle_all",
    "turn_back",
    "upcoming_of_customer",
    "upcoming_of_number",
    "whole",
]
