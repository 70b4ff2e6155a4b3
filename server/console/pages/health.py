"""Whether everything works, and what to press if it does not."""

from datetime import timedelta
from typing import Final

from starlette.responses import Response

from booking.errors import BookingError
from calcom.errors import CalcomError
from db import audit, sync_failures
from db.console import health
from server import metrics
from server.console.parts import ConsoleParts
from server.console.visit import Visit

SPANS: Final = {"1h": timedelta(hours=1), "24h": timedelta(days=1), "7d": timedelta(days=7)}
_USUAL: Final = "24h"


async def show(parts: ConsoleParts, visit: Visit) -> Response:
    """Figures of a stretch of time, and what waits now."""
    chosen = visit.query.get("span", _USUAL)
    span = SPANS.get(chosen, SPANS[_USUAL])
    since = visit.now - span
    async with parts.database.single(visit.business.id) as tx:
        totals = await health.totals(tx, since=since)
        tools = await health.tools(tx, since=since)
        queues = await health.queues(tx, now=visit.now)
        jobs = await health.jobs(tx)
        failures = await sync_failures.unmended(tx)
    access = await parts.directory.access(visit.business.slug)
    keys = access.secrets.get("calcom_key") if access else None
    remembered, answers = metrics.answered_from_memory()
    return visit.page(
        "health.html",
        totals=totals,
        tools=tools,
        queues=queues,
        jobs=jobs,
        failures=failures,
        gauge=await parts.gates.gauge(keys[0]) if keys else None,
        remembered=remembered,
        answers=answers,
        compared_at=await parts.reconciler.watermark(visit.business),
        spans=tuple(SPANS),
        span=chosen if chosen in SPANS else _USUAL,
        report={name: visit.query[name] for name in _REPORTED if visit.query.get(name)},
    )


_REPORTED: Final = ("compared", "in_line", "mended", "unread", "differences")


async def compare(parts: ConsoleParts, visit: Visit) -> Response:
    """Compare every booking with Cal.com now, and mend what is safe."""
    try:
        report = await parts.reconciler.run(visit.business, since=None, now=visit.now)
    except (CalcomError, BookingError):
        return visit.go("/health", sorry="calendar_away")
    mended = report.followed + report.adopted + report.undone
    async with parts.database.single(visit.business.id) as tx:
        await audit.add(
            tx,
            user_id=visit.user_id,
            action="compared",
            facts={"compared": report.compared, "mended": mended},
            now=visit.now,
        )
    told = (
        f"compared={report.compared}&in_line={report.in_line}&mended={mended}"
        f"&unread={report.unread}&differences={len(report.failures)}"
    )
    return visit.go(f"/health?{told}", said="compared")


async def settle(parts: ConsoleParts, visit: Visit) -> Response:
    """Close a difference that somebody has put right by hand."""
    failure = visit.path_id("failure")
    async with parts.database.transaction(visit.business.id) as tx:
        if await sync_failures.settle(tx, id=failure, now=visit.now):
            await audit.add(
                tx,
                user_id=visit.user_id,
                action="settled",
                subject_kind="sync_failure",
                subject_id=failure,
                now=visit.now,
            )
    return visit.go("/health", said="settled")
