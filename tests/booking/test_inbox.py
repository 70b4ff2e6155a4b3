"""What happens at Cal.com shows in our records: once in effect, in whatever order it is told."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from redis.asyncio import Redis

from tests.practice import ADA, Caller, Practice, Reply
from tests.servers import Addresses
from tests.webhooks import Post, subscribed

HALF_PAST_TWO = "2026-02-11T13:30:00Z"
FOUR = "2026-02-11T15:00:00Z"


@pytest.fixture
async def post(practice: Practice, addresses: Addresses) -> AsyncIterator[Post]:
    async with subscribed(practice, addresses) as post:
        yield post


async def read_back(call: Caller, at: str = "14:30", **more: str) -> Reply:
    return await call.ask(
        "check_availability", service="checkup", date="2026-02-11", time=at, staff="Anna", **more
    )


async def booked(practice: Practice, at: str = "14:30") -> dict[str, Any]:
    """A booking by phone, as our record has it."""
    call = practice.call(ADA)
    checked = await read_back(call, at)
    told = await call.ask("book", slot=checked["slots"][0]["id"], confirmed=True)
    assert told["status"] == "booked"
    return (await practice.rows())[-1]


async def row(practice: Practice) -> dict[str, Any]:
    (row,) = await practice.rows()
    return row


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


async def starts_offered(practice: Practice, wall: str) -> bool:
    """Whether a stranger is offered Anna at this time of the day."""
    checked = await read_back(practice.call("+493023125099"), wall)
    return bool(checked["status"] == "available")


# Bookings by phone


async def test_what_cal_com_repeats_of_our_own_doing_costs_no_request(
    practice: Practice, post: Post
) -> None:
    """Made, moved, cancelled by phone: each is told back to us, and nothing is asked."""
    call = practice.call(ADA)
    checked = await read_back(call)
    await call.ask("book", slot=checked["slots"][0]["id"], confirmed=True)
    await post.work_off(rounds=2)
    await call.ask("reschedule", date="2026-02-11", time="16:00")
    assert (await call.ask("reschedule", confirmed=True))["status"] == "moved"
    await post.work_off(rounds=2)
    await call.ask("cancel")
    assert (await call.ask("cancel", confirmed=True))["status"] == "cancelled"
    await post.work_off(rounds=2)

    told = await post.events()
    assert {"BOOKING_CREATED", "BOOKING_RESCHEDULED", "BOOKING_CANCELLED"} == {
        event["kind"] for event in told
    }
    assert all(event["applied_at"] for event in told)
    assert (await practice.requests_at_calcom()).get("get_booking", 0) == 0


async def test_what_was_changed_behind_our_back_is_no_echo(practice: Practice, post: Post) -> None:
    """Moved in the web UI a moment after it was made, and the webhook of the move is lost."""
    ours = await booked(practice)
    await post.work_off(rounds=1)
    await post.spoil("lose")
    moved = await post.move(ours["calcom_uid"], FOUR)
    await post.tell("BOOKING_CREATED", moved["uid"])
    assert at((await row(practice))["start_at"]) == at(FOUR)


async def test_f_070_webhooks_before_during_and_after_our_commit_are_one_booking(
    practice: Practice, post: Post
) -> None:
    """The first arrives inside our own request to Cal.com, while the row is pending."""
    await post.spoil("duplicate", times=2)
    ours = await booked(practice, "15:00")
    assert (await row(practice))["state"] == "confirmed"

    await post.work_off()
    await post.tell("BOOKING_CREATED", ours["calcom_uid"])
    await post.tell("BOOKING_CREATED", ours["calcom_uid"])
    await post.work_off()

    after = await row(practice)
    assert (after["id"], after["state"]) == (ours["id"], "confirmed")
    assert after["call_id"] == ours["call_id"]
    assert all(event["applied_at"] for event in await post.events())
    assert len(await practice.bookings_at_calcom()) == 1


async def test_a_booking_of_which_only_the_webhook_tells_is_recognised(
    practice: Practice, post: Post
) -> None:
    """Our answer was lost and nobody looked yet; the webhook carries our id."""
    call = practice.call(ADA)
    checked = await read_back(call)
    await practice.misbehave("create_booking", "drop_answer")
    told = await call.ask("book", slot=checked["slots"][0]["id"], confirmed=True)
    assert told["status"] == "requested"

    await post.work_off()

    (held,) = await practice.bookings_at_calcom()
    after = await row(practice)
    assert (after["state"], after["calcom_uid"]) == ("confirmed", held["uid"])


async def test_a_saga_that_is_at_work_is_not_interfered_with(
    practice: Practice, post: Post
) -> None:
    """While its writer holds the lease, a pending row is the writer's."""
    call = practice.call(ADA)
    checked = await read_back(call)
    await practice.misbehave("create_booking", "drop_answer")
    await call.ask("book", slot=checked["slots"][0]["id"], confirmed=True)

    await post.applied()

    assert (await row(practice))["state"] == "pending"
    (event,) = await post.events()
    assert event["applied_at"] is None
    assert event["due_at"] is not None


