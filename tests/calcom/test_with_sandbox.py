"""The client and the stand-in together: everything but the network is what runs in production."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from calcom.client import Client, open_http
from calcom.errors import (
    AlreadyCancelled,
    AlreadyRescheduled,
    AlreadySignedUp,
    BookingLimitReached,
    InThePast,
    MissingField,
    NoAnswer,
    NotFound,
    NotPending,
    OutcomeUnknown,
    RateLimited,
    ServerFault,
    SlotUnavailable,
    TooSoonOrTooFar,
    Unauthorised,
    UnexpectedAnswer,
    UnknownEventType,
)
from calcom.outgoing import Attendee, BookingFilter
from calcom.sandbox import SandboxApp, create_app
from calcom.sandbox.seed import RECORDED_KEY, recorded
from calcom.shapes import Booking, BookingStatus
from calcom.signature import HEADER, is_genuine
from calcom.versions import PINNED

NOW = datetime(2026, 11, 22, 17, tzinfo=UTC)
TEN = datetime(2027, 2, 2, 15, tzinfo=UTC)
"""Ten o'clock in New York, on a Tuesday."""

CHECKUP, CONSULT, CLASS, ONE_A_DAY, BY_THE_WINDOW = 1, 2, 4, 5, 8
ADA = Attendee(
    "Ada Lovelace", "Europe/London", email="ada@example.com", phone_number="+12025550117"
)
BEN = Attendee("Ben Okri", "Europe/London", email="ben@example.com")


@dataclass
class Calendar:
    """The stand-in in process, and what it was told and has sent."""

    app: SandboxApp
    http: httpx.AsyncClient
    client: Client
    webhooks: list[httpx.Request] = field(default_factory=list)

    async def misbehave(self, **fault: Any) -> None:
        answer = await self.http.post("/_sandbox/faults", json=fault)
        assert answer.status_code == 200, answer.text

    async def asked(self, operation: str) -> int:
        state = (await self.http.get("/_sandbox/state")).json()
        return int(state["requests"].get(operation, 0))

    async def of(self, attendee: Attendee) -> list[Booking]:
        """All bookings of somebody, in any state."""
        which = BookingFilter(attendee_email=attendee.email)
        return [booking async for booking in self.client.list_bookings(which)]


@pytest.fixture
async def calendar() -> AsyncIterator[Calendar]:
    async for calendar in _opened(rate_limit_per_minute=None):
        yield calendar


@pytest.fixture
async def busy_calendar() -> AsyncIterator[Calendar]:
    """With the rate limit of a small account."""
    async for calendar in _opened(rate_limit_per_minute=5):
        yield calendar


async def _opened(*, rate_limit_per_minute: int | None) -> AsyncIterator[Calendar]:
    received: list[httpx.Request] = []

    def receive(request: httpx.Request) -> httpx.Response:
        received.append(request)
        return httpx.Response(200)

    app = create_app(
        clock=lambda: NOW,
        seed=recorded(),
        rate_limit_per_minute=rate_limit_per_minute,
        webhook_transport=httpx.MockTransport(receive),
    )
    async with open_http("https://api.cal.com", transport=httpx.ASGITransport(app)) as http:
        yield Calendar(app, http, Client(http, api_key=RECORDED_KEY), received)
    await app.settle()


async def _starts(calendar: Calendar, event_type_id: int = CHECKUP, **options: Any) -> list[str]:
    slots = await calendar.client.slots(
        event_type_id,
        start=TEN.replace(hour=5),
        end=TEN.replace(hour=5) + timedelta(days=1),
        timezone="America/New_York",
        **options,
    )
    return [f"{slot.start:%H:%M}" for slot in slots]


async def _book(
    calendar: Calendar,
    start: datetime = TEN,
    attendee: Attendee = ADA,
    kind: int = CHECKUP,
    **options: Any,
) -> Booking:
    metadata = {"slotline_booking_id": "7", "party": 2}
    return await calendar.client.create_booking(kind, start, attendee, metadata=metadata, **options)


