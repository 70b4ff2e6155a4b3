"""The call log: one record of each call, whatever arrives first, and one of each tool call."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
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

    id: UUID
    request_id: str | None
    tool: str
    arguments: dict[str, object]
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

    async def keep(
        self,
        business_id: UUID,
        *,
        memories: Mapping[UUID, Mapping[str, Any]],
        records: Sequence[tuple[UUID | None, ToolCallRecord]] = (),
    ) -> None:
        """Keep tool calls, and copies of what calls remember, for when Redis has lost it.

        Args:
            business_id: Whose calls they are.
            memories: By our id of the call; with a `version` that counts up, so that a copy which
                comes late does not replace a newer one.
            records: With our id of the call, if there is one.
        """
        tool_calls = [{"call_id": call_id, **asdict(record)} for call_id, record in records]
        async with self._db.single(business_id) as tx:
            await calls.keep(tx, memories=memories, tool_calls=tool_calls)
