"""The door for Cal.com's webhooks: what it lets in, what it stores, what it answers."""

import asyncio
import json
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest

from booking.vault import Vault
from calcom.sandbox.seed import DEMO_KEY
from calcom.signature import HEADER, sign
from db import businesses
from db.database import Database
from db.states import EventKind
from server import faults, tally
from server.settings import Server
from tests.practice import SECRET_KEY, Practice
from tests.servers import Addresses
from tests.webhooks import PATH, SECRET, Post, give_secret, subscribed


@pytest.fixture
async def post(practice: Practice, addresses: Addresses) -> AsyncIterator[Post]:
    async with subscribed(practice, addresses) as post:
        yield post


async def test_a_genuine_webhook_is_stored_raw_and_acknowledged(post: Post) -> None:
    body = post.body("BOOKING_CREATED", "uid-of-nobody")

    answer = await post.deliver(body, **{"x-cal-webhook-version": "2021-10-20"})

    assert (answer.status_code, answer.json()) == (200, {"ok": True})
    (event,) = await post.events()
    assert event["kind"] == "BOOKING_CREATED"
    assert event["headers"]["x-cal-webhook-version"] == "2021-10-20"
    assert HEADER.lower() not in event["headers"]
    async with post.practice.database.single(post.practice.id) as tx:
        assert await tx.all("SELECT body FROM inbox_event", into=bytes) == [body]


async def test_it_costs_one_statement_and_asks_cal_com_nothing_before_the_answer(
    post: Post,
) -> None:
    """Cal.com's booking call waits for us. The business is known by then."""
    await post.deliver(post.body("PING", "warm-up"))
    asked = dict(await post.practice.requests_at_calcom())

    with tally.counted() as cost:
        answer = await post.deliver(post.body("MEETING_STARTED", "some-uid"))

    assert answer.status_code == 200
    assert cost.statements == 1
    assert dict(await post.practice.requests_at_calcom()) == asked


@pytest.mark.parametrize("change", ["altered", "unsigned", "no-secret-provided", "other-key"])
async def test_f_067_what_cal_com_did_not_sign_is_refused(post: Post, change: str) -> None:
    body = post.body("BOOKING_CREATED", "abc")
    headers = {HEADER: sign(body, SECRET)}
    match change:
        case "altered":
            body = body.replace(b"abc", b"abd")
        case "unsigned":
            headers = {}
        case "no-secret-provided":
            headers = {HEADER: "no-secret-provided"}
        case _:
            headers = {HEADER: sign(body, "the secret of yesterday")}

    answer = await post.http.post(PATH, content=body, headers=headers)

    assert (answer.status_code, answer.content) == (401, faults.STRANGER)
    assert await post.events() == []


async def test_a_secret_that_is_being_rotated_counts_and_a_retired_one_does_not(
    post: Post, addresses: Addresses
) -> None:
    await give_secret(post.practice, addresses, "the old one", "the new one")

    answers = [
        await post.deliver(post.body("BOOKING_PAID", f"uid{n}"), secret=secret)
        for n, secret in enumerate(("the old one", "the new one", SECRET))
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 401]


async def test_a_business_without_a_secret_takes_nothing(post: Post, addresses: Addresses) -> None:
    await give_secret(post.practice, addresses)
    answer = await post.deliver(post.body("BOOKING_CREATED", "abc"), secret="")
    assert answer.status_code == 401


@pytest.mark.parametrize("slug", ["no-such-practice", "Praxis", "%00", "x" * 200])
async def test_an_unknown_business_is_told_nothing(post: Post, slug: str) -> None:
    body = post.body("BOOKING_CREATED", "abc")
    answer = await post.deliver(body, path=f"/v1/{slug}/calcom/webhook")
    assert (answer.status_code, answer.content) == (401, faults.STRANGER)


@pytest.mark.parametrize(
    "body",
    [
        b'{"triggerEvent":"BOOKING_CREATED","payload":{"uid":"a',
        b"",
        b"[]",
        b'"text"',
        b"\xff\xfe",
        b"triggerEvent=BOOKING_CREATED&uid=abc",
        b"[" * 100_000,
    ],
)
async def test_what_is_signed_but_no_json_object_is_refused(post: Post, body: bytes) -> None:
    """A form, as a custom template makes it, too: it would tell us nothing."""
    form = {"content-type": "application/x-www-form-urlencoded"}
    answer = await post.deliver(body, **form)
    assert (answer.status_code, answer.content) == (400, faults.STRANGER)
    assert await post.events() == []


async def test_json_that_comes_as_a_form_is_read(post: Post) -> None:
    """Cal.com names the content type by its template, before that is filled in."""
    form = {"content-type": "application/x-www-form-urlencoded"}
    answer = await post.deliver(post.body("BOOKING_CREATED", "abc"), **form)
    assert answer.status_code == 200
    assert len(await post.events()) == 1