# The web UI


async def test_f_034_a_booking_made_outside_is_recorded_and_no_longer_offered(
    practice: Practice, post: Post
) -> None:
    assert await starts_offered(practice, "14:30")

    made = await post.book(HALF_PAST_TWO, name="Theo Lang")
    await post.applied()

    after = await row(practice)
    assert (after["origin"], after["state"]) == ("calcom", "confirmed")
    assert (after["attendee_name"], after["calcom_uid"]) == ("Theo Lang", made["uid"])
    assert at(after["start_at"]) == at(HALF_PAST_TWO)
    assert after["call_id"] is None
    assert after["staff_id"] is not None
    assert await practice.claims() >= 1
    assert not await starts_offered(practice, "14:30")


async def test_a_booking_made_outside_costs_one_look(practice: Practice, post: Post) -> None:
    await post.book(HALF_PAST_TWO)
    await post.applied()
    assert (await row(practice))["state"] == "confirmed"
    assert (await practice.requests_at_calcom())["get_booking"] == 1


async def test_f_070_whoever_writes_down_what_has_ended_meanwhile_is_put_right(
    practice: Practice, post: Post
) -> None:
    """Seen standing; cancelled, which finds no record; only then recorded by whoever saw it."""
    await post.spoil("lose", times=2)
    made = await post.book(HALF_PAST_TWO)
    await post.cancel(made["uid"])
    await post.tell("BOOKING_CANCELLED", made["uid"])
    assert await practice.rows() == []

    booking = practice.calendar.state.sandbox.world.bookings[made["uid"]]
    booking.status = "accepted"  # as it was when it was looked at
    await post.tell("BOOKING_CREATED", made["uid"])
    booking.status = "cancelled"
    assert (await row(practice))["state"] == "confirmed"

    await post.work_off(rounds=2)
    assert (await row(practice))["state"] == "cancelled"


async def test_f_034_a_booking_of_another_service_takes_its_host_too(
    practice: Practice, post: Post
) -> None:
    """Event type 5 is not ours to book, but its host's time is gone all the same."""
    assert await starts_offered(practice, "16:00")

    await post.book(FOUR, eventTypeId=5)
    await post.applied()

    assert await practice.rows() == []
    assert not await starts_offered(practice, "16:00")


async def test_f_034_a_cancellation_outside_frees_the_slot(practice: Practice, post: Post) -> None:
    ours = await booked(practice, "15:30")
    assert not await starts_offered(practice, "15:30")

    await post.cancel(ours["calcom_uid"])
    await post.work_off()

    assert (await row(practice))["state"] == "cancelled"
    assert await starts_offered(practice, "15:30")


async def test_f_053_a_move_in_the_calendar_shows_here_and_is_not_sent_back(
    practice: Practice, post: Post
) -> None:
    ours = await booked(practice, "09:30")
    asked = dict(await practice.requests_at_calcom())

    moved = await post.move(ours["calcom_uid"], "2026-02-12T10:10:00Z")
    await post.work_off()

    after = await row(practice)
    assert (after["id"], after["state"]) == (ours["id"], "confirmed")
    assert at(after["start_at"]) == at("2026-02-12T10:10:00Z")
    assert at(after["end_at"]) == at("2026-02-12T10:40:00Z")
    assert after["calcom_uid"] == moved["uid"]
    assert await starts_offered(practice, "09:30")
    now_asked = await practice.requests_at_calcom()
    more = {name for name in now_asked if now_asked[name] != asked.get(name)}
    assert more <= {"get_booking", "list", "slots"}


