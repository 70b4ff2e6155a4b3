"""Who did or heard what."""

from datetime import datetime

from starlette.responses import Response

from db import audit
from db.users import colleagues
from server.console.parts import ConsoleParts
from server.console.visit import Visit

_PER_PAGE = 100


async def show(parts: ConsoleParts, visit: Visit) -> Response:
    """The log, newest first, and who may be in it."""
    async with parts.database.single(visit.business.id) as tx:
        entries = await audit.latest(tx, before=_before(visit), at_most=_PER_PAGE)
        people = await colleagues(tx)
    more = entries[-1].recorded_at.isoformat() if len(entries) == _PER_PAGE else None
    return visit.page("audit.html", entries=entries, people=people, more=more)


def _before(visit: Visit) -> datetime | None:
    try:
        before = datetime.fromisoformat(visit.query.get("before", ""))
    except ValueError:
        return None
    return before if before.tzinfo else None