async def test_a_booking_from_the_free_slot_to_the_cancellation(calendar: Calendar) -> None:
    client = calendar.client
    assert "15:00" in await _starts(calendar)

    made = await _book(calendar)
    assert (made.status, made.start, made.end) == ("accepted", TEN, TEN + timedelta(minutes=30))
    assert made.metadata == {"slotline_booking_id": "7", "party": "2"}
    assert made.hosts[0].id == 1
    assert await client.get_booking(made.uid) == made

    moved = await client.reschedule(made.uid, TEN + timedelta(hours=3), reason="car trouble")
    assert moved.rescheduled_from_uid == made.uid
    assert moved.carries("slotline_booking_id", "7")
    old = await client.get_booking(made.uid)
    assert (old.status, old.rescheduled_to_uid) == (BookingStatus.CANCELLED, moved.uid)

    cancelled = await client.cancel(moved.uid, reason="not needed any more")
    assert (cancelled.uid, cancelled.status) == (moved.uid, "cancelled")
    assert {booking.status for booking in await calendar.of(ADA)} == {"cancelled"}


async def test_a_booking_carries_all_that_was_said(calendar: Calendar) -> None:
    made = await _book(
        calendar,
        fields={"notes": "Erstbesuch – größe ✓"},
        guests=["carlos@example.com"],
        location={"type": "address"},
    )
    ada, guest = made.attendees
    assert (ada.name, ada.email, ada.phone_number) == (ADA.name, ADA.email, ADA.phone_number)
    assert guest.email == "carlos@example.com"


async def test_refusals_say_why(calendar: Calendar) -> None:
    made = await _book(calendar)
    with pytest.raises(SlotUnavailable):
        await _book(calendar, attendee=BEN)
    with pytest.raises(InThePast):
        await _book(calendar, start=NOW - timedelta(days=3))
    with pytest.raises(TooSoonOrTooFar):
        await _book(calendar, kind=BY_THE_WINDOW)
    with pytest.raises(UnknownEventType):
        await _book(calendar, kind=999)
    with pytest.raises(MissingField):
        await calendar.client.cancel(made.uid, reason="  ")
    with pytest.raises(NotFound):
        await calendar.client.get_booking("82ZUxh5AiQnU9aUmWUWSLq")
    await _book(calendar, kind=ONE_A_DAY, start=TEN + timedelta(hours=1))
    with pytest.raises(BookingLimitReached):
        await _book(calendar, kind=ONE_A_DAY, start=TEN + timedelta(hours=2))


async def test_what_is_done_cannot_be_done_again(calendar: Calendar) -> None:
    made = await _book(calendar)
    moved = await calendar.client.reschedule(made.uid, TEN + timedelta(hours=1))
    with pytest.raises(AlreadyRescheduled) as raised:
        await calendar.client.reschedule(made.uid, TEN + timedelta(hours=2))
    assert raised.value.rescheduled_to_uid == moved.uid
    await calendar.client.cancel(moved.uid, reason="ill")
    with pytest.raises(AlreadyCancelled):
        await calendar.client.cancel(moved.uid, reason="ill")
    with pytest.raises(AlreadyCancelled):
        await calendar.client.reschedule(moved.uid, TEN)


async def test_hosts_confirm_and_decline(calendar: Calendar) -> None:
    client = calendar.client
    wish = await _book(calendar, kind=CONSULT)
    assert wish.status == BookingStatus.PENDING
    assert (await client.confirm(wish.uid)).status == BookingStatus.ACCEPTED
    with pytest.raises(NotPending):
        await client.confirm(wish.uid)
    other = await _book(calendar, kind=CONSULT, start=TEN + timedelta(hours=1))
    assert (await client.decline(other.uid, reason="away")).status == BookingStatus.REJECTED


