"""The account of a demo practice."""

from collections.abc import Iterable
from datetime import UTC, datetime

from calcom.sandbox.event_type_json import booking_fields
from calcom.sandbox.opening import DAYS
from calcom.sandbox.records import (
    BOOKING_TRIGGERS,
    ApiKey,
    EventType,
    Hours,
    Schedule,
    Seats,
    Seed,
    User,
    Webhook,
)

DEMO_KEY = "cal_sandbox_demo"
_WEEKDAYS = list(DAYS[:5])
_LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def demo(
    *,
    api_key: str = DEMO_KEY,
    webhook_url: str | None = None,
    webhook_secret: str | None = None,
) -> Seed:
    """A dental practice in Berlin: three services with two dentists each, and the rarer types.

    | id | slug | host | |
    |---|---|---|---|
    | 1, 2 | checkup-anna, checkup-ben | Anna, Ben | 30 min |
    | 3, 4 | cleaning-anna, cleaning-ben | Anna, Ben | 45 min, 15 min to clean up |
    | 5, 6 | consultation-anna, consultation-ben | Anna, Ben | 20 min |
    | 7 | emergency | whoever is free | 30 min, round robin |
    | 8 | prophylaxis-class | Anna | 60 min, four seats |
    | 9 | whitening | Ben | 60 min, the host confirms |

    Args:
        api_key: The one key; it speaks for Anna and may do everything with both calendars.
        webhook_url: Where webhooks go; none by default.
        webhook_secret: With which they are signed.
    """
    anna = User(
        id=1,
        name="Dr. Anna Berger",
        email="anna.berger@example.com",
        username="anna",
        time_zone="Europe/Berlin",
        default_schedule_id=1,
    )
    ben = User(
        id=2,
        name="Dr. Ben Krüger",
        email="ben.krueger@example.com",
        username="ben",
        time_zone="Europe/Berlin",
        default_schedule_id=2,
    )
    services = [("Checkup", 30, 0), ("Cleaning", 45, 15), ("Consultation", 20, 0)]
    types = [
        _practice_type(owner, title, f"{title.lower()}-{owner.username}", length, after)
        for title, length, after in services
        for owner in (anna, ben)
    ]
    emergency = _practice_type(anna, "Emergency", "emergency", 30)
    emergency.host_ids = [anna.id, ben.id]
    prophylaxis = _practice_type(anna, "Prophylaxis class", "prophylaxis-class", 60)
    prophylaxis.seats = Seats(per_slot=4)
    whitening = _practice_type(ben, "Whitening", "whitening", 60)
    whitening.requires_confirmation = whitening.pending_blocks_slot = True
    types += [emergency, prophylaxis, whitening]
    for number, event_type in enumerate(types, start=1):
        event_type.id = number
    return Seed(
        api_keys=[ApiKey(key=api_key, user_id=anna.id)],
        users=[anna, ben],
        schedules=[
            _berlin_schedule(
                1,
                anna,
                [(_WEEKDAYS, "08:00", "12:00"), (_WEEKDAYS, "13:00", "17:00")],
            ),
            _berlin_schedule(
                2,
                ben,
                [
                    (_WEEKDAYS[:4], "09:00", "13:00"),
                    (_WEEKDAYS[:4], "14:00", "18:00"),
                    (_WEEKDAYS[4:], "09:00", "14:00"),
                ],
            ),
        ],
        event_types=types,
        webhooks=[_webhook(webhook_url, webhook_secret)] if webhook_url else [],
    )


def _practice_type(
    owner: User, title: str, slug: str, length_minutes: int, after_minutes: int = 0
) -> EventType:
    return EventType(
        id=0,
        owner_id=owner.id,
        title=title,
        slug=slug,
        length_minutes=length_minutes,
        minimum_notice_minutes=60,
        after_buffer_minutes=after_minutes,
        locations=[{"type": "address", "address": "Lindenallee 12, 10115 Berlin", "public": True}],
        booking_fields=booking_fields([]),
    )


def _berlin_schedule(
    number: int, owner: User, hours: Iterable[tuple[list[str], str, str]]
) -> Schedule:
    return Schedule(
        id=number,
        owner_id=owner.id,
        name="Praxis",
        time_zone="Europe/Berlin",
        availability=[Hours(days=days, start=start, end=end) for days, start, end in hours],
    )


def _webhook(url: str, secret: str | None) -> Webhook:
    return Webhook(
        id="a8f481c9-9744-4b7f-844c-22313a33748f",
        user_id=1,
        url=url,
        triggers=list(BOOKING_TRIGGERS),
        secret=secret,
        created_at=_LONG_AGO,
    )
