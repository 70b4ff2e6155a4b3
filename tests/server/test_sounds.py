"""Recordings of flagged calls are in their traces, where somebody wants that, and nowhere else."""

import base64
import hashlib
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest

from db import flags, jobs
from db.states import FlagKind, Severity
from server.traces import CallKey
from server.wiring import open_worker
from tests.practice import Practice
from tests.server.cdn import answer, opened, wav
from tests.server.langfuse import Langfuse, receiving
from tests.server.test_recordings import announce, files, the_row, worker
from tests.server.test_traces import settings

SOUND = wav(90.0)
"""More than one piece."""
MEDIUM = base64.urlsafe_b64encode(hashlib.sha256(SOUND).digest()).decode()[:22]


@pytest.fixture
async def langfuse() -> AsyncIterator[Langfuse]:
    async with receiving() as langfuse:
        yield langfuse


async def recorded(practice: Practice) -> UUID:
    """A call of which we have the recording."""
    async with opened() as cdn:
        cdn.files["/a.wav"] = answer(SOUND)
        await announce(practice, f"{cdn.origin}/a.wav")
        async with worker(practice, cdn) as one:
            await one.work_once()
    return UUID((await the_row(practice))["call_id"])


async def flag(practice: Practice, call_id: UUID) -> None:
    async with practice.database.transaction(practice.id) as tx:
        await flags.raise_flag(
            tx,
            id=uuid4(),
            kind=FlagKind.LONG_SILENCE,
            severity=Severity.WARNING,
            call_id=call_id,
            booking_id=None,
            note="",
            now=practice.clock(),
        )


async def work(practice: Practice, langfuse: Langfuse, **other: object) -> None:
    """Let a quarter of an hour pass and a worker do what comes round."""
    practice.clock.advance(minutes=15)
    traced = practice.settings.model_copy(update={"langfuse": settings(langfuse, **other)})
    async with open_worker(
        traced, clock=practice.clock, transport=practice.transport, gated=False
    ) as one:
        while await one.work_jobs_once():
            pass


async def test_f_091_a_recording_is_traced_if_its_call_is_flagged_and_somebody_wants_that(
    practice: Practice, langfuse: Langfuse
) -> None:
    call_id = await recorded(practice)
    await work(practice, langfuse, audio=True)
    assert langfuse.media == []  # nothing is odd about the call

    await flag(practice, call_id)
    await work(practice, langfuse)
    assert langfuse.media == []  # nobody wants it

    await work(practice, langfuse, audio=True)
    assert langfuse.sounds == {MEDIUM: SOUND}
    assert langfuse.patched == [(MEDIUM, 200)]
    call = CallKey(practice.id, "retell", "call_1")
    [asked] = langfuse.media
    span = langfuse.named("recording")
    assert (asked["traceId"], asked["observationId"]) == (f"{call.trace_id:032x}", span.id)
    assert (asked["contentType"], asked["contentLength"]) == ("audio/wav", len(SOUND))
    assert (span.trace, span.parent) == (asked["traceId"], f"{call.root_id:016x}")
    assert span.told["langfuse.observation.output"] == (
        f"@@@langfuseMedia:type=audio/wav|id={MEDIUM}|source=bytes@@@"
    )

    await work(practice, langfuse, audio=True)
    assert len(langfuse.media) == 1  # once is enough


async def test_what_langfuse_has_is_not_sent_again_and_stays_one_span(
    practice: Practice, langfuse: Langfuse
) -> None:
    await flag(practice, await recorded(practice))
    langfuse.sounds[MEDIUM] = SOUND
    await work(practice, langfuse, audio=True)
    async with practice.database.single(practice.id) as tx:
        await tx.run("DELETE FROM watermark WHERE source = 'traced_recordings'", {})
    await work(practice, langfuse, audio=True)
    assert len(langfuse.media) == 2
    assert langfuse.patched == []
    assert len({span.id for span in langfuse.spans if span.name == "recording"}) == 1


async def test_a_langfuse_that_is_away_gets_it_later_and_no_job_fails(
    practice: Practice, langfuse: Langfuse
) -> None:
    await flag(practice, await recorded(practice))
    langfuse.answers = 503
    await work(practice, langfuse, audio=True)
    assert langfuse.sounds == {}
    async with practice.database.registry() as tx:
        [row] = [row for row in await jobs.timetable(tx) if row.name == "send_recordings"]
    assert row.error is None

    langfuse.answers = 200
    await work(practice, langfuse, audio=True)
    assert langfuse.sounds == {MEDIUM: SOUND}


async def test_a_recording_that_is_refused_is_not_offered_for_ever(
    practice: Practice, langfuse: Langfuse
) -> None:
    call_id = await recorded(practice)
    await flag(practice, call_id)
    langfuse.answers = 413
    await work(practice, langfuse, audio=True)
    langfuse.answers = 200
    await work(practice, langfuse, audio=True)
    assert len(langfuse.media) == 1
    assert langfuse.sounds == {}


async def test_f_091_what_staff_have_dealt_with_stays_here(
    practice: Practice, langfuse: Langfuse
) -> None:
    await flag(practice, await recorded(practice))
    async with practice.database.single(practice.id) as tx:
        await tx.run(
            "UPDATE flag SET state = 'resolved', label = 'agent', resolved_at = %(now)s",
            {"now": practice.clock()},
        )
    await work(practice, langfuse, audio=True)
    assert langfuse.media == []


async def test_a_recording_that_has_been_deleted_is_passed_over(
    practice: Practice, langfuse: Langfuse
) -> None:
    await flag(practice, await recorded(practice))
    for file in files(practice):
        file.unlink()
    await work(practice, langfuse, audio=True)
    assert langfuse.media == []
    async with practice.database.registry() as tx:
        [row] = [row for row in await jobs.timetable(tx) if row.name == "send_recordings"]
    assert row.error is None
