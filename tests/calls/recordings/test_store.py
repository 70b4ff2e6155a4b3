"""Recordings are kept whole or not at all."""

import stat
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from calls.recordings import (
    BucketAccess,
    NotStored,
    RecordingStore,
    StoreUnavailable,
    StoreUnusable,
)
from tests.bucket import Bucket, bucket_server, new_bucket


class BrokenOff(Exception):
    """The line went dead."""


async def pieces(*, count: int, broken: bool = False) -> AsyncIterator[bytes]:
    for number in range(count):
        yield bytes([number]) * 1_000_000
    if broken:
        raise BrokenOff


@dataclass(frozen=True)
class Folder:
    """The same as a bucket, of this machine."""

    path: Path

    @property
    def url(self) -> str:
        return (self.path / "of the practice").as_uri()

    access = None

    async def files(self) -> list[str]:
        return [path.name for path in self.path.rglob("*") if path.is_file()]

    async def is_uploading(self) -> bool:
        return False


@pytest.fixture(scope="module")
async def endpoint(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    async with bucket_server(tmp_path_factory.mktemp("s3")) as endpoint:
        yield endpoint


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.fixture
async def bucket(endpoint: str) -> Bucket:
    return await new_bucket(endpoint)


@pytest.fixture(params=["folder", "bucket"])
def place(request: pytest.FixtureRequest) -> Folder | Bucket:
    found: Folder | Bucket = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def store(place: Folder | Bucket) -> RecordingStore:
    return RecordingStore.at(place.url, access=place.access)


async def test_a_part_can_be_read_of_what_was_kept(store: RecordingStore) -> None:
    assert await store.put("practice/call/mixed.wav", pieces(count=12)) == 12_000_000
    assert await store.read("practice/call/mixed.wav", 1_999_998, 2_000_002) == b"\1\1\2\2"
    assert await store.read("practice/call/mixed.wav", 11_999_999, 99_000_000) == b"\x0b"
    with pytest.raises(StoreUnavailable):
        await store.read("practice/call/mixed.wav", 12_000_001, 12_000_002)


async def test_what_breaks_off_leaves_nothing_behind(
    store: RecordingStore, place: Folder | Bucket
) -> None:
    await store.put("practice/call/mixed.wav", b"before")
    for name in ("mixed", "separate"):
        with pytest.raises(BrokenOff):
            await store.put(f"practice/call/{name}.wav", pieces(count=12, broken=True))
    assert await store.read("practice/call/mixed.wav", 0, 100) == b"before"
    assert await place.files() == ["mixed.wav"]
    assert not await place.is_uploading()


async def test_what_is_deleted_is_gone(store: RecordingStore) -> None:
    await store.put("practice/call/mixed.wav", b"sound")
    for _ in range(2):
        await store.delete("practice/call/mixed.wav")
    with pytest.raises(NotStored):
        await store.read("practice/call/mixed.wav", 0, 1)


async def test_nobody_else_on_the_machine_may_look(folder: Folder, tmp_path: Path) -> None:
    RecordingStore.at(folder.url)
    assert stat.S_IMODE((tmp_path / "of the practice").stat().st_mode) == 0o700


async def test_a_name_cannot_leave_the_folder(folder: Folder, tmp_path: Path) -> None:
    store = RecordingStore.at(folder.url)
    with pytest.raises(ValueError, match=r"\.\."):
        await store.put("../../elsewhere.wav", b"sound")
    assert not list(tmp_path.parent.rglob("elsewhere.wav"))


@pytest.mark.parametrize(
    "url", ["file:///proc/recordings", "file://host/folder", "https://bucket.example", "folder"]
)
def test_where_nothing_can_be_kept_is_said_at_once(url: str) -> None:
    with pytest.raises(StoreUnusable):
        RecordingStore.at(url)


async def test_a_bucket_that_is_away_is_unavailable(unused_tcp_port: int) -> None:
    access = BucketAccess(
        endpoint=f"http://127.0.0.1:{unused_tcp_port}",
        region="eu-central-1",
        access_key_id="id",
        secret_access_key="secret",
    )
    store = RecordingStore.at("s3://recordings/of-the-practice", access=access)
    with pytest.raises(StoreUnavailable):
        await store.put("practice/call/mixed.wav", b"sound")
    assert "'secret'" not in repr(access)
