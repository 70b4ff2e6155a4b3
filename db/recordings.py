"""Recordings of calls: links that expire, until they have been fetched."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from db.states import Channel, RecordingState
from db.transaction import Transaction


@dataclass(frozen=True, slots=True)
class RecordingRow:
    """What can be heard of a call, or could be."""

    id: UUID
    call_id: UUID
    channel: Channel
    state: RecordingState
    source_url: str | None = field(repr=False)
    """While it is due: whoever has it can listen."""
    expires_at: datetime | None
    stored_as: str | None
    """Its name in the store."""
    media_type: str | None
    size_bytes: int | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class FlaggedRow:
    """A recording that is ours, of a call that somebody should look at."""

    stored_as: str
    channel: Channel
    media_type: str
    size_bytes: int
    platform: str
    platform_call_id: str
    started_at: datetime
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class LeasedRecording:
    """A recording that a worker must fetch, and whose it is."""

    id: UUID
    business_id: UUID
    attempts: int
    """How often it has been taken up, this time included."""


async def announce(
    tx: Transaction,
    *,
    id: UUID,  # noqa: A002
    call_id: UUID,
    channel: Channel,
    source_url: str,
    expires_at: datetime | None,
    now: datetime,
) -> None:
    """Note where a recording can be fetched; a newer link replaces one that was not followed."""
    await tx.run(
        """
        INSERT INTO recording (
            id, business_id, call_id, channel, source_url, expires_at, due_at, created_at,
            updated_at)
        VALUES (
            %(id)s, %(business_id)s, %(call_id)s, %(channel)s, %(source_url)s, %(expires_at)s,
            %(now)s, %(now)s, %(now)s)
        ON CONFLICT (business_id, call_id, channel) DO UPDATE SET
            source_url = excluded.source_url, expires_at = excluded.expires_at, state = 'due',
            due_at = excluded.due_at, attempts = 0, error = NULL, updated_at = excluded.updated_at
        WHERE recording.state <> 'stored'
        """,
        {
            "id": id,
            "call_id": call_id,
            "channel": channel,
            "source_url": source_url,
            "expires_at": expires_at,
            "now": now,
        },
    )


async def add(
    tx: Transaction,
    *,
    id: UUID,  # noqa: A002
    call_id: UUID,
    channel: Channel,
    stored_as: str | None,
    media_type: str | None,
    size_bytes: int,
    error: str | None,
    now: datetime,
) -> None:
    """Note a recording that came without a link: stored, or lost if it is stored nowhere."""
    await tx.run(
        """
        INSERT INTO recording (
            id, business_id, call_id, channel, state, stored_as, media_type, size_bytes, error,
            created_at, updated_at)
        VALUES (
            %(id)s, %(business_id)s, %(call_id)s, %(channel)s, %(state)s, %(stored_as)s,
            %(media_type)s, %(size_bytes)s, %(error)s, %(now)s, %(now)s)
        ON CONFLICT (business_id, call_id, channel) DO UPDATE SET
            state = excluded.state, source_url = NULL, expires_at = NULL, due_at = NULL,
            stored_as = excluded.stored_as, media_type = excluded.media_type,
            size_bytes = excluded.size_bytes, error = excluded.error,
            updated_at = excluded.updated_at
        WHERE recording.state <> 'stored'
        """,
        {
            "id": id,
            "call_id": call_id,
            "channel": channel,
            "state": RecordingState.STORED if stored_as else RecordingState.FAILED,
            "stored_as": stored_as,
            "media_type": media_type,
            "size_bytes": size_bytes,
            "error": error,
            "now": now,
        },
    )


async def lease_due(
    tx: Transaction, *, now: datetime, lease: timedelta, at_most: int
) -> list[LeasedRecording]:
    """Take recordings of any business that are due, longest first, and hide them for `lease`.

    Two workers never take the same one. For the worker's role, in `registry`.
    """
    return await tx.all(
        """
        WITH due AS (
            SELECT id FROM recording
            WHERE due_at <= %(now)s ORDER BY due_at LIMIT %(at_most)s
            FOR UPDATE SKIP LOCKED
        )
        UPDATE recording SET due_at = %(until)s, attempts = attempts + 1
        FROM due WHERE recording.id = due.id
        RETURNING recording.id, recording.business_id, recording.attempts
        """,
        {"now": now, "until": now + lease, "at_most": at_most},
        into=LeasedRecording,
    )


async def get(tx: Transaction, *, id: UUID) -> RecordingRow | None:  # noqa: A002
    """A recording by our own id."""
    return await tx.one("SELECT * FROM recording WHERE id = %(id)s", {"id": id}, into=RecordingRow)


async def flagged_since(tx: Transaction, *, since: datetime, until: datetime) -> list[FlaggedRow]:
    """Recordings that became ours, or whose call was flagged, after an instant; `until` included.

    Only of calls that have an open flag still.
    """
    return await tx.all(
        """
        SELECT
            recording.stored_as, recording.channel, recording.media_type, recording.size_bytes,
            call.platform, call.platform_call_id, call.started_at,
            coalesce(call.ended_at, call.started_at) AS ended_at
        FROM recording
        JOIN call ON call.id = recording.call_id
        JOIN (
            SELECT call_id, min(created_at) AS raised_at FROM flag
            WHERE state = 'open' AND call_id IS NOT NULL GROUP BY call_id
        ) AS flagged ON flagged.call_id = call.id
        WHERE recording.state = 'stored'
            AND greatest(recording.updated_at, flagged.raised_at) > %(since)s
            AND greatest(recording.updated_at, flagged.raised_at) <= %(until)s
        ORDER BY recording.updated_at, recording.id
        """,
        {"since": since, "until": until},
        into=FlaggedRow,
    )


async def stored(
    tx: Transaction,
    *,
    id: UUID,  # noqa: A002
    stored_as: str,
    media_type: str,
    size_bytes: int,
    now: datetime,
) -> None:
    """Note that a recording is ours. Its link is forgotten: whoever has it can listen."""
    await tx.run(
        """
        UPDATE recording SET
            state = 'stored', stored_as = %(stored_as)s, media_type = %(media_type)s,
            size_bytes = %(size_bytes)s, source_url = NULL, due_at = NULL, error = NULL,
            updated_at = %(now)s
        WHERE id = %(id)s
        """,
        {
            "id": id,
            "stored_as": stored_as,
            "media_type": media_type,
            "size_bytes": size_bytes,
            "now": now,
        },
    )


async def failed(
    tx: Transaction,
    *,
    id: UUID,  # noqa: A002
    source_url: str | None,
    error: str,
    now: datetime,
) -> bool:
    """Note that a recording is lost; false if there is another link to it by now."""
    touched = await tx.run(
        """
        UPDATE recording SET
            state = 'failed', source_url = NULL, due_at = NULL, error = %(error)s,
            updated_at = %(now)s
        WHERE id = %(id)s AND state = 'due' AND source_url = %(source_url)s
        """,
        {"id": id, "source_url": source_url, "error": error, "now": now},
    )
    return touched == 1


async def postpone(
    tx: Transaction,
    *,
    id: UUID,  # noqa: A002
    due_at: datetime,
    error: str,
    now: datetime,
) -> None:
    """Let a worker come back to a recording that is not ours yet."""
    await tx.run(
        """
        UPDATE recording SET due_at = %(due_at)s, error = %(error)s, updated_at = %(now)s
        WHERE id = %(id)s AND state = 'due'
        """,
        {"id": id, "due_at": due_at, "error": error, "now": now},
    )