async def test_a_moved_booking_holds_its_new_time_against_callers(
    practice: Practice, post: Post
) -> None:
    """The claim moves along: the old time is free, the new one is taken, buffers included."""
    ours = await booked(practice, "10:30")
    await post.move(ours["calcom_uid"], "2026-02-11T14:00:00Z")
    await post.work_off()

    async with practice.database.single(practice.id) as tx:
        claims = await tx.all(
            "SELECT lower(during) FROM claim WHERE booking_id IS NOT NULL", into=datetime
        )
    assert claims == [at("2026-02-11T14:00:00Z")]


async def test_a_booking_moved_twice_is_found_though_one_message_was_lost(
    practice: Practice, post: Post
) -> None:
    made = await post.book(HALF_PAST_TWO)
    await post.applied()
    await post.spoil("lose")
    once = await post.move(made["uid"], FOUR)
    twice = await post.move(once["uid"], "2026-02-12T15:00:00Z")
    await post.work_off()

    after = await row(practice)
    assert (after["calcom_uid"], at(after["start_at"])) == (twice["uid"], at(twice["start"]))


async def test_a_late_message_about_the_old_name_changes_nothing(
    practice: Practice, post: Post
) -> None:
    """The booking was moved; what was said about it before comes in after that."""
    made = await post.book(HALF_PAST_TWO)
    moved = await post.move(made["uid"], FOUR)
    await post.work_off()

    await post.tell("BOOKING_CREATED", made["uid"])
    await post.tell("BOOKING_CANCELLED", made["uid"])
    await post.work_off()

    after = await row(practice)
    assert (after["state"], after["calcom_uid"]) == ("confirmed", moved["uid"])


async def test_f_070_an_old_message_does_not_revive_a_cancelled_booking(
    practice: Practice, post: Post
) -> None:
    made = await post.book(HALF_PAST_TWO)
    await post.applied()
    created = post.body("BOOKING_CREATED", made["uid"])
    await post.cancel(made["uid"])
    await post.work_off()
    assert (await row(practice))["state"] == "cancelled"

    await post.deliver(created)
    await post.tell("BOOKING_RESCHEDULED", made["uid"])
    await post.work_off()

    assert (await row(practice))["state"] == "cancelled"
    assert await starts_offered(practice, "14:30")


async def test_a_cancellation_that_is_told_first_is_awaited(practice: Practice, post: Post) -> None:
    """Cal.com tells before it does: the first look finds the booking standing."""
    made = await post.book(HALF_PAST_TWO)
    await post.applied()
    practice.clock.advance(seconds=1)

    await post.tell("BOOKING_CANCELLED", made["uid"])
    assert (await row(practice))["state"] == "confirmed"
    waiting = (await post.events())[-1]
    assert (waiting["applied_at"], waiting["error"]) == (None, "not to be seen yet")

    await post.spoil("lose")
    await post.cancel(made["uid"])
    await post.work_off()
    assert (await row(practice))["state"] == "cancelled"


async def test_a_cancellation_that_never_comes_is_not_believed(
    practice: Practice, post: Post
) -> None:
    made = await post.book(HALF_PAST_TWO)
    await post.tell("BOOKING_CANCELLED", made["uid"])
    await post.work_off(rounds=8)

    assert (await row(practice))["state"] == "confirmed"
    assert all(event["applied_at"] for event in await post.events())


# Event types that the host confirms


@pytest.fixture
async def whitening(practice: Practice, addresses: Addresses) -> Practice:
    """Cleaning by Ben needs his confirmation."""
    sandbox = practice.calendar.state.sandbox
    sandbox.world.event_types[1].requires_confirmation = True
    return practice


