"""The schema, as SQLModel classes; migrations must equal it (`tests/db/test_migrations.py`)."""

from db.tables.agreement import SyncFailure, Watermark
from db.tables.base import metadata
from db.tables.bookings import Booking, BookingUid, Claim, InboxEvent, Reservation
from db.tables.businesses import Business, Credential, EventType, Line, Service, Staff
from db.tables.calls import Call, Flag, Recording, ToolCall, Turn
from db.tables.customers import Customer, CustomerNumber
from db.tables.events import DomainEvent, EventDelivery, EventOutbox, Task
from db.tables.jobs import PeriodicJob

__all__ = [
    "Booking",
    "BookingUid",
    "Business",
    "Call",
    "Claim",
    "Credential",
    "Customer",
    "CustomerNumber",
    "DomainEvent",
    "EventDelivery",
    "EventOutbox",
    "EventType",
    "Flag",
    "InboxEvent",
    "Line",
    "PeriodicJob",
    "Recording",
    "Reservation",
    "Service",
    "Staff",
    "SyncFailure",
    "Task",
    "ToolCall",
    "Turn",
    "Watermark",
    "metadata",
]
