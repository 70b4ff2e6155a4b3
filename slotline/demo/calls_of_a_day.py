"""A day of calls for the demo's console: spoken beforehand, their tools played now.

What tools answer is real, and so are the bookings; the rules flag what is odd, as ever.
Calls of the morning are played at once and set back to when they are said to have been; those that
book take as long as they take, for a booking has one time everywhere.
"""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, Self
from uuid import UUID

import httpx

from calls.log import CallLog
from calls.recordings import Limits, Recordings, RecordingStore
from calls.report import CallReport, Said
from db import businesses
from db.database import Database
from db.states import CallState, Channel, Ending, Role
from server.platforms import retell
from server.settings import Settings
from slotline.demo.retell import RetellCall
from slotline.demo.script import ToolCall
from slotline.demo.stage import Stage
from slotline.places import Places

_DAY: Final = Path(__file__).with_name("day")
_HIDDEN: Final = "anonymous"
_WRITTEN_WITHIN_SECONDS: Final = 10.0
"""Tool calls are written down behind their reply."""


@dataclass(frozen=True, slots=True)
class DayCall:
    """One call of `calls.json`."""

    id: str
    language: str
    caller: str
    minutes_ago: int
    ending: Ending
    lasts_ms: int
    sound: bytes
    turns: Sequence[Said]
    tools: Sequence[tuple[int, ToolCall]]
    """Milliseconds since the call began, and what is asked then."""

    @classmethod
    def of(cls, told: dict[str, Any]) -> Self:
        """A call as it stands in the file."""
        return cls(
            id=told["id"],
            language=told["language"],
            caller=told["caller"],
            minutes_ago=told["minutes_ago"],
            ending=Ending(told["ending"]),
            lasts_ms=told["lasts_ms"],
            sound=(_DAY / told["sound"]).read_bytes(),
            turns=[Said(**{**turn, "role": Role(turn["role"])}) for turn in told["turns"]],
            tools=[
                (tool["at_ms"], ToolCall(tool["tool"], tool["arguments"])) for tool in told["tools"]
            ],
        )


def day() -> list[DayCall]:
    """All calls of the day."""
    told = json.loads((_DAY / "calls.json").read_text(encoding="utf-8"))
    return [DayCall.of(call) for call in told]


class Day:
    """Plays the calls of a day. Each is played once a day, however often the demo is started."""

    def __init__(self, stage: Stage, http: httpx.AsyncClient, database: Database) -> None:
        self._stage = stage
        self._http = http
        self._db = database
        self._log = CallLog(database)
        url = Settings.read().recordings.url or Places.here().recordings_url
        self._recordings = Recordings(
            database=database,
            store=RecordingStore.at(url),
            http=http,
            limits=Limits(bytes=1, seconds=1.0),  # nothing is fetched
        )

    async def play(self, calls: Sequence[DayCall], *, today: datetime) -> None:
        """Play calls, all at the same time."""
        async with self._db.registry() as tx:
            business = await businesses.by_slug(tx, slug=self._stage.business.slug)
        if business is None:
            raise LookupError(self._stage.business.slug)
        await asyncio.gather(*(self._play(business.id, call, today=today) for call in calls))

    async def _play(self, business_id: UUID, call: DayCall, *, today: datetime) -> None:
        platform_call_id = f"call_day_{today:%Y%m%d}_{call.id}"
        if await self._is_over(business_id, platform_call_id):
            return
        began = datetime.now(UTC)
        ring = RetellCall(
            http=self._http,
            url=f"{self._stage.base_url}/v1/{self._stage.business.slug}/retell/tools",
            key=self._stage.keys["retell_key"],
            call_id=platform_call_id,
            caller=call.caller or _HIDDEN,
            line=self._stage.business.lines[0].number,
        )
        for number, (at_ms, asked) in enumerate(call.tools):
            if not call.minutes_ago:
                until = began + timedelta(milliseconds=at_ms)
                await asyncio.sleep(max((until - datetime.now(UTC)).total_seconds(), 0.0))
            await ring.ask(asked, number=number)
        started_at = began - timedelta(minutes=call.minutes_ago)
        if call.tools:
            await self._written(business_id, platform_call_id, len(call.tools))
        if call.minutes_ago:
            await self._set_back(business_id, platform_call_id, call, started_at)
        await self._hang_up(business_id, call, platform_call_id, started_at)

    async def _hang_up(
        self, business_id: UUID, call: DayCall, platform_call_id: str, started_at: datetime
    ) -> None:
        ended_at = started_at + timedelta(milliseconds=call.lasts_ms)
        async with self._db.single(business_id) as tx:
            [line, *_] = await businesses.lines(tx)
        report = CallReport(
            platform=retell.events.platform,
            platform_call_id=platform_call_id,
            started_at=started_at,
            ended_at=ended_at,
            is_over=True,
            ending=call.ending,
            turns=call.turns,
        )
        now = max(ended_at, datetime.now(UTC))
        call_id = await self._log.tell(
            business_id,
            report,
            line_id=line.id,
            caller=call.caller or None,
            language=call.language,
            now=now,
        )
        await self._recordings.keep(business_id, call_id, Channel.MIXED, call.sound, now=now)

    async def _is_over(self, business_id: UUID, platform_call_id: str) -> bool:
        async with self._db.single(business_id) as tx:
            state = await tx.one(
                "SELECT state FROM call WHERE platform_call_id = %(id)s",
                {"id": platform_call_id},
                into=str,
            )
        return state == CallState.ENDED

    async def _written(self, business_id: UUID, platform_call_id: str, tools: int) -> None:
        async with asyncio.timeout(_WRITTEN_WITHIN_SECONDS):
            while True:
                async with self._db.single(business_id) as tx:
                    found = await tx.only(
                        """
                        SELECT count(*) FROM tool_call WHERE call_id = (
                            SELECT id FROM call WHERE platform_call_id = %(id)s)
                        """,
                        {"id": platform_call_id},
                        into=int,
                    )
                if found >= tools:
                    return
                await asyncio.sleep(0.05)

    async def _set_back(
        self, business_id: UUID, platform_call_id: str, call: DayCall, started_at: datetime
    ) -> None:
        """Put each tool call where it belongs in a call that is said to be over for long."""
        instants = [started_at + timedelta(milliseconds=at_ms) for at_ms, _ in call.tools]
        async with self._db.single(business_id) as tx:
            await tx.run(
                """
                WITH asked AS (
                    SELECT id, row_number() OVER (ORDER BY started_at) AS n FROM tool_call
                    WHERE call_id = (SELECT id FROM call WHERE platform_call_id = %(id)s)
                )
                UPDATE tool_call SET started_at = (%(instants)s::timestamptz[])[asked.n]
                FROM asked WHERE tool_call.id = asked.id
                """,
                {"id": platform_call_id, "instants": instants},
            )
