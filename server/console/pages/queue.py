"""The queue: what a human should look at, the worst and the oldest first."""

from starlette.responses import Response, StreamingResponse

from db import audit
from db.console import queue
from db.states import Severity
from server.console.forms import uuid
from server.console.looks import headers
from server.console.parts import ConsoleParts
from server.console.visit import Visit


async def show(parts: ConsoleParts, visit: Visit) -> Response:
    """The whole page."""
    return await _page(parts, visit, "queue.html")


async def show_list(parts: ConsoleParts, visit: Visit) -> Response:
    """The list alone, for a page that is open and has heard of a change."""
    return await _page(parts, visit, "queue_list.html")


async def _page(parts: ConsoleParts, visit: Visit, template: str) -> Response:
    severity, kind, who = (visit.query.get(name) for name in ("severity", "kind", "who"))
    async with parts.database.single(visit.business.id) as tx:
        matters = await queue.open_matters(
            tx,
            severity=severity if severity in set(Severity) else None,
            kind=kind or None,
            assigned_to=visit.user_id if who == "me" else None,
            unassigned=who == "nobody",
        )
        kinds = await queue.open_kinds(tx)
    return visit.page(
        template,
        matters=matters,
        kinds=kinds,
        chosen={"severity": severity, "kind": kind, "who": who},
    )


async def listen(parts: ConsoleParts, visit: Visit) -> Response:
    """News of the queue, as long as the page is open."""
    stream = parts.live.changes(visit.business.id)
    return StreamingResponse(
        stream,
        media_type="text/event-stream",
        headers={**headers(), "x-accel-buffering": "no"},  # nginx would keep it back
    )


async def assign(parts: ConsoleParts, visit: Visit) -> Response:
    """Take a matter, give it to a colleague, or put it back."""
    matter, to = visit.path_id("matter"), uuid(visit.form.get("to"))
    async with parts.database.transaction(visit.business.id) as tx:
        if await queue.assign(tx, matter=matter, to=to):
            await audit.add(
                tx,
                user_id=visit.user_id,
                action="assigned",
                subject_kind="matter",
                subject_id=matter,
                facts={"to": str(to) if to else None},
                now=visit.now,
            )
    return visit.go(visit.back_to(f"/matters/{matter}"), said="assigned" if to else "put_back")
