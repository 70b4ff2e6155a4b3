"""The queues that a worker works off."""

from server.queues.bookings import DueBookings
from server.queues.deliveries import DueDeliveries
from server.queues.messages import DueMessages
from server.queues.recordings import DueRecordings
from server.queues.stored_events import DueEvents

__all__ = ["DueBookings", "DueDeliveries", "DueEvents", "DueMessages", "DueRecordings"]
