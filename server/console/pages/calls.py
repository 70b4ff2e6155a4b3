"""Every call, and how to find one."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from starlette.responses import Response

from booking.hours import local_day
from db.console import search
from server.console.forms import uuid
from server.console.parts import ConsoleParts
from server.console.visit import Visit
from tools import catalogue
from tools.reply import Status

SLOW_MS: Final = (500, 1500, 2000)
_PER_PAGE: Final = 50
_FEWEST_DIGITS: Final = 3


async def show(parts: ConsoleParts, visit: Visit) -> Response:
    """A page of calls."""
    async with parts.database.single(visit.business.id) as tx:
        found = await search.calls(tx, at_most=_PER_PAGE + 1, **_wanted(visit))
    rows, has_more = found[:_PER_PAGE], len(found) > _PER_PAGE
    last = f"{rows[-1].started_at.isoformat()}|{rows[-1].id}" if has_more else None
    kept = {name: value for name, value in visit.query.items() if name != "before" and value}
    return visit.page(
        "calls.html",
        calls=rows,
        next={**kept, "before": last} if last else None,
        asked=kept,
        tools=list(catalogue.TOOLS),
        statuses=sorted(Status),
        slow=SLOW_MS,
    )


def _wanted(visit: Visit) -> dict[str, Any]:
    """The filters of the address; what cannot be read is as if it were not there."""
    query = visit.query
    words = query.get("q", "").strip()
    digits = re.sub(r"[^\d]", "", words)
    is_number = len(digits) >= _FEWEST_DIGITS and not re.search(r"[^\W\d_]", words)
    zone = visit.business.timezone
    since, until = _day(query, "from"), _day(query, "to")
    slow = query.get("slow", "")
    return {
        "name": words if words and not is_number else None,
        "digits": digits.removeprefix("0") if is_number else None,
        "since": local_day(since, zone).start if since else None,
        "until": local_day(until, zone).end if until else None,
        "tool": query.get("tool") or None,
        "status": query.get("status") or None,
        "slower_than_ms": float(slow) if slow.isdigit() and len(slow) < 8 else None,  # noqa: PLR2004
        "failed": query.get("failed") == "1",
        "flagged": query.get("flagged") == "1",
        "before": _before(query.get("before", "")),
    }


def _day(query: Mapping[str, str], name: str) -> date | None:
    try:
        day = date.fromisoformat(query.get(name, ""))
    except ValueError:
        return None
    return day if date(2000, 1, 1) <= day <= date(2200, 1, 1) else None


def _before(text: str) -> tuple[datetime, UUID] | None:
    instant, _, call = text.partition("|")
    id_ = uuid(call)
    try:
        at = datetime.fromisoformat(instant)
    except ValueError:
        return None
    return (at, id_) if id_ and at.tzinfo and at.year > 1 else None
