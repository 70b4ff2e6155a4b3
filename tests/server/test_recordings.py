"""What platforms have recorded becomes ours while its link holds, or is lost and said to be."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from calls.log import CallLog
from calls.recordings import RecordingStore
from calls.report import CallReport, RecordingLink
from db import recordings
from db.database import WORKER_ROLE, Database
from db.states import Channel
from server.queues.recordings import LEASE
from server.settings import Recordings
from server.wiring import open_worker
from server.worker import Worker
from tests.bucket import KEY, bucket_server, new_bucket
from tests.practice import Practice
from tests.server.cdn import Answer, Cdn, answer, opened, wav
from tests.servers import Addresses

MEBIBYTE = 1024 * 1024


@pytest.fixture
async def cdn() -> AsyncIterator[Cdn]:
    async with opened() as cdn:
        yield cdn


@asynccontextmanager
async def worker(practice: Practice, cdn: Cdn, **changed: object) -> AsyncIterator[Worker]:
    """One that may fetch from the CDN, though it is this machine, and nowhere else."""
    settings = practice.settings
    server = settings.server.model_copy(update={"private_origins": cdn.origin})
    kept_where = settings.recordings.model_copy(update=changed)
    settings = settings.model_copy(update={"server": server, "recordings": kept_where})
    async with open_worker(
        settings, clock=practice.clock, transport=practice.transport, gated=False
    ) as worker:
        yield worker


async def announce(practice: Practice, url: str, *, expires_at: datetime | None = None) -> None:
    """A platform tells where a call can be heard."""
    link = RecordingLink(Channel.MIXED, url, expires_at)
    await CallLog(practice.database).tell(
        practice.id,
        CallReport(platform="retell", platform_call_id="call_1", recordings=[link]),
        line_id=None,
        caller=None,
        language="en",
        now=practice.clock(),
    )


async def the_row(practice: Practice) -> dict[str, Any]:
    async with practice.database.single(practice.id) as tx:
        text = await tx.only("SELECT to_json(r)::text FROM recording r", into=str)
    found: dict[str, Any] = json.loads(text)
    return found


async def notes(practice: Practice) -> list[str]:
    async with practice.database.single(practice.id) as tx:
        return await tx.all("SELECT kind || ': ' || note FROM flag", into=str)


async def kept(practice: Practice, row: dict[str, Any]) -> bytes:
    assert practice.settings.recordings.url
    store = RecordingStore.at(practice.settings.recordings.url)
    return await store.read(row["stored_as"], 0, row["size_bytes"] + 1)


def files(practice: Practice) -> list[Path]:
    assert practice.settings.recordings.url
    folder = Path(practice.settings.recordings.url.removeprefix("file://"))
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_a_recording_is_fetched_at_once_and_its_link_forgotten(
    practice: Practice, cdn: Cdn
) -> None:
    cdn.files["/a.wav"] = answer(wav(300.0))
    await announce(practice, f"{cdn.origin}/a.wav?Signature=secret")
    async with worker(practice, cdn) as one:
        assert await one.work_once() == 1
        assert await one.work_once() == 0
    row = await the_row(practice)
    assert (row["state"], row["media_type"]) == ("stored", "audio/wav")
    assert (row["source_url"], row["due_at"], row["error"]) == (None, None, None)
    assert row["stored_as"] == f"{practice.id}/{row['call_id']}/mixed.wav"
    assert await kept(practice, row) == wav(300.0)
    assert await practice.flags() == []


async def test_a_bucket_keeps_it_as_the_environment_says(
    practice: Practice, cdn: Cdn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = wav(600.0)
    cdn.files["/a.wav"] = answer(sound)
    await announce(practice, f"{cdn.origin}/a.wav")
    async with bucket_server(tmp_path) as endpoint:
        bucket = await new_bucket(endpoint)
        monkeypatch.setenv("RECORDINGS_URL", bucket.url)
        monkeypatch.setenv("RECORDINGS_S3_ENDPOINT", endpoint)
        monkeypatch.setenv("RECORDINGS_S3_REGION", "eu-central-1")
        monkeypatch.setenv("RECORDINGS_S3_ACCESS_KEY_ID", KEY[0])
        monkeypatch.setenv("RECORDINGS_S3_SECRET_ACCESS_KEY", KEY[1])
        async with worker(practice, cdn, **Recordings().model_dump()) as one:
            await one.work_once()
        row = await the_row(practice)
        store = RecordingStore.at(bucket.url, access=bucket.access)
        part = await store.read(row["stored_as"], 5_000_000, 5_000_010)
    assert (row["state"], row["size_bytes"]) == ("stored", len(sound))
    assert part == sound[5_000_000:5_000_010]


async def test_a_cdn_may_redirect_to_its_storage(practice: Practice, cdn: Cdn) -> None:
    cdn.files["/a"] = answer(status="307 Temporary Redirect", location="/b")
    cdn.files["/b"] = answer(status="302 Found", location=f"{cdn.origin}/c")
    cdn.files["/c"] = answer(wav(), content_type="binary/octet-stream")
    await announce(practice, f"{cdn.origin}/a")
    async with worker(practice, cdn) as one:
        await one.work_once()
    assert (await the_row(practice))["state"] == "stored"
    assert cdn.asked == ["/a", "/b", "/c"]


async def endless() -> AsyncIterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\ncontent-type: audio/wav\r\n\r\n" + wav(0.1)
    while True:
        yield bytes(65_536)


REFUSED: dict[str, tuple[Answer, str]] = {
    "2 GB announced": (answer(content_length=str(2 * 1024**3)), "2147483648 bytes"),
    "endless": (endless, "more than 1048576 bytes"),
    "a page": (answer(b"<html>", content_type="text/html"), "not announced as sound"),
    "a page that is called sound": (answer(b"<!doctype html><html>"), "does not begin"),
    "packed": (answer(b"\x1f\x8b\x08" + bytes(40), content_encoding="gzip"), "does not begin"),
    "deleted": (answer(status="410 Gone"), "deleted there"),
    "a loop": (answer(status="302 Found", location="/a"), "from one address to the next"),
    "metadata": (
        answer(status="302 Found", location="http://169.254.169.254/latest/meta-data"),
        "169.254.169.254 is not asked over https",
    ),
    "metadata over https": (
        answer(status="302 Found", location="https://169.254.169.254/latest"),
        "169.254.169.254 is not on the public internet",
    ),
    "another service here": (
        answer(status="302 Found", location="https://127.0.0.1:1/"),
        "127.0.0.1 is not on the public internet",
    ),
    "a name that leads here": (
        answer(status="302 Found", location="https://localhost:1/"),
        "localhost is not on the public internet",
    ),
    "no address": (answer(status="302 Found", location="gopher://x/"), "refused"),
}


@pytest.mark.parametrize("case", REFUSED)
async def test_what_is_not_taken_is_lost_and_flagged(
    practice: Practice, cdn: Cdn, case: str
) -> None:
    cdn.files["/a"], why = REFUSED[case]
    await announce(practice, f"{cdn.origin}/a?Signature=secret")
    async with worker(practice, cdn, max_bytes=MEBIBYTE) as one:
        await one.work_once()
    row = await the_row(practice)
    assert (row["state"], row["source_url"], row["due_at"]) == ("failed", None, None)
    assert why in row["error"]
    (note,) = await notes(practice)
    assert note == f"recording_lost: {row['error']}"
    assert "secret" not in note
    assert files(practice) == []


@pytest.mark.parametrize(
    "url", ["http://cdn.example/a.wav", "https://10.1.2.3/a.wav", "file:///etc/passwd", "nonsense"]
)
async def test_a_link_that_leads_inside_is_not_followed(
    practice: Practice, cdn: Cdn, url: str
) -> None:
    await announce(practice, url)
    async with worker(practice, cdn) as one:
        await one.work_once()
    assert (await the_row(practice))["state"] == "failed"
    assert await practice.flags() == ["recording_lost"]


async def half() -> AsyncIterator[bytes]:
    yield answer(wav())[:4_000]


async def nothing_more() -> AsyncIterator[bytes]:
    """A server that says it will go on."""
    yield answer(wav(), content_length="1000000")
    await asyncio.sleep(60)


@pytest.mark.parametrize(
    "given",
    [
        answer(status="403 Forbidden"),
        answer(status="404 Not Found"),
        answer(status="503 Service Unavailable"),
        answer(b""),
        b"nonsense",
        b"",
        half,
        nothing_more,
    ],
    ids=["403", "404", "503", "empty", "nonsense", "silence", "half", "slow"],
)
async def test_what_is_not_there_yet_is_tried_until_its_link_expires(
    practice: Practice, cdn: Cdn, given: Answer
) -> None:
    """Later and later, and once more when it does."""
    cdn.files["/a"] = given
    expires_at = practice.clock() + timedelta(hours=2)
    await announce(practice, f"{cdn.origin}/a", expires_at=expires_at)
    async with worker(practice, cdn, seconds=0.5) as one:
        assert await one.work_once() == 1
        assert await one.work_once() == 0
        row = await the_row(practice)
        assert (row["state"], row["attempts"]) == ("due", 1)
        assert row["error"]
        assert files(practice) == []

        cdn.files["/a"] = answer(status="403 Forbidden")
        while (row := await the_row(practice))["state"] == "due":
            practice.clock.now = max(practice.clock.now, datetime.fromisoformat(row["due_at"]))
            assert await one.work_once() == 1
    assert practice.clock() == expires_at
    assert row["error"] == "the link has expired: the answer was 403"
    assert await practice.flags() == ["recording_lost"]


async def test_what_arrives_late_is_kept(practice: Practice, cdn: Cdn) -> None:
    await announce(practice, f"{cdn.origin}/a")
    async with worker(practice, cdn) as one:
        await one.work_once()
        cdn.files["/a"] = answer(wav())
        practice.clock.advance(seconds=10)
        await one.work_once()
    assert (await the_row(practice))["state"] == "stored"
    assert await practice.flags() == []


async def test_a_link_of_which_nobody_says_when_it_expires_is_tried_for_days(
    practice: Practice, cdn: Cdn
) -> None:
    await announce(practice, f"{cdn.origin}/a")
    async with worker(practice, cdn) as one:
        practice.clock.advance(days=2)
        await one.work_once()
        assert (await the_row(practice))["state"] == "due"
        practice.clock.advance(days=2)
        await one.work_once()
    assert (await the_row(practice))["state"] == "failed"


async def test_a_newer_link_replaces_one_that_was_lost(practice: Practice, cdn: Cdn) -> None:
    cdn.files |= {"/a": answer(status="410 Gone"), "/b": answer(wav())}
    async with worker(practice, cdn) as one:
        for path in ("/a", "/b", "/a"):
            await announce(practice, f"{cdn.origin}{path}")
            await one.work_once()
    assert (await the_row(practice))["state"] == "stored"
    assert cdn.asked == ["/a", "/b"]


async def test_what_a_dead_worker_had_taken_is_fetched_by_another(
    practice: Practice, cdn: Cdn, addresses: Addresses
) -> None:
    cdn.files["/a"] = answer(wav())
    await announce(practice, f"{cdn.origin}/a")
    async with (
        Database.connect(addresses.database_url, role=WORKER_ROLE) as dead,
        dead.registry() as tx,
    ):
        assert await recordings.lease_due(tx, now=practice.clock(), lease=LEASE, at_most=5)
    async with worker(practice, cdn) as one:
        assert await one.work_once() == 0
        practice.clock.now += LEASE
        assert await one.work_once() == 1
    assert (await the_row(practice))["state"] == "stored"
