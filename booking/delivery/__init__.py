"""Telling Cal.com: what can be asked, how it is recognised, and how its outcome is settled."""

from booking.delivery.delivery import Delivery
from booking.delivery.pace import LATE_ARRIVAL
from booking.delivery.seen import OUR_ID

__all__ = ["LATE_ARRIVAL", "OUR_ID", "Delivery"]
