"""Lays recordings of calls into their traces, as media that Langfuse plays.

A medium is known by its sound: sent twice, it is there once. Langfuse says where to put it, which
may be a bucket; nothing of it passes through the SDK, whose queue would hold whole recordings.
Source: https://api.reference.langfuse.com (media: POST, PATCH)
"""

import base64
import hashlib
import logging
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final

import httpx

from calls.recordings import RecordingStore
from db.states import Channel
from server.traces.records import CallKey, SoundSpan
from server.traces.traces import Traces

_log = logging.getLogger(__name__)

_PIECE: Final = 1024 * 1024
_ID_LENGTH: Final = 22


class SoundRefused(Exception):
    """Langfuse, or its bucket, will never take this recording. Holds no URL: it would be signed."""


@dataclass(frozen=True, slots=True)
class Sound:
    """A recording that is ours, and when the call was."""

    call: CallKey
    channel: Channel
    stored_as: str
    media_type: str
    size_bytes: int
    started: float
    ended: float
    """Seconds since the epoch, like all instants of traces."""


@dataclass(frozen=True, slots=True)
class Sounds:
    """Sends recordings; `http` knows Langfuse's address and keys, `bucket` neither."""

    store: RecordingStore
    traces: Traces
    http: httpx.AsyncClient = field(repr=False)
    bucket: httpx.AsyncClient = field(repr=False)

    async def add(self, sound: Sound) -> None:
        """Lay one recording into its trace. A repetition changes nothing.

        Raises:
            SoundRefused: It will not be taken later either.
            httpx.HTTPError: Langfuse or its bucket is away.
            NotStored: The recording has been deleted meanwhile.
            StoreUnavailable: It cannot be read now.
        """
        digest = hashlib.sha256()
        async for piece in self._pieces(sound):
            digest.update(piece)
        checksum = base64.b64encode(digest.digest()).decode()
        media_id = base64.urlsafe_b64encode(digest.digest()).decode()[:_ID_LENGTH]
        span = SoundSpan(
            sound.call, sound.channel, media_id, sound.media_type, sound.started, sound.ended
        )
        answer = await self.http.post(
            "/api/public/media",
            json={
                "traceId": f"{sound.call.trace_id:032x}",
                "observationId": f"{span.span_id:016x}",
                "field": "output",
                "contentType": sound.media_type,
                "contentLength": sound.size_bytes,
                "sha256Hash": checksum,
            },
        )
        _check(answer)
        place = answer.json()
        if place["mediaId"] != media_id:
            raise SoundRefused("Langfuse knows it by another id")
        if place.get("uploadUrl"):
            await self._upload(sound, place["uploadUrl"], media_id, checksum)
        self.traces.put(span)

    async def _upload(self, sound: Sound, url: str, media_id: str, checksum: str) -> None:
        began = time.monotonic()
        answer = await self.bucket.put(
            url,
            headers={
                "content-type": sound.media_type,
                "content-length": str(sound.size_bytes),
                "x-amz-checksum-sha256": checksum,
            },
            content=self._pieces(sound),
        )
        told = await self.http.patch(
            f"/api/public/media/{media_id}",
            json={
                "uploadedAt": datetime.now(UTC).isoformat(),
                "uploadHttpStatus": answer.status_code,
                "uploadTimeMs": int((time.monotonic() - began) * 1000),
            },
        )
        _check(answer)
        _check(told)
        _log.info("recording_traced", extra={"bytes": sound.size_bytes})

    async def _pieces(self, sound: Sound) -> AsyncIterator[bytes]:
        for start in range(0, sound.size_bytes, _PIECE):
            end = min(start + _PIECE, sound.size_bytes)
            yield await self.store.read(sound.stored_as, start, end)


def _check(answer: httpx.Response) -> None:
    if answer.is_success:
        return
    if answer.is_client_error and answer.status_code != HTTPStatus.TOO_MANY_REQUESTS:
        raise SoundRefused(f"the answer was {answer.status_code}")
    raise httpx.RemoteProtocolError(f"the answer was {answer.status_code}")
