"""The call log: one record of each call, whatever arrives first, and one of each tool call."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from calls.report import CallReport, Said
from db import call_reports, calls, recordings
from db.calls import ToolCallRow
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

    async def tell(
        self,
        business_id: UUID,
        report: CallReport,
        *,
        line_id: UUID | None,
        caller: str | None,
        language: str,
        now: datetime,
    ) -> UUID:
        """Add to a call's record what its platform tells of it.

        Args:
            business_id: Whose call it is.
            report: What is told.
            line_id: The line of its number, if it is one of ours.
            caller: The person's number, canonical.
            language: Of the call, if this is the first that we hear of it.
            now: When.

        Returns:
            Our id of the call.
        """
        async with self._db.transaction(business_id) as tx:
            call = await calls.ensure(
                tx,
                id=uuid4(),
                platform=report.platform,
                platform_call_id=report.platform_call_id,
                line_id=line_id,
                caller_number=caller,
                language=language,
                direction=report.direction or Direction.INBOUND,
                now=now,
            )
            if report.turns is not None:
                await call_reports.replace_turns(
                    tx,
                    call_id=call.id,
                    turns=[_row(position, said) for position, said in enumerate(report.turns)],
                    is_all=report.is_over,
                )
            for link in report.recordings:
                await recordings.announce(
                    tx,
                    id=uuid4(),
                    call_id=call.id,
                    channel=link.channel,
                    source_url=link.url,
                    expires_at=link.expires_at,
                    now=now,
                )
            await call_reports.complete(
                tx,
                id=call.id,
                direction=report.direction,
                started_at=report.started_at,
                ended_at=report.ended_at,
                is_over=report.is_over,
                ending=report.ending,
                end_reason=report.end_reason,
                summary=report.summary,
                sentiment=report.sentiment,
                latency=report.latency,
                cost_amount=report.cost.amount if report.cost else None,
                cost_currency=report.cost.currency if report.cost else None,
                now=now,
            )
        return call.id

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
        memories: Mapping[UUID, str | bytes],
        tool_calls: Sequence[ToolCallRow] = (),
    ) -> None:
        """Keep tool calls, and copies of what calls remember, for when Redis has lost it.

        Args:
            business_id: Whose calls they are.
            memories: By our id of the call: JSON objects with a `version` that counts up, so that a
                copy which comes late does not replace a newer one.
            tool_calls: The same request of the same call is kept once.
        """
        async with self._db.single(business_id) as tx:
            await calls.keep(tx, memories=memories, tool_calls=tool_calls)


def _row(position: int, said: Said) -> dict[str, object]:
    return {"id": str(uuid4()), "position": position, **asdict(said)}
