"""How it all works: figures of one business over a stretch of time, and what waits right now."""

from dataclasses import dataclass
from datetime import datetime

from db.transaction import Transaction


@dataclass(frozen=True, slots=True)
class ToolFiguresRow:
    """How one tool did; times are milliseconds."""

    tool: str
    calls: int
    failed: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    slowest_ms: float


@dataclass(frozen=True, slots=True)
class TotalsRow:
    """What happened, and what waits."""

    calls: int
    booked_calls: int
    tool_calls: int
    failed_tool_calls: int
    booked: int
    failed_bookings: int
    unsettled: int
    oldest_unsettled_at: datetime | None
    awaiting_host: int


@dataclass(frozen=True, slots=True)
class QueueRow:
    """Work that workers have to do."""

    name: str
    waiting: int
    """All of it, also what is for later."""
    due: int
    oldest_due_at: datetime | None


@dataclass(frozen=True, slots=True)
class JobRow:
    """Work that comes round by the clock, of all businesses together."""

    name: str
    due_at: datetime
    failures: int
    finished_at: datetime | None
    error: str | None


async def tools(tx: Transaction, *, since: datetime) -> list[ToolFiguresRow]:
    """Each tool since an instant, the most used first."""
    return await tx.all(
        """
        SELECT tool, count(*) AS calls, count(*) FILTER (WHERE NOT ok) AS failed,
            percentile_cont(0.5) WITHIN GROUP (ORDER BY duration_ms) AS p50_ms,
            percentile_cont(0.95) WITHIN GROUP (ORDER BY duration_ms) AS p95_ms,
            percentile_cont(0.99) WITHIN GROUP (ORDER BY duration_ms) AS p99_ms,
            max(duration_ms) AS slowest_ms
        FROM tool_call WHERE started_at >= %(since)s
        GROUP BY tool ORDER BY calls DESC, tool
        """,
        {"since": since},
        into=ToolFiguresRow,
    )


async def totals(tx: Transaction, *, since: datetime) -> TotalsRow:
    """Everything since an instant, and what is unsettled now."""
    return await tx.only(
        """
        SELECT
            (SELECT count(*) FROM call WHERE started_at >= %(since)s) AS calls,
            (SELECT count(*) FROM call WHERE started_at >= %(since)s AND EXISTS (
                SELECT FROM tool_call
                WHERE tool_call.call_id = call.id AND status = 'booked')) AS booked_calls,
            asked.calls AS tool_calls, asked.failed AS failed_tool_calls,
            made.booked, made.failed AS failed_bookings,
            open.unsettled, open.oldest AS oldest_unsettled_at, open.awaiting_host
        FROM (
            SELECT count(*) AS calls, count(*) FILTER (WHERE NOT ok) AS failed
            FROM tool_call WHERE started_at >= %(since)s
        ) AS asked, (
            SELECT count(*) FILTER (WHERE state NOT IN ('failed', 'pending', 'queued')) AS booked,
                count(*) FILTER (WHERE state = 'failed') AS failed
            FROM booking WHERE created_at >= %(since)s AND origin = 'phone'
        ) AS made, (
            SELECT count(*) FILTER (WHERE state <> 'awaiting_host') AS unsettled,
                min(updated_at) FILTER (WHERE state <> 'awaiting_host') AS oldest,
                count(*) FILTER (WHERE state = 'awaiting_host') AS awaiting_host
            FROM booking
            WHERE state IN ('pending', 'queued', 'moving', 'cancelling', 'awaiting_host')
        ) AS open
        """,
        {"since": since},
        into=TotalsRow,
    )


async def queues(tx: Transaction, *, now: datetime) -> list[QueueRow]:
    """What waits for workers."""
    return await tx.all(
        """
        SELECT name, count(due_at) AS waiting, count(*) FILTER (WHERE due_at <= %(now)s) AS due,
            min(due_at) FILTER (WHERE due_at <= %(now)s) AS oldest_due_at
        FROM (
            SELECT 'bookings' AS name, due_at FROM booking
            UNION ALL SELECT 'inbox', due_at FROM inbox_event
            UNION ALL SELECT 'deliveries', due_at FROM event_delivery
            UNION ALL SELECT 'recordings', due_at FROM recording
        ) AS work
        GROUP BY name ORDER BY name
        """,
        {"now": now},
        into=QueueRow,
    )


async def jobs(tx: Transaction) -> list[JobRow]:
    """The timetable."""
    return await tx.all("SELECT * FROM periodic_job ORDER BY name", into=JobRow)
