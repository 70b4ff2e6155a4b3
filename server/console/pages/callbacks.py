"""What somebody must do for callers: call back, or pass on a message."""

from starlette.exceptions import HTTPException
from starlette.responses import Response

from db import audit, tasks
from db.console.callbacks import promises
from db.states import TaskState
from server.console.forms import uuid
from server.console.parts import ConsoleParts
from server.console.visit import Visit


async def show(parts: ConsoleParts, visit: Visit) -> Response:
    """What is to be done; with `?done=1` what was."""
    is_open = visit.query.get("done") != "1"
    async with parts.database.single(visit.business.id) as tx:
        found = await promises(tx, is_open=is_open)
    services = {service.id: service.name for service in visit.business.services}
    return visit.page("callbacks.html", promises=found, is_open=is_open, services=services)


async def close(parts: ConsoleParts, visit: Visit) -> Response:
    """Done, or not needed any more."""
    task, state = visit.path_id("task"), visit.form.get("state")
    if state not in {TaskState.DONE, TaskState.CANCELLED}:
        raise HTTPException(400)
    async with parts.database.transaction(visit.business.id) as tx:
        if await tasks.close(tx, id=task, state=TaskState(state), now=visit.now):
            await audit.add(
                tx,
                user_id=visit.user_id,
                action=f"task_{state}",
                subject_kind="task",
                subject_id=task,
                now=visit.now,
            )
    matter = uuid(visit.form.get("matter"))
    return visit.go(f"/matters/{matter}" if matter else "/callbacks", said=f"task_{state}")