async def answered(practice: Practice, uid: str, answer: str) -> None:
    access = await practice.parts.directory.access(practice.slug)
    assert access
    headers = {
        "authorization": f"Bearer {access.secrets['calcom_key'][0]}",
        "cal-api-version": "2024-08-13",
    }
    sent = await practice.calendar_http.post(
        f"/v2/bookings/{uid}/{answer}", json={}, headers=headers
    )
    sent.raise_for_status()


@pytest.mark.parametrize(("answer", "state"), [("confirm", "confirmed"), ("decline", "failed")])
async def test_the_hosts_answer_changes_the_record(
    whitening: Practice, post: Post, answer: str, state: str
) -> None:
    """It comes by webhook and without our metadata."""
    call = whitening.call(ADA)
    checked = await read_back(call, "15:00")
    told = await call.ask("book", slot=checked["slots"][0]["id"], confirmed=True)
    assert (told["status"], told["booked"]) == ("requested", False)
    waiting = await row(whitening)
    assert waiting["state"] == "awaiting_host"

    await answered(whitening, waiting["calcom_uid"], answer)
    await post.work_off()

    after = await row(whitening)
    assert (after["id"], after["state"]) == (waiting["id"], state)


# What must not be believed


async def test_f_044_a_booking_with_our_id_for_somebody_else_is_not_adopted(
    practice: Practice, post: Post
) -> None:
    """A wish is unsettled, and a booking turns up that says it is ours but is for another."""
    call = practice.call(ADA)
    checked = await read_back(call)
    await practice.misbehave("create_booking", "error_before")
    await call.ask("book", slot=checked["slots"][0]["id"], confirmed=True)
    ours = await row(practice)
    practice.clock.advance(minutes=2)

    made = await post.book(FOUR, name="Somebody Else", metadata={"slotline_booking_id": ours["id"]})
    await post.applied()

    after = await row(practice)
    assert (after["state"], after["calcom_uid"]) == ("pending", None)
    assert made["uid"] != after["calcom_uid"]
    assert "sync_failure" in await post.flags()


async def test_f_077_an_id_that_is_not_of_this_business_is_nobodys(
    practice: Practice, post: Post
) -> None:
    """Another business shares the account: its booking is neither adopted nor touched."""
    await post.book(
        HALF_PAST_TWO, metadata={"slotline_booking_id": "6a7c3f0e-52a5-4f0c-8b7a-0c2f8e1d9b11"}
    )
    await post.work_off()

    assert await practice.rows() == []
    assert len(await practice.bookings_at_calcom()) == 1


async def test_a_second_booking_of_one_record_is_told_to_humans(
    practice: Practice, post: Post
) -> None:
    """Parallel moves at Cal.com all succeed; ours keeps the one that it knows."""
    ours = await booked(practice, "10:00")
    sandbox = practice.calendar.state.sandbox
    twin = sandbox.world.bookings[ours["calcom_uid"]].model_copy(
        deep=True,
        update={"id": 4711, "uid": "twinOfOurs", "start": at(FOUR), "idempotency_key": "twin"},
    )
    sandbox.world.put(twin)

    await post.tell("BOOKING_RESCHEDULED", "twinOfOurs", metadata=twin.metadata)

    after = await row(practice)
    assert (after["calcom_uid"], after["state"]) == (ours["calcom_uid"], "confirmed")
    assert "sync_failure" in await post.flags()
    assert len(await practice.bookings_at_calcom()) == 2


Spoiler = Callable[[Post], Awaitable[None]]


async def not_json(post: Post) -> None:
    await _answer_with(post, b"<html>Bad gateway</html>")


async def another_version(post: Post) -> None:
    body = {"status": "success", "data": {"uid": "x", "status": "ACCEPTED", "startTime": "soon"}}
    await _answer_with(post, json.dumps(body).encode())


async def another_booking(post: Post) -> None:
    sandbox = post.practice.calendar.state.sandbox
    await post.spoil("lose")
    other = await post.book("2026-02-13T09:00:00Z", name="Quite Another", eventTypeId=2)
    real = sandbox.world.bookings[other["uid"]]
    for uid in list(sandbox.world.bookings):
        sandbox.world.bookings[uid] = real


