"""The schema, as SQLModel classes; migrations must equal it (`tests/db/test_migrations.py`)."""

from db.tables.agreement import SyncFailure, Watermark
from db.tables.base import metadata
from db.tables.bookings import Booking, BookingUid, Claim, InboxEvent, Reservation
from db.tables.businesses import Business, Credential, EventType, Line, Service, Staff
from db.tables.calls import Call, Flag, Recording, ToolCall, Turn
from db.tables.customers import Customer, CustomerNumber
from db.tables.events import DomainEvent, EventDelivery, EventOutbox, Task
from db.tables.jobs import PeriodicJob
from db.tables.people import (
    AuditEntry,
    CallComment,
    LoginFailure,
    LoginSession,
    Membership,
    UserAccount,
)

__all__ = [
    "AuditEntry",
    "Booking",
    "BookingUid",
    "Business",
    "Call",
    "CallComment",
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
    "LoginFailure",
    "LoginSession",
    "Membership",
    "PeriodicJob",
    "Recording",
    "Reservation",
    "Service",
    "Staff",
    "SyncFailure",
    "Task",
    "ToolCall",
    "Turn",
    "UserAccount",
    "Watermark",
    "metadata",
]
