"""The queues that a worker works off."""

from server.queues.bookings import DueBookings
from server.queues.call_events import DueCallEvents
from server.queues.deliveries import DueDeliveries
from server.queues.inbox import DueInbox
from server.queues.recordings import DueRecordings

__all__ = ["DueBookings", "DueCallEvents", "DueDeliveries", "DueInbox", "DueRecordings"]