async def test_a_huge_body_is_refused_unread(post: Post) -> None:
    most = Server().webhook_body_bytes
    answer = await post.deliver(b"{" + b" " * most + b"}")
    assert (answer.status_code, answer.content) == (413, faults.STRANGER)
    assert await post.events() == []


@pytest.mark.parametrize(
    ("trigger", "kind"),
    [
        ("WRONG_ASSIGNMENT_REPORT", "WRONG_ASSIGNMENT_REPORT"),
        ("PING", "PING"),
        (None, "UNTOLD"),
        ("drop table\x00;", "UNTOLD"),
        (17, "UNTOLD"),
    ],
)
async def test_unknown_triggers_are_kept_and_have_no_effect(
    post: Post, trigger: object, kind: str
) -> None:
    body = json.dumps({"triggerEvent": trigger, "createdAt": "soon", "payload": {"a": 1}})

    answer = await post.deliver(body.encode())
    await post.applied()

    assert answer.status_code == 200
    (event,) = await post.events()
    assert event["kind"] == kind
    assert event["applied_at"] is not None
    assert await post.practice.rows() == []


async def test_the_same_event_is_stored_once_however_often_it_comes(post: Post) -> None:
    body = post.body("BOOKING_RESCHEDULED", "abc")

    answers = await asyncio.gather(*(post.deliver(body) for _ in range(10)))

    assert {answer.status_code for answer in answers} == {200}
    assert len(await post.events()) == 1


async def test_events_that_differ_in_their_time_alone_are_two(post: Post) -> None:
    await post.deliver(post.body("BOOKING_CANCELLED", "abc"))
    post.practice.clock.advance(seconds=3)
    await post.deliver(post.body("BOOKING_CANCELLED", "abc"))
    assert len(await post.events()) == 2


async def test_what_cannot_be_stored_is_not_acknowledged(
    post: Post,
) -> None:
    """The table is locked for longer than a statement may take, as by a migration gone wrong."""
    await post.deliver(post.body("PING", "warm-up"))
    async with post.practice.database.transaction(post.practice.id) as tx:
        await tx.run("LOCK TABLE inbox_event IN ACCESS EXCLUSIVE MODE")
        answer = await post.deliver(post.body("BOOKING_CREATED", "abc"))

    assert (answer.status_code, answer.content) == (503, faults.STRANGER)
    again = await post.deliver(post.body("BOOKING_CREATED", "abc"))
    assert again.status_code == 200


async def test_f_077_businesses_do_not_hear_each_others_webhooks(
    post: Post, addresses: Addresses
) -> None:
    """Both use one account at Cal.com; each has its own secret and its own event types."""
    practice = post.practice
    laboratory = await found_laboratory(practice, addresses)
    made = await post.book("2026-02-11T13:30:00Z", eventTypeId=1)
    body = post.body("BOOKING_CREATED", made["uid"])
    theirs = "/v1/laboratory/calcom/webhook"

    crossed = [
        await post.deliver(body, secret=SECRET, path=theirs),
        await post.deliver(body, secret=LABORATORY_SECRET, path=PATH),
    ]
    assert [answer.status_code for answer in crossed] == [401, 401]

    meant = await post.deliver(body, secret=LABORATORY_SECRET, path=theirs)
    await post.applied()

    assert meant.status_code == 200
    async with practice.database.single(laboratory) as tx:
        assert await tx.only("SELECT count(*) FROM booking", into=int) == 0
        assert await tx.only("SELECT count(*) FROM inbox_event", into=int) == 1
    (row,) = await practice.rows()
    assert row["calcom_uid"] == made["uid"]


LABORATORY_SECRET = "the laboratory's own"


async def found_laboratory(practice: Practice, addresses: Addresses) -> UUID:
    """Another business at the same account, with an event type of its own."""
    id_, now = uuid4(), practice.clock()
    vault = Vault(SECRET_KEY)
    async with (
        Database.connect(addresses.database_owner_url, role=None) as owner,
        owner.transaction(id_) as tx,
    ):
        await businesses.put_business(
            tx,
            slug="laboratory",
            name="Laboratory",
            timezone="Europe/Berlin",
            language="de",
            attendee_email_domain="callers.laboratory.example",
            calcom_base_url=None,
            calcom_versions={},
            transfer_number=None,
            policies={},
            now=now,
        )
        service = await businesses.put_service(
            tx, id=uuid4(), slug="blood", name="Blood", synonyms=[], position=1
        )
        ben = await businesses.put_staff(tx, id=uuid4(), slug="ben", name="Ben", calcom_user_id=2)
        await businesses.put_event_type(
            tx,
            id=uuid4(),
            service_id=service,
            calcom_id=6,
            kind=EventKind.FIXED,
            staff_id=ben,
            length_minutes=20,
        )
        for name, secret in (
            ("calcom_webhook_secret", LABORATORY_SECRET),
            ("calcom_key", DEMO_KEY),
        ):
            await businesses.put_credential(
                tx, id=uuid4(), name=name, secret_encrypted=vault.seal(secret), now=now
            )
    return id_
