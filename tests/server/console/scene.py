"""What people find at the console: a call with everything in it."""

import io
import math
import struct
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from calls.log import CallLog
from calls.report import CallReport, Said
from db import flags
from db.states import Channel, Ending, FlagKind, Role, Severity
from tests.practice import ADA, Practice

SAID = (
    (Role.AGENT, "Praxis am Park, hello. How can I help you?", 0, 2400),
    (Role.CALLER, "I'd like a check-up tomorrow at half past two, please.", 3000, 6200),
    (Role.AGENT, "Tomorrow at half past two for Ms Lindqvist, is that right?", 8200, 11000),
    (Role.CALLER, "Yes, please.", 11600, 12400),
    (Role.AGENT, "Booked. See you then.", 13800, 15600),
)


@dataclass(frozen=True, slots=True)
class Call:
    """A call that is over."""

    id: UUID
    booking: dict[str, Any]


def tone(seconds: float, *, rate: int = 8000) -> bytes:
    """A sound file: speech comes in turns, so a tone comes and goes each second."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        frames = (
            round(9000 * math.sin(n / 6) * (int(n / rate) % 3 != 2))
            for n in range(int(seconds * rate))
        )
        sound.writeframes(b"".join(struct.pack("<h", frame) for frame in frames))
    return file.getvalue()


async def ring(
    practice: Practice,
    *,
    said: Sequence[tuple[Role, str, int | None, int | None]] = SAID,
    flagged: Sequence[tuple[FlagKind, Severity, int | None]] = (
        (FlagKind.WISH_NOT_MET, Severity.CRITICAL, 8000),
    ),
    note: str | None = None,
    sound: bytes | None = None,
    books: bool = True,
) -> Call:
    """Ada rings; she books a check-up for tomorrow at half past two, and hangs up."""
    caller = practice.call(ADA)
    booking: dict[str, Any] = {}
    if books:
        wish = {"service": "check-up", "date": "tomorrow", "time": "14:30"}
        reply = await caller.ask("check_availability", **wish)
        practice.clock.advance(seconds=6)
        booked = await caller.ask("book", slot=reply["slots"][0]["id"], confirmed=True)
        assert booked["status"] == "booked"
        booking = (await practice.rows())[-1]
        await practice.bookkeeping_done()
    now = practice.clock()
    report = CallReport(
        platform="neutral",
        platform_call_id=caller.call_id,
        started_at=now - timedelta(seconds=9),
        ended_at=now + timedelta(seconds=8),
        is_over=True,
        ending=Ending.CALLER_HUNG_UP,
        turns=[Said(*turn) for turn in said],
    )
    access = await practice.parts.directory.access(practice.slug)
    assert access
    call_id = await CallLog(practice.database).tell(
        practice.id,
        report,
        line_id=access.business.lines[0].id,
        caller=ADA,
        language="en",
        now=now,
    )
    if sound is not None:
        await practice.parts.call_events._recordings.keep(
            practice.id, call_id, Channel.MIXED, sound, now=now
        )
    async with practice.database.single(practice.id) as tx:
        for kind, severity, at_ms in flagged:
            await flags.raise_flag(
                tx,
                id=uuid4(),
                kind=kind,  # or one of a newer release
                severity=severity,
                call_id=call_id,
                booking_id=None,
                note=note,
                at_ms=at_ms,
                now=now,
            )
    return Call(call_id, booking)