async def _answer_with(post: Post, content: bytes) -> None:
    """Let Cal.com answer everything with this."""

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    post.practice.transport.app = answer  # type: ignore[attr-defined]


@pytest.mark.parametrize("spoil", [not_json, another_version, another_booking])
async def test_an_answer_that_is_no_answer_changes_no_row(
    practice: Practice, post: Post, spoil: Spoiler
) -> None:
    """It is asked again later, and if that does not help a human is told."""
    ours = await booked(practice, "11:00")
    await post.work_off(rounds=1)
    before = await practice.rows()
    await spoil(post)

    await post.tell("BOOKING_CANCELLED", ours["calcom_uid"])
    assert await practice.rows() == before
    waiting = (await post.events())[-1]
    assert waiting["applied_at"] is None
    assert "UnexpectedAnswer" in waiting["error"]

    await post.work_off(rounds=14, seconds=1200)
    assert await practice.rows() == before
    given_up = next(e for e in await post.events() if e["kind"] == "BOOKING_CANCELLED")
    assert (given_up["due_at"], given_up["applied_at"]) == (None, None)
    assert "sync_failure" in await post.flags()


async def test_a_booking_that_nobody_knows_is_asked_for_again_and_then_told(
    practice: Practice, post: Post
) -> None:
    """Genuinely signed, and about nothing: its uid, a secret all the same, is told to nobody."""
    await post.tell("BOOKING_CREATED", "nobodyKnowsThisUid")
    (event,) = await post.events()
    assert (event["applied_at"], event["due_at"] is None) == (None, False)
    assert event["error"].startswith("NotFound")

    await post.work_off(rounds=14, seconds=1200)

    (event,) = await post.events()
    assert (event["applied_at"], event["due_at"]) == (None, None)
    assert "nobodyKnowsThisUid" not in event["error"]
    assert await post.flags() == ["sync_failure"]
    assert await practice.rows() == []


async def test_cal_com_being_away_postpones_and_then_all_is_applied(
    practice: Practice, post: Post
) -> None:
    await practice.misbehave("get_booking", "error_before", times=4)
    await post.book(HALF_PAST_TWO)
    await post.applied()
    assert await practice.rows() == []

    await post.work_off(rounds=8, seconds=120)
    assert (await row(practice))["state"] == "confirmed"


async def test_f_075_what_is_applied_for_one_business_is_forgotten_for_it_alone(
    practice: Practice, post: Post, redis_url: str
) -> None:
    """Keys carry the business: another one's slots stay remembered."""
    foreign = b"slots:another-business:1:Europe/Berlin"
    async with Redis.from_url(redis_url) as redis:
        await redis.hset(foreign, "2026-02-11", "f")
        uid = (await post.book(HALF_PAST_TWO))["uid"]
        await post.applied()
        await starts_offered(practice, "14:30")
        before = {key: await redis.dump(key) async for key in redis.scan_iter("slots:*")}

        await post.cancel(uid)
        await post.applied()

        forgotten = [key for key, kept in before.items() if await redis.dump(key) != kept]
        assert forgotten
        assert all(str(practice.id).encode() in key for key in forgotten)


async def test_f_034_a_hosts_absence_makes_its_days_be_asked_for_anew(
    practice: Practice, post: Post
) -> None:
    """Out of office: no booking changes, but what is free does."""
    assert await starts_offered(practice, "14:30")
    before = (await practice.requests_at_calcom())["slots"]
    assert await starts_offered(practice, "15:30")
    assert (await practice.requests_at_calcom())["slots"] == before

    away = {"start": "2026-02-11T00:00:00Z", "end": "2026-02-13T00:00:00Z"}
    envelope = {"triggerEvent": "OOO_CREATED", "createdAt": "2026-02-10T08:00:00Z"}
    body = json.dumps({**envelope, "payload": {"oooEntry": away}})
    await post.deliver(body.encode())
    await post.applied()

    await starts_offered(practice, "16:15")
    assert (await practice.requests_at_calcom())["slots"] > before
