"""People are told what became of a wish: once, by what there is, or by somebody who calls."""

import json
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs
from uuid import uuid4

import pytest
from psycopg.types.json import Jsonb
from pydantic import SecretStr

from booking.vault import Vault
from db import businesses, tasks
from db.database import Database
from db.states import FlagKind, TaskKind, TaskReason
from server.settings import Settings, Telling
from server.telling import notice_to_staff
from server.wiring import open_worker
from tests.outgoing.postbox import receiving
from tests.outgoing.provider import Provider, providing
from tests.practice import ADA, SECRET_KEY, Practice
from tests.servers import Addresses


@pytest.fixture
async def provider() -> AsyncIterator[Provider]:
    async with providing() as provider:
        yield provider


def texting(practice: Practice, provider: Provider) -> Settings:
    url = SecretStr(f"http://AC1:token@127.0.0.1:{provider.port}?from=Praxis")
    return practice.settings.model_copy(update={"telling": Telling(sms_url=url)})


async def work(practice: Practice, settings: Settings, **until: float) -> None:
    """Let time pass in steps of half a minute, and a worker do what falls due."""
    end = practice.clock.now + timedelta(**until)
    async with open_worker(
        settings, clock=practice.clock, transport=practice.transport, gated=False
    ) as worker:
        while True:
            while await worker.work_once():
                pass
            if practice.clock.now >= end:
                return
            practice.clock.advance(seconds=30)


async def requested(practice: Practice, *, language: str = "en") -> None:
    """Somebody is told "requested", and then it stands."""
    await practice.misbehave("create_booking", "drop_answer")
    assert (await book(practice, language=language))["status"] == "requested"


async def book(practice: Practice, *, language: str = "en") -> dict[str, Any]:
    call = practice.call(ADA, language)
    checked = await call.ask(
        "check_availability", service="checkup", date="2026-02-11", time="14:30", staff="Anna"
    )
    told = await call.ask("book", slot=checked["slots"][0]["id"], confirmed=True)
    await practice.bookkeeping_done()
    return told


def sent(provider: Provider) -> list[Mapping[str, str]]:
    return [
        {name: values[0] for name, values in parse_qs(heard.body.decode()).items()}
        for heard in provider.heard
    ]


async def all_tasks(practice: Practice) -> list[dict[str, Any]]:
    async with practice.database.single(practice.id) as tx:
        text = await tx.only(
            "SELECT coalesce(json_agg(t ORDER BY created_at, kind DESC), '[]')::text FROM task t",
            into=str,
        )
    return json.loads(text)  # type: ignore[no-any-return]


async def policies(practice: Practice, addresses: Addresses, **messages: object) -> None:
    """As `business apply` writes them."""
    sealed = Vault(SECRET_KEY).seal("a secret of both")
    async with (
        Database.connect(addresses.database_owner_url, role=None) as owner,
        owner.transaction(practice.id) as tx,
    ):
        await tx.run(
            "UPDATE business SET policies = %(policies)s",
            {"policies": Jsonb({"messages": messages})},
        )
        await businesses.put_credential(
            tx, id=uuid4(), name="webhook_secret", secret_encrypted=sealed, now=practice.clock()
        )


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            (
                "Praxis am Park: your appointment is confirmed. Check-up, Wednesday, February 11, "
                "2026, 2:30 PM, for Ada Lindqvist. Questions? +493023125010"
            ),
        ),
        (
            "de",
            (
                "Praxis am Park: Ihr Termin ist bestätigt. Check-up, Mittwoch, 11. Februar 2026, "
                "14:30 Uhr, für Ada Lindqvist. Fragen? +493023125010"
            ),
        ),
    ],
)
async def test_what_was_requested_and_stands_is_told_once(
    practice: Practice, provider: Provider, language: str, text: str
) -> None:
    await requested(practice, language=language)
    await work(practice, texting(practice, provider), minutes=3)

    assert sent(provider) == [{"To": ADA, "From": "Praxis", "Body": text}]
    [task] = await all_tasks(practice)
    assert (task["kind"], task["state"], task["sent_by"]) == ("message", "done", "sms")


async def test_nobody_to_send_it_means_a_call(practice: Practice) -> None:
    await requested(practice)
    await work(practice, practice.settings, minutes=2)

    told, call = await all_tasks(practice)
    assert (told["kind"], told["state"]) == ("message", "cancelled")
    assert (call["kind"], call["reason"], call["state"]) == ("callback", "confirmed", "open")
    assert call["recipient"] == ADA


async def test_a_number_that_is_refused_means_a_call(
    practice: Practice, provider: Provider
) -> None:
    provider.answers = [(400, b'{"code": 21614}')]
    await requested(practice)
    await work(practice, texting(practice, provider), minutes=2)

    assert len(provider.heard) == 1
    assert [task["kind"] for task in await all_tasks(practice) if task["state"] == "open"] == [
        "callback"
    ]
    [row] = await practice.rows()
    assert row["state"] == "confirmed"  # whatever became of the message


async def test_a_provider_that_is_busy_is_asked_again(
    practice: Practice, provider: Provider
) -> None:
    provider.answers = [(503, b""), (429, b"")]
    await requested(practice)
    await work(practice, texting(practice, provider), minutes=5)

    assert len(provider.heard) == 3
    [task] = await all_tasks(practice)
    assert task["state"] == "done"


