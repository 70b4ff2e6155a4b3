"""What can be heard of calls: fetched while links to it hold, and kept where we choose."""

from calls.recordings.recordings import Limits, Recordings
from calls.recordings.store import (
    BucketAccess,
    NotStored,
    RecordingStore,
    StoreUnavailable,
    StoreUnusable,
)

__all__ = [
    "BucketAccess",
    "Limits",
    "NotStored",
    "RecordingStore",
    "Recordings",
    "StoreUnavailable",
    "StoreUnusable",
]
