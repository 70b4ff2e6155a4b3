"""The queues that a worker works off."""

from server.queues.bookings import DueBookings
from server.queues.deliveries import DueDeliveries
from server.queues.inbox import DueInbox

__all__ = ["DueBookings", "DueDeliveries", "DueInbox"]
