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
    """A call's record."""

    id: UUID
    memory: dict[str, Any] | None
    """What an earlier tool call left there, if any did."""
    is_leased: bool
    """Whether a tool call of this call may be going on without Redis."""


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
        memory = dict(row.memory)
        is_leased = memory.pop("lease", None) is not None
        return BegunCall(row.id, memory or None, is_leased)

    async def lease(
        self, business_id: UUID, call_id: UUID, *, token: str, seconds: float
    ) -> dict[str, Any] | None:
        """Take a call's memory for one tool call: empty if nothing is known in this call yet.

        Returns:
            `None` while another tool call has it.
        """
        async with self._db.single(business_id) as tx:
            leased = await calls.lease_memory(tx, id=call_id, token=token, seconds=seconds)
        return dict(leased.memory) if leased else None

    async def let_go(self, business_id: UUID, call_id: UUID, *, token: str) -> None:
        """End a lease of this token without a change."""
        async with self._db.single(business_id) as tx:
            await calls.let_go(tx, id=call_id, token=token)

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
