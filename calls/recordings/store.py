"""Where recordings are kept: a folder of this machine, or a bucket of anybody who speaks S3."""

from __future__ import annotations  # obstore has `ObjectStore` for type checkers only

from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

if TYPE_CHECKING:
    from obstore.store import ObjectStore

_PART_BYTES: Final = 5 * 1024 * 1024
"""The smallest part that S3 takes; one at a time is what a recording holds in memory."""


_PATIENCE: Final = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class BucketAccess:
    """How to reach a bucket; what is missing is Amazon's, or this machine's."""

    endpoint: str | None = None
    region: str | None = None
    access_key_id: str | None = None
    secret_access_key: str | None = field(default=None, repr=False)


class StoreUnusable(Exception):
    """Recordings cannot be kept there."""


class StoreUnavailable(Exception):
    """The store did not do what it was asked; it may later."""


class NotStored(Exception):
    """There is nothing of that name."""


class RecordingStore:
    """Keeps files under names that others have to know: nothing here lists them."""

    def __init__(self, store: ObjectStore) -> None:
        """Use `at`."""
        self._store = store

    @classmethod
    def at(cls, url: str, *, access: BucketAccess | None = None) -> Self:
        """The store of a URL.

        Args:
            url: `file:///folder`, made if it is missing and then for nobody else, or
                `s3://bucket/prefix`.
            access: To the bucket.

        Raises:
            StoreUnusable: The folder cannot be made, or the URL is neither.
        """
        parts = urlsplit(url)
        try:
            if parts.scheme == "s3":
                return cls(_bucket(url, access or BucketAccess()))
            folder = Path(unquote(parts.path))
            if parts.scheme != "file" or parts.netloc or not folder.is_absolute():
                raise StoreUnusable(f"not file:///folder or s3://bucket: {parts.scheme}")
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            return cls(LocalStore(folder))
        except (OSError, ValueError, BaseError) as error:
            raise StoreUnusable(type(error).__name__) from error

    async def put(self, name: str, content: bytes | AsyncIterator[bytes]) -> int:
        """Keep a file; another of this name is replaced when all of it is there, and only then.

        Args:
            name: Parts with slashes between them.
            content: All of it, or piece by piece; what that raises comes through, and nothing is
                kept.

        Returns:
            How many bytes it has.

        Raises:
            StoreUnavailable: It could not be written.
            ValueError: The name leads elsewhere.
        """
        size = 0

        async def counted(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
            nonlocal size
            async for piece in pieces:
                size += len(piece)
                yield piece

        try:
            await obstore.put_async(
                self._store,
                name,
                content if isinstance(content, bytes) else counted(content),
                chunk_size=_PART_BYTES,
                max_concurrency=1,
            )
        except (OSError, BaseError) as error:
            raise StoreUnavailable(type(error).__name__) from error
        return len(content) if isinstance(content, bytes) else size

    async def read(self, name: str, start: int, end: int) -> bytes:
        """The bytes from `start` up to but not including `end`, fewer where the file ends.

        Raises:
            NotStored: There is no such file.
            StoreUnavailable: It could not be read, or ends before `start`.
        """
        try:
            found = await obstore.get_range_async(self._store, name, start=start, end=end)
        except FileNotFoundError:
            raise NotStored(name) from None
        except (OSError, BaseError) as error:
            raise StoreUnavailable(type(error).__name__) from error
        return bytes(found)

    async def delete(self, name: str) -> None:
        """Forget a file, if there is one.

        Raises:
            StoreUnavailable: It may still be there.
        """
        try:
            await obstore.delete_async(self._store, name)
        except FileNotFoundError:
            return
        except (OSError, BaseError) as error:
            raise StoreUnavailable(type(error).__name__) from error


def _bucket(url: str, access: BucketAccess) -> S3Store:
    return S3Store.from_url(
        url,
        config={name: value for name, value in asdict(access).items() if value},  # type: ignore[arg-type]
        retry_config={"max_retries": 2, "retry_timeout": _PATIENCE},  # a worker tries again later
        client_options={"allow_http": (access.endpoint or "").startswith("http://")},
    )
