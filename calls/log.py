"""The call log: one record of each call, whatever arrives first, and one of each tool call."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from db import calls
from db.database import Database
from db.states import Direction


@dataclass(frozen=True, slots=True)
class BegunCall:
    """A call's record. `memory` is what an earlier tool call left there, if any did."""

    id: UUID
    memory: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class ToolCallRecord:
    """What a model asked and what it was told. Masking is for logs: staff may read this."""

    request_id: str | None
    tool: str
    arguments: Mapping[str, object]
    status: str
    ok: bool
    reply: str
    """The reply envelope as the model got it: JSON."""
    started_at: datetime
    duration_ms: float


class CallLog:
    """Writes call records. A repetition changes nothing."""

    def __init__(self, database: Database) -> None:
        self._db = database

    async def begin(
        self,
        business_id: UUID,
        *,
        platform: str,
        platform_call_id: str,
        line_id: UUID,
        caller: str | None,
        language: str,
        now: datetime,
    ) -> BegunCall:
        """The record of a call, made now if this is the first that we hear of it."""
        async with self._db.single(business_id) as tx:
            row = await calls.ensure(
                tx,
                id=uuid4(),
                platform=platform,
                platform_call_id=platform_call_id,
                line_id=line_id,
                caller_number=caller,
                language=language,
                direction=Direction.INBOUND,
                now=now,
            )
        return BegunCall(row.id, dict(row.memory) or None)

    async def keep(self, business_id: UUID, call_id: UUID, memory: Mapping[str, Any]) -> None:
        """Keep a copy of a call's memory, for when Redis has lost it."""
        async with self._db.single(business_id) as tx:
            await calls.keep_memory(tx, call_id=call_id, memory=memory)

    async def add(self, business_id: UUID, call_id: UUID | None, record: ToolCallRecord) -> None:
        """Keep one tool call."""
        async with self._db.single(business_id) as tx:
            await calls.add_tool_call(
                tx,
                id=uuid4(),
                call_id=call_id,
                request_id=record.request_id,
                tool=record.tool,
                arguments=dict(record.arguments),
                status=record.status,
                ok=record.ok,
                reply=record.reply,
                started_at=record.started_at,
                duration_ms=record.duration_ms,
            )