async def test_seats_have_uids_and_metadata_of_their_own(calendar: Calendar) -> None:
    first = await _book(calendar, kind=CLASS)
    with pytest.raises(AlreadySignedUp):
        await _book(calendar, kind=CLASS)
    second = await _book(calendar, kind=CLASS, attendee=BEN)
    assert second.uid == first.uid
    assert second.seat_uid not in {None, first.seat_uid}
    assert second.carries("slotline_booking_id", "7")
    with pytest.raises(SlotUnavailable):
        await _book(calendar, kind=CLASS, attendee=Attendee("C", "UTC", email="c@example.com"))


async def test_a_bookings_own_time_is_free_for_moving_it(calendar: Calendar) -> None:
    made = await _book(calendar)
    assert "15:00" not in await _starts(calendar)
    assert "15:00" in await _starts(calendar, booking_uid_to_reschedule=made.uid)


async def test_a_reservation_hides_a_slot_until_it_is_released(calendar: Calendar) -> None:
    client = calendar.client
    held = await client.reserve(CHECKUP, TEN, hold_minutes=10)
    assert held.expires_at == NOW + timedelta(minutes=10)
    assert "15:00" not in await _starts(calendar)
    with pytest.raises(SlotUnavailable):
        await client.reserve(CHECKUP, TEN)

    moved = await client.move_reservation(held.uid, CHECKUP, TEN + timedelta(hours=1))
    assert moved.uid == held.uid
    assert await client.get_reservation(held.uid) is not None
    await client.release_reservation(held.uid)
    assert await client.get_reservation(held.uid) is None


async def test_the_account_can_be_read(calendar: Calendar) -> None:
    client = calendar.client
    assert (await client.me()).username == "drlee"
    kinds = await client.event_types()
    assert (await client.event_type(CLASS)).slug in {kind.slug for kind in kinds}
    assert await client.default_schedule() in await client.schedules()
    with pytest.raises(UnknownEventType):
        await client.event_type(999)


async def test_webhooks_are_managed(calendar: Calendar) -> None:
    client = calendar.client
    made = await client.create_webhook(
        "https://slotline.example/hook", ["BOOKING_CREATED"], secret="ours"
    )
    assert made in await client.webhooks()
    changed = await client.update_webhook(made.id, active=False)
    assert (changed.active, changed.triggers) == (False, ("BOOKING_CREATED",))
    await client.delete_webhook(made.id)
    assert made.id not in {webhook.id for webhook in await client.webhooks()}


async def test_the_webhooks_of_a_booking_are_genuine(calendar: Calendar) -> None:
    await _book(calendar)
    (sent,) = calendar.webhooks
    assert is_genuine(sent.content, sent.headers[HEADER], ["s3cret"])


async def test_a_wrong_key_is_no_outage(calendar: Calendar) -> None:
    stranger = Client(calendar.http, api_key="cal_wrong")
    with pytest.raises(Unauthorised) as raised:
        await stranger.me()
    assert not raised.value.is_outage
    assert "cal_wrong" not in str(raised.value)


async def test_a_version_that_the_server_does_not_know_is_noticed(calendar: Calendar) -> None:
    made = await _book(calendar)
    ahead = PINNED.with_overrides({"bookings": "2026-02-25", "booking_list": "2026-05-01"})
    client = Client(calendar.http, api_key=RECORDED_KEY, versions=ahead)
    with pytest.raises(UnexpectedAnswer, match=r"data\.start"):
        await client.get_booking(made.uid)
    with pytest.raises(UnexpectedAnswer):
        await anext(client.list_bookings())


async def test_lists_are_walked_over_pages(calendar: Calendar) -> None:
    made = [await _book(calendar, TEN + timedelta(minutes=30 * n)) for n in range(5)]
    which = BookingFilter(attendee_email=ADA.email, after_start=made[1].start)
    found = [b.uid async for b in calendar.client.list_bookings(which, page_size=2)]
    assert found == [booking.uid for booking in made[1:]]
    assert await calendar.asked("list") == 2