async def test_a_provider_that_stays_busy_means_a_call(
    practice: Practice, provider: Provider
) -> None:
    provider.answers = [(503, b"")] * 10
    await requested(practice)
    await work(practice, texting(practice, provider), minutes=20)

    assert len(provider.heard) == 4
    assert [task.kind for task in await practice.tasks()] == [TaskKind.CALLBACK]


async def test_f_090_what_was_perhaps_sent_is_not_sent_again(
    practice: Practice, provider: Provider
) -> None:
    """The provider took it and its answer was lost; staff see a message with a key."""
    provider.answers = [None]
    await requested(practice)
    await work(practice, texting(practice, provider), minutes=20)

    assert len(provider.heard) == 1
    [task] = await practice.tasks()
    assert (task.kind, task.sent_key is not None) == (TaskKind.MESSAGE, True)


async def test_f_090_nor_after_a_crash_between_sending_and_noting(
    practice: Practice, provider: Provider
) -> None:
    await requested(practice)
    await work(practice, practice.settings.model_copy(update={}), seconds=0)
    async with practice.database.single(practice.id) as tx:
        await tasks.add(
            tx,
            kind=TaskKind.MESSAGE,
            reason=TaskReason.CONFIRMED,
            recipient=ADA,
            booking_id=(await tx.only("SELECT id FROM booking", into=type(practice.id))),
            due_at=practice.clock(),
            now=practice.clock(),
        )
        [task] = await tasks.open_ones(tx)
        assert await tasks.begin_sending(tx, id=task.id, key=uuid4())

    await work(practice, texting(practice, provider), minutes=0)

    assert provider.heard == []
    assert [task.kind for task in await practice.tasks()] == [TaskKind.MESSAGE]


async def test_who_has_no_provider_but_a_program_of_its_own_is_told_there(
    practice: Practice, provider: Provider, addresses: Addresses
) -> None:
    await policies(practice, addresses, webhook=f"{provider.origin}/slotline")
    server = practice.settings.server.model_copy(update={"private_origins": provider.origin})
    await requested(practice)
    await work(practice, practice.settings.model_copy(update={"server": server}), minutes=2)

    [heard] = provider.heard
    told = json.loads(heard.body)
    assert told["type"] == "message.confirmed"
    assert told["data"]["to"]["number"] == ADA
    assert told["data"]["booking"]["start"] == "2026-02-11T13:30:00+00:00"
    assert heard.headers["webhook-signature"].startswith("v1,")
    assert "calcom" not in heard.body.decode()


async def test_a_house_that_confirms_everything_writes_also_what_was_heard(
    practice: Practice, provider: Provider, addresses: Addresses
) -> None:
    await policies(practice, addresses, confirms=True)
    assert (await book(practice))["status"] == "booked"
    await work(practice, texting(practice, provider), seconds=0)

    assert [message["To"] for message in sent(provider)] == [ADA]


async def test_and_calls_nobody_who_has_heard_it(practice: Practice, addresses: Addresses) -> None:
    await policies(practice, addresses, confirms=True)
    assert (await book(practice))["status"] == "booked"
    await work(practice, practice.settings, seconds=0)

    assert [task["state"] for task in await all_tasks(practice)] == ["cancelled"]


async def test_staff_are_told_once_that_somebody_waits(
    practice: Practice, addresses: Addresses
) -> None:
    await policies(practice, addresses, staff_email="desk@praxis.example")
    call = practice.call(ADA)
    await call.ask("request_callback", reason="a question about my insurance")
    await practice.bookkeeping_done()
    async with receiving() as postbox:
        telling = Telling(smtp_url=SecretStr(postbox.url))
        server = practice.settings.server.model_copy(
            update={"public_url": "https://slotline.example"}
        )
        settings = practice.settings.model_copy(update={"telling": telling, "server": server})
        for _ in range(3):
            practice.clock.advance(minutes=1)
            await jobs(practice, settings)

    [mail] = postbox.mails
    assert (mail["To"], mail["Subject"]) == (
        "desk@praxis.example",
        "Praxis am Park: somebody is waiting",
    )
    text = mail.get_content()
    assert "1 caller to call back" in text
    assert "https://slotline.example/console" in text
    assert "insurance" not in text
    assert "Ada" not in text


async def test_staff_whose_mail_server_is_away_are_told_when_it_is_back(
    practice: Practice, addresses: Addresses
) -> None:
    await policies(practice, addresses, staff_email="desk@praxis.example")
    await practice.call(ADA).ask("request_callback", reason="a question")
    async with receiving() as postbox:
        postbox.refuses = "451 later"
        telling = Telling(smtp_url=SecretStr(postbox.url))
        settings = practice.settings.model_copy(update={"telling": telling})
        practice.clock.advance(minutes=1)
        await jobs(practice, settings)
        postbox.refuses = None
        practice.clock.advance(minutes=1)
        await jobs(practice, settings)
    assert len(postbox.mails) == 1


async def jobs(practice: Practice, settings: Settings) -> None:
    async with open_worker(
        settings, clock=practice.clock, transport=practice.transport, gated=False
    ) as worker:
        await worker.work_jobs_once()
        while await worker.work_jobs_once():
            pass


async def test_a_notice_counts_in_both_languages(practice: Practice) -> None:
    access = await practice.parts.directory.access(practice.slug)
    assert access
    flagged = [FlagKind.TOLD_WITHOUT_BOOKING] * 2
    writing = notice_to_staff(access.business, callbacks=3, flagged=flagged, console=None)
    assert writing.text == "Praxis am Park: 3 callers to call back, 2 calls to look at now."
