"""Customers by the list: from a CSV file, or from the attendees of past bookings at Cal.com."""

from slotline.customer_lists.csv_file import Unusable
from slotline.customer_lists.taking_over import from_calcom, from_file

__all__ = ["Unusable", "from_calcom", "from_file"]