@pytest.mark.parametrize("deed", ["drop_answer", "error_after"])
async def test_a_lost_answer_leaves_a_booking_behind(calendar: Calendar, deed: str) -> None:
    await calendar.misbehave(on="create_booking", do=deed)
    with pytest.raises(OutcomeUnknown):
        await _book(calendar)
    (found,) = await calendar.of(ADA)
    assert found.carries("slotline_booking_id", "7")
    assert await calendar.asked("create_booking") == 1


async def test_a_hang_ends_with_the_time_and_the_booking_stands(calendar: Calendar) -> None:
    await calendar.misbehave(on="create_booking", do="hang", seconds=0.6)
    with pytest.raises(OutcomeUnknown) as raised:
        await _book(calendar, timeout_seconds=0.3)
    assert isinstance(raised.value.fault, NoAnswer)
    await calendar.app.settle()
    assert len(await calendar.of(ADA)) == 1


async def test_a_late_booking_appears_after_we_looked(calendar: Calendar) -> None:
    """Why one look is not enough before asking again."""
    await calendar.misbehave(on="create_booking", do="hang", seconds=1, late=True)
    with pytest.raises(OutcomeUnknown):
        await _book(calendar, timeout_seconds=0.1)
    assert await calendar.of(ADA) == []
    await calendar.app.settle()
    assert len(await calendar.of(ADA)) == 1


async def test_an_error_before_the_booking_looks_the_same_to_us(calendar: Calendar) -> None:
    await calendar.misbehave(on="create_booking", do="error_before")
    with pytest.raises(OutcomeUnknown) as raised:
        await _book(calendar)
    assert isinstance(raised.value.fault, ServerFault)
    assert await calendar.of(ADA) == []


@pytest.mark.parametrize("operation", ["reschedule", "cancel"])
async def test_moves_and_cancels_can_be_undecided_too(calendar: Calendar, operation: str) -> None:
    made = await _book(calendar)
    await calendar.misbehave(on=operation, do="drop_answer")
    ask = {
        "reschedule": lambda: calendar.client.reschedule(made.uid, TEN + timedelta(hours=1)),
        "cancel": lambda: calendar.client.cancel(made.uid, reason="ill"),
    }
    with pytest.raises(OutcomeUnknown):
        await ask[operation]()
    assert (await calendar.client.get_booking(made.uid)).status == BookingStatus.CANCELLED


async def test_reads_survive_a_short_fault(calendar: Calendar) -> None:
    await calendar.misbehave(on="slots", do="error_before", times=2)
    assert "15:00" in await _starts(calendar)
    assert await calendar.asked("slots") == 3


async def test_429_is_told_apart_and_not_asked_again(calendar: Calendar) -> None:
    await calendar.misbehave(on="*", do="429", times=2)
    with pytest.raises(RateLimited) as raised:
        await _book(calendar)
    assert raised.value.retry_after_seconds > 0
    with pytest.raises(RateLimited):
        await _starts(calendar)
    assert await calendar.asked("slots") == 1
    assert await calendar.of(ADA) == []


async def test_the_limit_of_an_account_is_met(busy_calendar: Calendar) -> None:
    for _ in range(5):
        await busy_calendar.client.me()
    with pytest.raises(RateLimited) as raised:
        await busy_calendar.client.me()
    assert raised.value.retry_after_seconds == 60


async def test_parallel_bookings_of_a_slot_leave_one(calendar: Calendar) -> None:
    everybody = [Attendee(f"P {n}", "UTC", email=f"p{n}@example.com") for n in range(4)]
    outcomes = await asyncio.gather(
        *(_book(calendar, attendee=each) for each in everybody), return_exceptions=True
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == [
        "Booking",
        "SlotUnavailable",
        "SlotUnavailable",
        "SlotUnavailable",
    ]
