"""One call, or one flag without a call: what happened, what is odd, and what to do about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response

from booking.bookings import Booking, BookingState
from booking.business import Business
from db import audit, bookings, call_reports, customers
from db.call_reports import TurnRow
from db.console import call as calls
from db.console import queue
from db.console.call import AskedRow, CallPageRow, CommentRow, HeardRow, TaskOfCallRow
from db.console.queue import FlagRow
from db.customers import CustomerRow
from db.states import DEAD, FlagLabel, FlagState, RecordingState
from db.transaction import Transaction
from db.users import ColleagueRow, colleagues
from server.console.looks import headers
from server.console.parts import ConsoleParts
from server.console.timeline import timeline, waterfall
from server.console.visit import Visit
from server.traces import CallKey

_LONGEST_COMMENT = 5_000


@dataclass(frozen=True, slots=True)
class Matter:
    """Everything about it."""

    id: UUID
    call: CallPageRow | None
    flags: Sequence[FlagRow]
    turns: Sequence[TurnRow]
    asked: Sequence[AskedRow]
    heard: Sequence[HeardRow]
    bookings: Sequence[Booking]
    tasks: Sequence[TaskOfCallRow]
    comments: Sequence[CommentRow]
    people: Sequence[CustomerRow]
    """Who uses the number that rang; its owner first."""

    @property
    def is_open(self) -> bool:
        return any(flag.state is FlagState.OPEN for flag in self.flags)

    @property
    def recording(self) -> HeardRow | None:
        """The one to listen to."""
        return next((each for each in self.heard if each.state is RecordingState.STORED), None)

    @property
    def begins_at_ms(self) -> int:
        """Where to begin to listen: a little before what is odd."""
        places = [flag.at_ms for flag in self.flags if flag.at_ms is not None]
        return max(min(places) - 3000, 0) if places else 0


async def matter_of(tx: Transaction, matter: UUID) -> Matter:
    """Read a matter.

    Raises:
        HTTPException: There is none of this id.
    """
    call = await calls.call(tx, id=matter)
    flags = await queue.flags_of(tx, matter=matter)
    if call is None:
        if not flags:
            raise HTTPException(404)
        flagged = [await bookings.get(tx, id=flag.booking_id) for flag in flags if flag.booking_id]
        found = [booking for booking in flagged if booking]
        return Matter(matter, None, flags, (), (), (), found, (), (), ())
    number = call.caller_number
    return Matter(
        matter,
        call,
        flags,
        await call_reports.turns_of(tx, call_id=call.id),
        await calls.asked(tx, call_id=call.id),
        await calls.heard(tx, call_id=call.id),
        [b for b in await bookings.of_call(tx, call_id=call.id) if b.group_id in {None, b.id}],
        await calls.tasks(tx, call_id=call.id),
        await calls.comments(tx, call_id=call.id),
        await customers.on_number(tx, number=number) if number else (),
    )


async def show(parts: ConsoleParts, visit: Visit) -> Response:
    """The whole of it."""
    async with parts.database.single(visit.business.id) as tx:
        matter = await matter_of(tx, visit.path_id("matter"))
        staff = await colleagues(tx)
    return visit.page(
        "matter.html",
        **_shown(visit, matter, staff),
        trace=_trace(parts, visit, matter),
        drafts=parts.draft is not None and visit.is_ops and bool(matter.turns),
    )


def _shown(visit: Visit, matter: Matter, staff: Sequence[ColleagueRow]) -> dict[str, object]:
    call = matter.call
    return {
        "matter": matter,
        "moments": timeline(matter.turns, matter.asked, started_at=call.started_at) if call else [],
        "waterfall": waterfall(
            matter.turns, matter.asked, started_at=call.started_at, ended_at=call.ended_at
        )
        if call
        else None,
        "services": {service.id: service.name for service in visit.business.services},
        "hosts": {person.id: person.name for person in visit.business.staff},
        "may_change": {each.id for each in matter.bookings if may_change(each, visit)},
        "may_accept": {
            each.id for each in matter.bookings if each.state is BookingState.AWAITING_HOST
        },
        "labels": tuple(FlagLabel),
        "colleagues": staff,
    }


def _trace(parts: ConsoleParts, visit: Visit, matter: Matter) -> str | None:
    """Where the trace of a call is, for ops."""
    call = matter.call
    if call is None or parts.traces_at is None or not visit.is_ops:
        return None
    return CallKey(visit.business.id, call.platform, call.platform_call_id).url(parts.traces_at)


def may_change(booking: Booking, visit: Visit) -> bool:
    """Whether staff can move or cancel it here: it stands, is to come, and was made in a call."""
    return (
        booking.call_id is not None
        and booking.state not in DEAD
        and booking.state is BookingState.CONFIRMED
        and booking.start_at > visit.now
        and any(service.id == booking.service_id for service in visit.business.services)
    )


def service_name(business: Business, booking: Booking) -> str:
    """What it is a booking of."""
    names = {service.id: service.name for service in business.services}
    return names.get(booking.service_id, "–")


async def comment(parts: ConsoleParts, visit: Visit) -> Response:
    """Note something about a call."""
    call_id, text = visit.path_id("matter"), visit.form.get("text", "")[:_LONGEST_COMMENT]
    if text:
        async with parts.database.transaction(visit.business.id) as tx:
            if await calls.call(tx, id=call_id) is None:
                raise HTTPException(404)
            await calls.comment(
                tx, call_id=call_id, user_id=visit.user_id, text=text, now=visit.now
            )
    return visit.go(f"/matters/{call_id}#comments")


async def resolve(parts: ConsoleParts, visit: Visit) -> Response:
    """Close a matter, and say what it turned out to be."""
    matter, label = visit.path_id("matter"), visit.form.get("label", "")
    if label not in set(FlagLabel):
        return visit.go(f"/matters/{matter}", sorry="no_label")
    text = visit.form.get("text", "")[:_LONGEST_COMMENT]
    async with parts.database.transaction(visit.business.id) as tx:
        call = await calls.call(tx, id=matter)
        if text and call:
            await calls.comment(tx, call_id=matter, user_id=visit.user_id, text=text, now=visit.now)
        if await queue.resolve(
            tx, matter=matter, label=FlagLabel(label), by=visit.user_id, now=visit.now
        ):
            await _note(tx, visit, "resolved", matter, label=label)
    return visit.go("/queue", said="resolved")


async def draft(parts: ConsoleParts, visit: Visit) -> Response:
    """An eval scenario after this call, for a human to finish."""
    call_id = visit.path_id("matter")
    text = await parts.draft(visit.business.slug, call_id) if parts.draft else None
    if text is None:
        raise HTTPException(404)
    async with parts.database.single(visit.business.id) as tx:
        await _note(tx, visit, "drafted", call_id)
    name = f"call-{call_id.hex[:8]}.toml"
    return PlainTextResponse(
        text,
        media_type="application/toml",
        headers={**headers(), "content-disposition": f'attachment; filename="{name}"'},
    )


async def reopen(parts: ConsoleParts, visit: Visit) -> Response:
    """Open a matter again."""
    matter = visit.path_id("matter")
    async with parts.database.transaction(visit.business.id) as tx:
        if await queue.reopen(tx, matter=matter):
            await _note(tx, visit, "reopened", matter)
    return visit.go(f"/matters/{matter}")


async def _note(tx: Transaction, visit: Visit, action: str, matter: UUID, **facts: str) -> None:
    await audit.add(
        tx,
        user_id=visit.user_id,
        action=action,
        subject_kind="matter",
        subject_id=matter,
        facts=facts,
        now=visit.now,
    )
