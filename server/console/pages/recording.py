"""What can be heard of a call: from the store, in pieces, and never without being written down."""

from collections.abc import AsyncIterator
from datetime import timedelta
from http import HTTPStatus
from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import Response, StreamingResponse

from calls.recordings import NotStored, RecordingStore, StoreUnavailable
from db import audit, recordings
from db.console import call as calls
from server.console.looks import headers
from server.console.parts import ConsoleParts
from server.console.ranges import NotSatisfiable, span_of
from server.console.visit import Visit

_PIECE: Final = 256 * 1024

SAME_LISTENING: Final = timedelta(minutes=10)
"""A player asks for many pieces; this is one listening."""


async def listen(parts: ConsoleParts, visit: Visit) -> Response:
    """A recording, or the part of it that a player asks for."""
    recording_id = visit.path_id("recording")
    async with parts.database.transaction(visit.business.id) as tx:
        found = await recordings.get(tx, id=recording_id)
        if found is None or found.stored_as is None or found.size_bytes is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        since = visit.now - SAME_LISTENING
        if not await calls.listened(
            tx, user_id=visit.user_id, recording_id=recording_id, since=since
        ):
            await audit.add(
                tx,
                user_id=visit.user_id,
                action="listened",
                subject_kind="matter",
                subject_id=found.call_id,
                facts={"recording": str(recording_id), "channel": found.channel.value},
                now=visit.now,
            )
    size = found.size_bytes
    about = {**headers(), "accept-ranges": "bytes", "cache-control": "private, no-store"}
    try:
        span = span_of(visit.request.headers.get("range"), size)
    except NotSatisfiable:
        about["content-range"] = f"bytes */{size}"
        return Response(status_code=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, headers=about)
    start, end = span or (0, size)
    about["content-length"] = str(end - start)
    if span:
        about["content-range"] = f"bytes {start}-{end - 1}/{size}"
    try:  # before the first byte is promised
        first = await parts.store.read(found.stored_as, start, min(start + _PIECE, end))
    except (NotStored, StoreUnavailable):
        raise HTTPException(HTTPStatus.NOT_FOUND) from None
    return StreamingResponse(
        _pieces(parts.store, found.stored_as, first, start, end),
        status_code=HTTPStatus.PARTIAL_CONTENT if span else HTTPStatus.OK,
        media_type=found.media_type,
        headers=about,
    )


async def _pieces(
    store: RecordingStore, name: str, first: bytes, start: int, end: int
) -> AsyncIterator[bytes]:
    yield first
    at = start + len(first)
    while at < end:
        piece = await store.read(name, at, min(at + _PIECE, end))
        yield piece
        at += len(piece)
