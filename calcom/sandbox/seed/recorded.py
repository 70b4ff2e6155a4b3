"""The account on which the exchanges with a real Cal.com were recorded."""

from datetime import UTC, datetime, timedelta
from typing import Any

from calcom.sandbox.announcements import VIDEO
from calcom.sandbox.event_type_json import booking_fields
from calcom.sandbox.opening import DAYS
from calcom.sandbox.placing import idempotency_key
from calcom.sandbox.ranges import Range
from calcom.sandbox.records import (
    BOOKING_TRIGGERS,
    ApiKey,
    Attendee,
    Booking,
    EventType,
    Hours,
    Override,
    Recurrence,
    Reservation,
    Schedule,
    Seats,
    Seed,
    User,
    Webhook,
    Window,
)

RECORDED_KEY = "cal_test_key"
_NEW_YORK = "America/New_York"
_SURGERY = [{"type": "address", "address": "1 Main St", "public": True}]
_MADE_AT = datetime(2026, 11, 22, 15, 54, tzinfo=UTC)
_WEEKDAYS = list(DAYS[:5])


def recorded(*, set_up: bool = True) -> Seed:
    """User `drlee` with the event types and schedules that the recorded scenarios rely on.

    Args:
        set_up: False leaves out what the scenarios `setup-berlin-schedule` and
            `setup-event-types` create, and what came later.
    """
    return Seed(
        api_keys=[ApiKey(key=RECORDED_KEY, user_id=1)],
        users=[
            User(
                id=1,
                name="Dr Lee",
                email="drlee@example.com",
                username="drlee",
                time_zone=_NEW_YORK,
                default_schedule_id=1,
            )
        ],
        schedules=[_clinic(), *([_berlin(), _always()] if set_up else [])],
        event_types=[*_first_types(), *(_later_types() if set_up else [])],
        bookings=_earlier_bookings(),
        reservations=[
            Reservation(
                uid="3f0f9e1c-6b1d-4c0e-9a3f-2f1f0c6f7a11",
                event_type_id=1,
                user_id=1,
                start=datetime(2026, 11, 25, 18, tzinfo=UTC),
                end=datetime(2026, 11, 25, 18, 30, tzinfo=UTC),
                until=_MADE_AT + timedelta(minutes=100_000),
            )
        ],
        webhooks=[
            Webhook(
                id="a8f481c9-9744-4b7f-844c-22313a33748f",
                user_id=1,
                url="https://hooks.example.com/cal",
                triggers=list(BOOKING_TRIGGERS),
                secret="s3cret",  # noqa: S106 - as recorded
                created_at=_MADE_AT,
            )
        ],
    )


def _clinic() -> Schedule:
    hours = [Hours(days=_WEEKDAYS, start="09:00", end="17:00")]
    return Schedule(id=1, owner_id=1, name="Clinic", time_zone=_NEW_YORK, availability=hours)


def _berlin() -> Schedule:
    return Schedule(
        id=2,
        owner_id=1,
        name="Praxis Berlin",
        time_zone="Europe/Berlin",
        availability=[
            Hours(days=_WEEKDAYS, start="08:00", end="12:00"),
            Hours(days=["Monday", "Tuesday", "Thursday"], start="14:00", end="18:00"),
        ],
        overrides=[Override(date="2027-02-10", start="10:00", end="11:00")],
    )


def _always() -> Schedule:
    hours = [Hours(days=list(DAYS), start="00:00", end="23:59")]
    return Schedule(id=3, owner_id=1, name="Always", time_zone="Etc/UTC", availability=hours)


def _type(number: int, slug: str, **more: Any) -> EventType:
    defaults: dict[str, Any] = {
        "title": slug.title(),
        "length_minutes": 30,
        "locations": _SURGERY,
        "booking_fields": booking_fields(
            more.pop("questions", []), disable_guests=more.get("disable_guests", False)
        ),
    }
    return EventType(id=number, owner_id=1, slug=slug, **defaults | more)


def _first_types() -> list[EventType]:
    """Types 1 to 5, in the order in which they are listed: 5 comes before 4."""
    required_phone = [
        {"slug": "email", "required": False},
        {
            "isDefault": True,
            "type": "phone",
            "slug": "attendeePhoneNumber",
            "label": "Phone",
            "required": True,
        },
    ]
    return [
        _type(1, "checkup", minimum_notice_minutes=60, position=-1),
        _type(
            2,
            "consult",
            locations=[],
            requires_confirmation=True,
            pending_blocks_slot=True,
            position=-1,
        ),
        _type(
            3,
            "phone",
            length_options=[30, 60],
            before_buffer_minutes=15,
            after_buffer_minutes=15,
            questions=required_phone,
            position=-1,
        ),
        _type(
            5,
            "lim",
            locations=[{"type": "address", "address": "x", "public": True}],
            booking_limits={"day": 1},
            position=-1,
        ),
        _type(4, "class", length_minutes=60, locations=[], seats=Seats(per_slot=2)),
    ]


