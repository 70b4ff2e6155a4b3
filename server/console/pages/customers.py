"""Customers: who is known, on which numbers; two records made one, and people forgotten."""

import logging
import re

from starlette.exceptions import HTTPException
from starlette.responses import Response

from calls.recordings import StoreUnavailable
from db import audit, erasure, merging
from db.console import customers
from server.console.forms import uuid
from server.console.parts import ConsoleParts
from server.console.visit import Visit

_log = logging.getLogger(__name__)

_FEWEST_DIGITS = 3


async def show(parts: ConsoleParts, visit: Visit) -> Response:
    """Find somebody."""
    asked = visit.query.get("q", "").strip()
    digits = re.sub(r"[^\d]", "", asked).removeprefix("0")
    is_number = len(digits) >= _FEWEST_DIGITS and not re.search(r"[^\W\d_]", asked)
    async with parts.database.single(visit.business.id) as tx:
        found = await customers.find(
            tx,
            name=asked if asked and not is_number else None,
            digits=digits if is_number else None,
            now=visit.now,
        )
    return visit.page("customers.html", people=found, asked=asked)


async def show_one(parts: ConsoleParts, visit: Visit) -> Response:
    """One customer: numbers, appointments, calls, and who may be the same person."""
    id_ = visit.path_id("customer")
    async with parts.database.single(visit.business.id) as tx:
        person = await customers.get(tx, id=id_, now=visit.now)
        if person is None:
            raise HTTPException(404)
        appointments = await customers.appointments(tx, customer_id=id_)
        calls = await customers.calls(tx, customer_id=id_)
        twins = await customers.twins(tx, id=id_, now=visit.now)
    return visit.page(
        "customer.html",
        person=person,
        appointments=appointments,
        calls=calls,
        twins=twins,
        services={service.id: service.name for service in visit.business.services},
        hosts={staff.id: staff.name for staff in visit.business.staff},
    )


async def merge(parts: ConsoleParts, visit: Visit) -> Response:
    """Give everything of another record to this one."""
    keep, give_up = visit.path_id("customer"), uuid(visit.form.get("other"))
    if give_up is None:
        raise HTTPException(400)
    async with parts.database.transaction(visit.business.id) as tx:
        if not await merging.merge(tx, keep=keep, give_up=give_up, now=visit.now):
            return visit.go("/customers", sorry="not_two")
        await audit.add(
            tx,
            user_id=visit.user_id,
            action="merged",
            subject_kind="customer",
            subject_id=keep,
            facts={"given_up": str(give_up)},
            now=visit.now,
        )
    return visit.go(f"/customers/{keep}", said="merged")


async def erase(parts: ConsoleParts, visit: Visit) -> Response:
    """Forget somebody, here and in the recordings' store."""
    id_ = visit.path_id("customer")
    try:
        async with parts.database.transaction(visit.business.id) as tx:
            erased = await erasure.erase(tx, customer_id=id_, now=visit.now)
            if erased is None:
                raise HTTPException(404)
            await audit.add(
                tx,
                user_id=visit.user_id,
                action="erased",
                subject_kind="customer",
                subject_id=id_,
                facts={"calls": erased.calls, "bookings": erased.bookings},
                now=visit.now,
            )
    except erasure.StillExpected:
        return visit.go(f"/customers/{id_}", sorry="still_expected")
    left = 0
    for name in erased.recordings:
        try:
            await parts.store.delete(name)
        except StoreUnavailable:
            _log.error("recording_not_erased", extra={"stored_as": name})
            left += 1
    return visit.go("/customers", said=None if left else "erased", sorry="files_left")
