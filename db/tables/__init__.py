"""The schema, as SQLModel classes; migrations must equal it (`tests/db/test_migrations.py`)."""

from db.tables.base import metadata
from db.tables.bookings import Booking, Claim, InboxEvent
from db.tables.businesses import Business, Credential, EventType, Line, Service, Staff
from db.tables.calls import Call, Flag, ToolCall, Turn
from db.tables.customers import Customer, CustomerNumber

__all__ = [
    "Booking",
    "Business",
    "Call",
    "Claim",
    "Credential",
    "Customer",
    "CustomerNumber",
    "EventType",
    "Flag",
    "InboxEvent",
    "Line",
    "Service",
    "Staff",
    "ToolCall",
    "Turn",
    "metadata",
]