def _later_types() -> list[EventType]:
    surgery = {"type": "address", "address": "Beispielweg 5, 10115 Berlin", "public": True}
    weekly = Recurrence(interval=1, occurrences=3, frequency="weekly")
    return [
        _type(
            6,
            "sprechstunde",
            length_minutes=20,
            schedule_id=2,
            minimum_notice_minutes=60,
            locations=[surgery],
        ),
        _type(7, "custom", questions=_questions()),
        _type(8, "window", window=Window(type="calendarDays", value=30)),
        _type(9, "interval", slot_interval_minutes=15),
        _type(10, "notice", schedule_id=3, minimum_notice_minutes=600),
        _type(11, "recurring", recurrence=weekly),
        _type(12, "active", active_bookings_limit=1),
        _type(13, "hidden", hidden=True),
        _type(14, "first", only_first_slot=True),
        _type(15, "nodisturb", disable_guests=True),
        _type(16, "weekly", booking_limits={"week": 1}),
        _type(17, "authonly", requires_authentication=True),
        _type(18, "x2", title="X", locations=[]),
        _type(
            20,
            "blink",
            length_minutes=1,
            schedule_id=3,
            minimum_notice_minutes=0,
            locations=[],
        ),
        _type(21, "request", requires_confirmation=True),
    ]


def _questions() -> list[dict[str, Any]]:
    asked: list[dict[str, Any]] = [
        {"type": "text", "slug": "reason", "label": "Reason for visit", "required": True},
        {
            "type": "select",
            "slug": "insurance",
            "label": "Insurance",
            "required": True,
            "options": ["public", "private"],
            "placeholder": "Choose",
        },
        {"type": "number", "slug": "age", "label": "Age", "placeholder": "0"},
        {"type": "boolean", "slug": "newpatient", "label": "New patient"},
        {
            "type": "multiselect",
            "slug": "languages",
            "label": "Languages",
            "options": ["en", "de", "es"],
        },
        {"type": "phone", "slug": "callback", "label": "Call back", "placeholder": "+1"},
    ]
    return [{"required": False, **question} for question in asked]


_EARLIER = (
    (2, "2026-11-25T17:00", "P 0"),
    (15, "2026-11-27T16:00", "Jane Doe"),
    (6, "2026-11-30T14:10", "Q"),
    (7, "2026-11-30T15:00", "Q"),
    (8, "2026-11-30T16:00", "Q"),
    (9, "2026-11-30T17:00", "Q"),
    (10, "2026-11-30T19:00", "Q"),
    (11, "2026-12-01T15:00", "O1"),
    (17, "2026-12-02T17:00", "F"),
    (18, "2026-12-03T15:00", "C"),
    (19, "2026-12-03T16:00", "R"),
    (20, "2026-12-04T14:30", "R"),
    (21, "2026-12-04T15:00", "R"),
    (22, "2026-12-04T15:30", "R"),
    (23, "2026-12-04T19:30", "R"),
    (24, "2026-12-04T20:00", "R"),
    (25, "2026-12-04T20:30", "R"),
    (26, "2026-12-09T15:00", "R"),
    (27, "2026-12-09T15:30", "R"),
    (28, "2026-12-10T15:00", "R"),
    (29, "2026-12-10T15:30", "R"),
    (30, "2026-12-17T16:00", "R"),
    (31, "2026-12-17T18:00", "R"),
)
"""What stood before the recording began: seen in lists up to 18, from there on only as gaps."""
_REQUESTED_ID = 18
_ODD_PHONE_ID = 7


def _earlier_bookings() -> list[Booking]:
    return [_earlier(*row) for row in _EARLIER]


def _earlier(number: int, start: str, name: str) -> Booking:
    time = Range(
        datetime.fromisoformat(start).replace(tzinfo=UTC),
        datetime.fromisoformat(start).replace(tzinfo=UTC) + timedelta(minutes=30),
    )
    email = f"{name.replace(' ', '').split('Doe')[0].lower()}@example.com"
    pending = number == _REQUESTED_ID
    phone = "555-1234" if number == _ODD_PHONE_ID else None
    responses = {"name": name, "email": email}
    if phone is not None:
        responses["attendeePhoneNumber"] = phone
    uid = f"earlierBooking{number:08d}"
    return Booking(
        id=number,
        uid=uid,
        event_type_id=2 if pending else 1,
        host_id=1,
        title=f"{'Consult' if pending else 'Checkup'} between Dr Lee and {name}",
        description="",
        start=time.start,
        end=time.end,
        status="pending" if pending else "accepted",
        location=VIDEO if pending else "1 Main St",
        attendees=[Attendee(id=number, name=name, email=email, time_zone=_NEW_YORK, phone=phone)],
        responses=responses,
        metadata={"n": "0"} if name == "P 0" else {},
        ics_uid=f"{uid}@Cal.com",
        created_at=_MADE_AT,
        updated_at=_MADE_AT,
        idempotency_key=None if pending else idempotency_key(time, 1),
    )
