"""Following Cal.com's event types and schedules, and noticing links that lead nowhere."""

from booking.sync.doubts import Doubts
from booking.sync.following import Change, followed
from booking.sync.syncing import Report, Sync

__all__ = ["Change", "Doubts", "Report", "Sync", "followed"]
