"""What the stand-in remembers: plain records that turn into JSON and back."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

BookingStatus = Literal["accepted", "pending", "cancelled", "rejected"]
BOOKING_TRIGGERS = (
    "BOOKING_CREATED",
    "BOOKING_RESCHEDULED",
    "BOOKING_CANCELLED",
    "BOOKING_REJECTED",
    "BOOKING_REQUESTED",
    "BOOKING_PAID",
    "BOOKING_PAYMENT_INITIATED",
    "MEETING_STARTED",
    "MEETING_ENDED",
    "BOOKING_NO_SHOW_UPDATED",
    "OOO_CREATED",
)


class User(BaseModel):
    """A Cal.com user: a host with a calendar of their own."""

    id: int
    name: str
    email: str
    username: str
    time_zone: str
    default_schedule_id: int | None = None


class Hours(BaseModel):
    """One block of opening hours; `start` and `end` are local wall times, `HH:MM`."""

    days: list[str]
    start: str
    end: str


class Override(BaseModel):
    """The hours of one date, instead of the weekly ones; 00:00-00:00 closes the day."""

    date: str
    start: str
    end: str


class Schedule(BaseModel):
    """Weekly hours and exceptions of one user, in the zone of the schedule."""

    id: int
    owner_id: int
    name: str
    time_zone: str
    availability: list[Hours]
    overrides: list[Override] = []


class Window(BaseModel):
    """How far ahead a type can be booked: a number of days, or a range of two dates."""

    type: Literal["calendarDays", "businessDays", "range"]
    value: int | list[str]
    rolling: bool = False


class Seats(BaseModel):
    """Several attendees share one booking."""

    per_slot: int
    show_attendees: bool = True
    show_count: bool = True


class Recurrence(BaseModel):
    """One request books several occurrences."""

    interval: int
    occurrences: int
    frequency: Literal["daily", "weekly", "monthly", "yearly"]


class EventType(BaseModel):
    """What can be booked. More than one host makes it a round robin."""

    id: int
    owner_id: int
    title: str
    slug: str
    length_minutes: int
    length_options: list[int] = []
    description: str = ""
    locations: list[dict[str, Any]] = []
    booking_fields: list[dict[str, Any]] = []
    schedule_id: int | None = None
    slot_interval_minutes: int | None = None
    minimum_notice_minutes: int = 120
    before_buffer_minutes: int = 0
    after_buffer_minutes: int = 0
    offset_start_minutes: int = 0
    booking_limits: dict[str, int] = {}
    window: Window | None = None
    seats: Seats | None = None
    recurrence: Recurrence | None = None
    requires_confirmation: bool = False
    pending_blocks_slot: bool = False
    only_first_slot: bool = False
    hidden: bool = False
    disable_guests: bool = False
    requires_authentication: bool = False
    active_bookings_limit: int | None = None
    offers_reschedule_at_limit: bool = False
    host_ids: list[int] = []
    position: int = 0

    @property
    def is_round_robin(self) -> bool:
        return len(self.host_ids) > 1

    @property
    def hosts(self) -> list[int]:
        return self.host_ids or [self.owner_id]


class Attendee(BaseModel):
    """One person at a booking; with `seat_uid` on a seated type."""

    id: int
    name: str
    email: str
    time_zone: str
    language: str = "en"
    phone: str | None = None
    absent: bool = False
    seat_uid: str | None = None
    responses: dict[str, Any] = {}
    metadata: dict[str, str] = {}


class Booking(BaseModel):
    """A booking as Cal.com's database holds it; the JSON of the API is made elsewhere."""

    id: int
    uid: str
    event_type_id: int | None
    host_id: int
    title: str
    description: str | None
    start: datetime
    end: datetime
    status: BookingStatus
    location: str
    attendees: list[Attendee]
    guests: list[str] = []
    responses: dict[str, Any] = {}
    metadata: dict[str, str] = {}
    seated: bool = False
    ics_uid: str
    ics_sequence: int = 0
    created_at: datetime
    updated_at: datetime
    cancellation_reason: str = ""
    cancelled_by: str = ""
    rejection_reason: str = ""
    rescheduling_reason: str | None = None
    rescheduled_by: str | None = None
    from_uid: str | None = None
    to_uid: str | None = None
    recurring_uid: str | None = None
    absent_host: bool = False
    idempotency_key: str | None = None
    """Unique over all bookings; only accepted ones have it."""
    has_video_link: bool = False
    """A confirmed video meeting leaves traces in the booking's metadata and webhooks."""

    @property
    def is_live(self) -> bool:
        return self.status in {"accepted", "pending"}


class Reservation(BaseModel):
    """A slot that is hidden from listings until `until`."""

    uid: str
    event_type_id: int
    user_id: int
    start: datetime
    end: datetime
    until: datetime
    is_seat: bool = False


class Engagement(BaseModel):
    """Time that a host's connected calendar shows as busy: hidden from listings, told to nobody."""

    id: int
    user_id: int
    start: datetime
    end: datetime


class Webhook(BaseModel):
    """A subscription; an empty `secret` means that deliveries are not signed."""

    id: str
    user_id: int
    url: str
    triggers: list[str]
    active: bool = True
    secret: str | None = None
    payload_template: str | None = None
    created_at: datetime


class ApiKey(BaseModel):
    """A key and the user whom it speaks for."""

    key: str
    user_id: int


class Seed(BaseModel):
    """The state that a new stand-in starts with."""

    api_keys: list[ApiKey] = Field(min_length=1)
    users: list[User] = Field(min_length=1)
    schedules: list[Schedule] = []
    event_types: list[EventType] = []
    bookings: list[Booking] = []
    reservations: list[Reservation] = []
    webhooks: list[Webhook] = []
