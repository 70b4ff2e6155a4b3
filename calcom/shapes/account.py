"""What belongs to the owner of the key: event types, schedules, webhooks."""

from typing import Any

from pydantic import Field

from calcom.shapes.answer import Shape


class EventType(Shape):
    """What can be booked. Lengths, buffers and notice are minutes."""

    id: int
    slug: str
    title: str
    length_minutes: int = Field(alias="lengthInMinutes")
    length_options_minutes: tuple[int, ...] = Field(default=(), alias="lengthInMinutesOptions")
    slot_interval_minutes: int | None = Field(default=None, alias="slotInterval")
    minimum_notice_minutes: int = Field(alias="minimumBookingNotice")
    before_buffer_minutes: int = Field(default=0, alias="beforeEventBuffer")
    after_buffer_minutes: int = Field(default=0, alias="afterEventBuffer")
    hidden: bool = False
    schedule_id: int | None = None
    """`None` means the owner's default schedule."""
    scheduling_type: str | None = None
    """Of team event types: `roundRobin`, `collective`, `managed`."""
    users: tuple["EventTypeHost", ...] = ()
    hosts: tuple["TeamHost", ...] = ()
    """Of team event types."""
    fields: tuple["BookingField", ...] = Field(default=(), alias="bookingFields")
    booking_window: dict[str, Any] | None = None
    confirmation_policy: dict[str, Any] | None = None
    recurrence: dict[str, Any] | None = None
    seats: dict[str, Any] | None = None

    @property
    def host_ids(self) -> tuple[int, ...]:
        """Who performs it, as far as Cal.com tells."""
        return tuple(host.user_id for host in self.hosts) or tuple(user.id for user in self.users)

    @property
    def booking_window_days(self) -> int | None:
        """How many days ahead it can be booked, at most; `None` without such a limit."""
        window = _enabled(self.booking_window)
        days = window.get("value")
        if not isinstance(days, int):
            return None
        return -(-days // 5) * 7 if window.get("type") == "businessDays" else days

    @property
    def requires_confirmation(self) -> bool:
        return bool(_enabled(self.confirmation_policy))

    @property
    def is_recurring(self) -> bool:
        """One booking of it makes several: more than a caller on the phone agreed to."""
        return bool(_enabled(self.recurrence))

    @property
    def seats_per_slot(self) -> int | None:
        """How many may book the same slot; `None` if it is not seated."""
        seats = _enabled(self.seats).get("seatsPerTimeSlot")
        return seats if isinstance(seats, int) else None


class EventTypeHost(Shape):
    """One who performs it."""

    id: int
    name: str | None = None


class TeamHost(Shape):
    """One among whom Cal.com chooses."""

    user_id: int


class BookingField(Shape):
    """What a booking of the event type can or must answer."""

    slug: str
    type: str
    required: bool = False
    hidden: bool = False


class Availability(Shape):
    """Weekly hours: English names of days, `HH:MM` in the schedule's zone."""

    days: tuple[str, ...]
    start_time: str
    end_time: str


class Override(Shape):
    """The hours of one date instead of the weekly ones; `00:00` to `00:00` closes the day."""

    date: str
    start_time: str
    end_time: str


class Schedule(Shape):
    """When a host works."""

    id: int
    owner_id: int | None = None
    name: str
    time_zone: str
    is_default: bool
    availability: tuple[Availability, ...]
    overrides: tuple[Override, ...] = ()


class Me(Shape):
    """Whose key it is."""

    id: int
    email: str
    username: str | None = None
    time_zone: str
    default_schedule_id: int | None = None


class Webhook(Shape):
    """Where Cal.com tells of changes."""

    id: str
    subscriber_url: str
    triggers: tuple[str, ...]
    active: bool
    secret: str | None = Field(default=None, repr=False)


def _enabled(setting: dict[str, Any] | None) -> dict[str, Any]:
    """A setting that is off is absent, null, empty or `{"disabled": true}`."""
    return {} if setting is None or setting.get("disabled") is True else setting
