"""Changing a booking, through the same desk as callers: accept, move, cancel; and calling back."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from starlette.exceptions import HTTPException
from starlette.responses import Response

from booking import errors
from booking.bookings import Booking, BookingState
from booking.business import Line
from booking.desk import CALLBACK_WITHIN
from booking.finding import Free
from booking.hours import local_day
from booking.slots import Slot
from calcom.errors import CalcomError
from db import audit, bookings
from db.console import call as calls
from server.console.pages.matter import may_change, service_name
from server.console.parts import ConsoleParts
from server.console.visit import Visit

_WRITE_SECONDS: Final = 4.0
"""As long as a caller would wait; what is not settled then, a worker settles."""

_DAYS_SHOWN: Final = 14

SORRY: Final[dict[type[Exception], str]] = {
    errors.SlotTaken: "slot_taken",
    errors.AlreadyBooked: "already_booked",
    errors.NotBookable: "not_bookable",
    errors.Unchanged: "unchanged",
    errors.ChangedMeanwhile: "changed_meanwhile",
    errors.BeingChanged: "being_changed",
    errors.AlreadyBegun: "already_begun",
    errors.ServiceUnavailable: "link_broken",
    errors.CalendarUnavailable: "calendar_away",
    CalcomError: "calendar_away",
}


async def show_move(parts: ConsoleParts, visit: Visit) -> Response:
    """Free times of a day, to move a booking to."""
    booking, line = await _booking(parts, visit)
    day = _day(visit, booking)
    sorry, free = None, Free([])
    try:
        free = await _free(parts, visit, booking, line, day)
    except (errors.CalendarUnavailable, errors.ServiceUnavailable) as error:
        sorry = SORRY[type(error)]
    today = visit.now.astimezone(line.timezone).date()
    return visit.page(
        "move.html",
        booking=booking,
        matter=visit.path_id("matter"),
        service=service_name(visit.business, booking),
        day=day,
        days=[today + timedelta(days=n) for n in range(_DAYS_SHOWN)],
        slots=free.slots,
        in_doubt=free.in_doubt,
        why_none=sorry,
    )


async def move(parts: ConsoleParts, visit: Visit) -> Response:
    """Move it to a time that was free a moment ago."""
    booking, line = await _booking(parts, visit)
    matter, wished = visit.path_id("matter"), visit.form.get("slot", "")

    async def do() -> str:
        slot = await _slot(parts, visit, booking, line, wished)
        moved = await parts.desk.move(
            visit.business,
            line,
            call_id=_call_of(booking),
            booking_id=booking.id,
            slot=slot,
            now=visit.now,
            answer_by=_answer_by(),
        )
        return "moving" if moved.state is BookingState.MOVING else "moved"

    return await _change(parts, visit, "moved", booking, matter, do)


async def cancel(parts: ConsoleParts, visit: Visit) -> Response:
    """Cancel it."""
    booking, _ = await _booking(parts, visit)
    reason = visit.form.get("reason", "")[:500] or "Cancelled by the business"

    async def do() -> str:
        cancelled = await parts.desk.cancel(
            visit.business,
            call_id=_call_of(booking),
            booking_id=booking.id,
            reason=reason,
            now=visit.now,
            answer_by=_answer_by(),
        )
        return "cancelling" if cancelled.state is BookingState.CANCELLING else "cancelled"

    return await _change(parts, visit, "cancelled", booking, visit.path_id("matter"), do)


async def accept(parts: ConsoleParts, visit: Visit) -> Response:
    """Accept what awaits its host."""
    booking, _ = await _booking(parts, visit, any_state=True)

    async def do() -> str:
        await parts.accepting.accept(visit.business, booking, now=visit.now)
        return "accepted"

    return await _change(parts, visit, "accepted", booking, visit.path_id("matter"), do)


async def call_back(parts: ConsoleParts, visit: Visit) -> Response:
    """Leave a task to call the caller back."""
    call_id = visit.path_id("matter")
    async with parts.database.single(visit.business.id) as tx:
        if await calls.call(tx, id=call_id) is None:
            raise HTTPException(404)
    hours = visit.form.get("hours", "")
    within = timedelta(hours=int(hours)) if hours in {"1", "4", "24", "72"} else CALLBACK_WITHIN
    await parts.desk.ask_for_callback(
        visit.business,
        call_id=call_id,
        note=visit.form.get("note", "")[:1000],
        number=None,
        due_at=visit.now + within,
        now=visit.now,
    )
    return visit.go(f"/matters/{call_id}", said="callback")


async def _change(
    parts: ConsoleParts,
    visit: Visit,
    action: str,
    booking: Booking,
    matter: UUID,
    do: Callable[[], Awaitable[str]],
) -> Response:
    """Change a booking, write down who did, and say what became of it."""
    page = f"/matters/{matter}"
    try:
        said = await do()
    except (errors.BookingError, CalcomError) as error:
        kinds = (kind for kind in SORRY if isinstance(error, kind))
        return visit.go(page, sorry=SORRY[next(kinds)])
    async with parts.database.single(visit.business.id) as tx:
        await audit.add(
            tx,
            user_id=visit.user_id,
            action=action,
            subject_kind="booking",
            subject_id=booking.id,
            facts={"matter": str(matter)},
            now=visit.now,
        )
    return visit.go(page, said=said)


async def _booking(
    parts: ConsoleParts, visit: Visit, *, any_state: bool = False
) -> tuple[Booking, Line]:
    """The booking of the address, and the line whose hours and zone count for it.

    Raises:
        HTTPException: There is none, or nothing can be changed about it here.
    """
    async with parts.database.single(visit.business.id) as tx:
        booking = await bookings.get(tx, id=visit.path_id("booking"))
        call_id = booking.call_id if booking else None
        call = await calls.call(tx, id=call_id) if call_id else None
    if booking is None or not visit.business.lines:
        raise HTTPException(404)
    if not any_state and not may_change(booking, visit):
        raise HTTPException(409)
    lines = visit.business.lines
    line_id = call.line_id if call else None
    return booking, next((line for line in lines if line.id == line_id), lines[0])


async def _free(parts: ConsoleParts, visit: Visit, booking: Booking, line: Line, day: date) -> Free:
    [service] = [each for each in visit.business.services if each.id == booking.service_id]
    return await parts.desk.find(
        visit.business,
        line,
        service.event_types,
        local_day(day, line.timezone),
        call_id=_call_of(booking),
        customer_id=booking.customer_id,
        now=visit.now,
        moving=booking,
    )


async def _slot(
    parts: ConsoleParts, visit: Visit, booking: Booking, line: Line, wished: str
) -> Slot:
    """The slot that a form names, if it is still free.

    Raises:
        SlotTaken: It is not.
    """
    start, _, event_type = wished.partition("|")
    try:
        instant = datetime.fromisoformat(start)
        day = instant.astimezone(line.timezone).date()
    except (ValueError, OverflowError):
        raise HTTPException(400) from None
    free = await _free(parts, visit, booking, line, day)
    for slot in free.slots:
        if slot.start == instant and str(slot.event_type.id) == event_type:
            return slot
    raise errors.SlotTaken(instant)


def _day(visit: Visit, booking: Booking) -> date:
    """The day that is asked about, or that of the booking."""
    try:
        return date.fromisoformat(visit.query.get("day", ""))
    except ValueError:
        return booking.start_at.astimezone(visit.business.timezone).date()


def _call_of(booking: Booking) -> UUID:
    if booking.call_id is None:
        raise HTTPException(409)
    return booking.call_id


def _answer_by() -> float:
    return asyncio.get_running_loop().time() + _WRITE_SECONDS
