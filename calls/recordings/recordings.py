"""Makes a recording ours: from a platform's link, or from the bytes that it has sent."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

import httpx

from calls.recordings.audio import HEAD_BYTES, recognise
from calls.recordings.download import NotThere, NotWanted, download
from calls.recordings.store import RecordingStore
from db import flags, recordings
from db.database import Database
from db.recordings import RecordingRow
from db.states import Channel, FlagKind, RecordingState, Severity
from db.transaction import Transaction

_log = logging.getLogger(__name__)

_NO_SOUND: Final = "what was sent does not begin as any sound file does"

PATIENCE: Final = timedelta(days=3)
"""How long a link is tried of which nobody says when it expires."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of somebody else's a recording may be."""

    bytes: int
    seconds: float
    """For all of it to arrive."""


class Recordings:
    """Fetches and keeps recordings; `now` is an argument."""

    def __init__(
        self, *, database: Database, store: RecordingStore, http: httpx.AsyncClient, limits: Limits
    ) -> None:
        """`http` checks where it goes: the links are others'."""
        self._db = database
        self._store = store
        self._http = http
        self._limits = limits

    async def fetch(
        self, business_id: UUID, recording_id: UUID, *, again_at: datetime, now: datetime
    ) -> None:
        """Fetch one that the caller has leased: it is ours then, or due again, or lost.

        Args:
            business_id: Whose it is.
            recording_id: Which.
            again_at: When to try again, should it not be there yet. The last attempt is made when
                its link expires.
            now: When.

        Raises:
            StoreUnavailable: It was there, but could not be kept.
        """
        async with self._db.single(business_id) as tx:
            row = await recordings.get(tx, id=recording_id)
        if row is None or row.state is not RecordingState.DUE or row.source_url is None:
            return
        link = row.source_url
        try:
            async with (
                asyncio.timeout(self._limits.seconds),
                download(self._http, link, at_most=self._limits.bytes) as found,
            ):
                name = _name(business_id, row.call_id, row.channel, found.format.extension)
                size = await self._store.put(name, found.pieces)
        except NotWanted as why:
            await self._lose(business_id, row, str(why), now=now)
        except (NotThere, TimeoutError) as why:
            expires_at = row.expires_at or row.created_at + PATIENCE
            reason = str(why) or "it did not arrive in time"
            if now >= expires_at:
                await self._lose(business_id, row, f"the link has expired: {reason}", now=now)
                return
            _log.info("recording_not_there", extra={"recording": row.id, "why": reason})
            async with self._db.single(business_id) as tx:
                await recordings.postpone(
                    tx, id=row.id, due_at=min(again_at, expires_at), error=reason, now=now
                )
        else:
            async with self._db.single(business_id) as tx:
                await recordings.stored(
                    tx,
                    id=row.id,
                    stored_as=name,
                    media_type=found.format.media_type,
                    size_bytes=size,
                    now=now,
                )
            _log.info("recording_stored", extra={"recording": row.id, "bytes": size})

    async def keep(
        self, business_id: UUID, call_id: UUID, channel: Channel, sound: bytes, *, now: datetime
    ) -> None:
        """Keep what a platform has sent instead of a link. A repetition changes nothing.

        Raises:
            StoreUnavailable: It could not be kept.
        """
        known = recognise(sound[:HEAD_BYTES])
        name = _name(business_id, call_id, channel, known.extension) if known else None
        if name:
            await self._store.put(name, sound)
        async with self._db.transaction(business_id) as tx:
            await recordings.add(
                tx,
                id=uuid4(),
                call_id=call_id,
                channel=channel,
                stored_as=name,
                media_type=known.media_type if known else None,
                size_bytes=len(sound),
                error=None if known else _NO_SOUND,
                now=now,
            )
            if known is None:
                await _flag(tx, call_id, _NO_SOUND, now=now)

    async def _lose(self, business_id: UUID, row: RecordingRow, why: str, *, now: datetime) -> None:
        _log.warning("recording_lost", extra={"recording": row.id, "why": why})
        async with self._db.transaction(business_id) as tx:
            if await recordings.failed(
                tx, id=row.id, source_url=row.source_url, error=why, now=now
            ):
                await _flag(tx, row.call_id, why, now=now)


async def _flag(tx: Transaction, call_id: UUID, why: str, *, now: datetime) -> None:
    await flags.raise_flag(
        tx,
        id=uuid4(),
        kind=FlagKind.RECORDING_LOST,
        severity=Severity.WARNING,
        call_id=call_id,
        booking_id=None,
        note=why,
        now=now,
    )


def _name(business_id: UUID, call_id: UUID, channel: Channel, extension: str) -> str:
    """Random ids, so that nobody guesses it; the same each time, so that nothing is kept twice."""
    return f"{business_id}/{call_id}/{channel.value}.{extension}"
