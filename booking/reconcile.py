"""Compares our records with Cal.com's bookings, mends what is safe, and reports the rest.

What agrees costs nothing but its line on a page of Cal.com's list. Each difference is looked at
again by `booking.mirror`, which asks anew and decides: what the list said may be over.
"""

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from booking.adoption import as_uuid
from booking.agreement import Decision, Dispute, InLine, KeepOut, Undo, Wait, is_live, our_id_on
from booking.bookings import Booking, BookingState
from booking.business import Business
from booking.calendars import Calendars
from booking.comparison import Report, Tally
from booking.mirror import ChangedMeanwhile, Mirror
from calcom.errors import CalcomError
from calcom.outgoing import BookingFilter
from calcom.shapes import Booking as CalcomBooking
from db import flags, outside, sync_failures, watermarks
from db.database import Database
from db.states import FlagKind, Quarrel, Severity

__all__ = ["OVERLAP", "SOURCE", "Reconciler", "Report"]

_log = logging.getLogger(__name__)

SOURCE: Final = "calcom.bookings"

OVERLAP: Final = timedelta(minutes=5)
"""Compared again each time: for clocks that differ, and for changes that were on their way."""

MISSED: Final = "calcom.missed"
"""When reconciliation last found what no webhook had told."""

RARELY: Final = timedelta(minutes=15)
"""Between two comparisons where webhooks tell: what is found then has been told already."""

_WARY_FOR: Final = timedelta(minutes=20)
"""After a change that no webhook told, reconciliation comes every time: one may have been lost
alone; where the next is missed as well, it goes on so."""

_HEARD_WITHIN: Final = timedelta(days=1)
"""Of whom nothing was heard for so long, nothing may be told at all."""

LONG_UNSETTLED: Final = timedelta(minutes=10)
"""Workers settle within a minute; after this somebody should look why they do not."""

_BACK: Final = timedelta(days=1)
_AHEAD: Final = timedelta(days=366)
"""Beyond every booking window that a business has had a use for."""

_STANDING: Final = frozenset({BookingState.CONFIRMED, BookingState.AWAITING_HOST})


@dataclass(frozen=True, slots=True)
class _Records:
    """Our records of a span of time, by the names under which Cal.com knows them."""

    by_uid: Mapping[str, Booking]
    by_id: Mapping[UUID, Booking]
    seats: Mapping[str, Sequence[Booking]]
    """Several share one booking at Cal.com."""

    def of(self, theirs: CalcomBooking) -> Booking | None:
        if found := self.by_uid.get(theirs.uid):
            return found
        our_id = as_uuid(our_id_on(theirs))
        return self.by_id.get(our_id) if our_id else None


class Reconciler:
    """Compares one business at a time. Built once; `now` is an argument."""

    def __init__(self, *, database: Database, calendars: Calendars, mirror: Mirror) -> None:
        self._db = database
        self._calendars = calendars
        self._mirror = mirror

    async def watermark(self, business: Business) -> datetime | None:
        """Up to when changes at Cal.com have been compared; `None` before the first time."""
        async with self._db.single(business.id) as tx:
            return await watermarks.get(tx, source=SOURCE)

    async def is_due(self, business: Business, *, told_by: str, now: datetime) -> bool:
        """Whether it is time to catch up: each time asked, or rarely while all webhooks arrive.

        Args:
            business: Which.
            told_by: The source of the webhooks, as the inbox calls it.
            now: When.
        """
        async with self._db.single(business.id) as tx:
            pace = await watermarks.pace(
                tx,
                source=SOURCE,
                missed=MISSED,
                told_by=told_by,
                heard_after=now - _HEARD_WITHIN,
            )
        if pace.reached_at is None or not pace.is_heard:
            return True
        if pace.missed_at is not None and now - pace.missed_at < _WARY_FOR:
            return True
        return now - pace.reached_at >= RARELY

    async def catch_up(self, business: Business, *, now: datetime) -> Report:
        """Compare what has changed since the last time; everything, the first time."""
        return await self.run(business, since=await self.watermark(business), now=now)

    async def run(
        self, business: Business, *, since: datetime | None, now: datetime, dry_run: bool = False
    ) -> Report:
        """Compare, and mend what is safe.

        Args:
            business: Which.
            since: Only what has changed at Cal.com since then, and a little before. `None` is
                everything from yesterday on, and also looks for what is missing there.
            now: When.
            dry_run: Only say what would be done.

        Raises:
            CalcomError: The list cannot be had, or not as a whole. The watermark stays.
            ServiceUnavailable: The business has no key.
            DatabaseError: See `db.errors`.
        """
        if not dry_run:
            await self.hand_to_workers(business, now=now)
        records = await self._records(business, now=now)
        tally = Tally()
        client = (await self._calendars.of(business)).in_background()
        window = BookingFilter(
            after_start=now - _BACK, after_updated=since - OVERLAP if since else None
        )
        listed = {booking.uid: booking async for booking in client.list_bookings(window)}
        for booking in listed.values():
            if booking.rescheduled_to_uid not in listed:  # else what it has become speaks for it
                await self._compare(business, records, booking, tally, now=now, dry_run=dry_run)
        if since is None:
            for record in records.by_uid.values():
                if record.calcom_uid not in listed and _stands(record, now=now):
                    await self._look_for(business, record, tally, now=now, dry_run=dry_run)
        return await self._report(business, tally, in_full=since is None, now=now, dry_run=dry_run)

    async def _records(self, business: Business, *, now: datetime) -> _Records:
        """Read before Cal.com is asked, so that what it says is at least as new."""
        async with self._db.single(business.id) as tx:
            rows = await outside.between(tx, start=now - _BACK, end=now + _AHEAD)
        by_uid = {row.calcom_uid: row for row in rows if row.calcom_uid and not row.seat_uid}
        seats: dict[str, list[Booking]] = defaultdict(list)
        for row in rows:
            if row.calcom_uid and row.seat_uid:
                seats[row.calcom_uid].append(row)
        return _Records(by_uid=by_uid, by_id={row.id: row for row in rows}, seats=seats)

    async def _compare(
        self,
        business: Business,
        records: _Records,
        theirs: CalcomBooking,
        tally: Tally,
        *,
        now: datetime,
        dry_run: bool,
    ) -> None:
        if seats := records.seats.get(theirs.uid):
            decisions = [self._mirror.compare(business, seat, theirs, now=now) for seat in seats]
            if dry_run or all(isinstance(decision, InLine) for decision in decisions):
                for decision in decisions:
                    tally.count(decision, theirs.uid)
            else:
                await self._bring(business, theirs.uid, seats[0], tally, now=now)
            return
        ours = records.of(theirs)
        former = ours and ours.calcom_uid not in {None, theirs.uid} and not is_live(theirs)
        decision = InLine() if former else self._mirror.compare(business, ours, theirs, now=now)
        if not is_live(theirs) and ours is None:
            return  # nobody's, and gone
        if isinstance(decision, InLine | KeepOut | Wait) or dry_run:
            tally.count(decision, theirs.uid)
        else:  # what became of it meanwhile counts: our own desk and workers go on
            found = await self._bring(business, theirs.uid, ours, tally, now=now)
            decision = found or decision
        if is_live(theirs) and our_id_on(theirs) is not None:
            tally.ours_there += 1
            tally.orphans += isinstance(decision, Undo | Dispute)

    async def _look_for(
        self,
        business: Business,
        record: Booking,
        tally: Tally,
        *,
        now: datetime,
        dry_run: bool,
    ) -> None:
        """A record whose booking is not where it should be: cancelled, moved away, or unknown."""
        uid = record.calcom_uid
        if uid and dry_run:
            tally.count(Dispute(Quarrel.UNKNOWN_THERE), uid)
        elif uid:
            await self._bring(business, uid, record, tally, now=now)

    async def _bring(
        self,
        business: Business,
        uid: str,
        ours: Booking | None,
        tally: Tally,
        *,
        now: datetime,
    ) -> Decision | None:
        """What was decided in the end; `None` if Cal.com cannot be asked."""
        our_id = ours.id if ours else None
        try:
            outcome = await self._mirror.bring(business, uid, our_id=our_id, now=now)
        except (CalcomError, ChangedMeanwhile) as error:
            _log.warning("not_compared", extra={"booking": our_id, "error": str(error)})
            tally.unread += 1
            return None
        known = ours.calcom_uid if ours else None
        tally.count(outcome.decision, outcome.theirs.uid if outcome.theirs else known or uid)
        return outcome.decision

    async def hand_to_workers(self, business: Business, *, now: datetime) -> int:
        """Whatever lost its due date is due now: no lost trigger may keep a wish from Cal.com.

        Returns:
            How many bookings have been unsettled for long; each has a flag.
        """
        async with self._db.transaction(business.id) as tx:
            found = await outside.make_due(tx, now=now)
            overdue = [
                booking
                for booking in await outside.unsettled(tx)
                if now - booking.since > LONG_UNSETTLED
            ]
            for booking in overdue:
                await flags.raise_flag(
                    tx,
                    id=uuid4(),
                    kind=FlagKind.UNSETTLED,
                    severity=Severity.CRITICAL,
                    call_id=None,
                    booking_id=booking.id,
                    note=f"for more than {LONG_UNSETTLED.total_seconds() / 60:.0f} minutes",
                    now=now,
                )
        if found:
            _log.error("bookings_without_due_date", extra={"count": found})
        return len(overdue)

    async def _report(
        self,
        business: Business,
        tally: Tally,
        *,
        in_full: bool,
        now: datetime,
        dry_run: bool,
    ) -> Report:
        async with self._db.transaction(business.id) as tx:
            if not dry_run:
                await sync_failures.mend(
                    tx,
                    agreed=sorted(tally.agreed - tally.disputed),
                    disputed=sorted(tally.disputed),
                    all_others=in_full and not tally.unread,
                    now=now,
                )
                if not tally.unread:
                    await watermarks.reach(tx, source=SOURCE, at=now)
                if tally.found_changes:
                    await watermarks.reach(tx, source=MISSED, at=now)
            failures = await sync_failures.unmended(tx)
            unsettled = await outside.unsettled(tx)
        report = tally.report(
            business.slug,
            in_full=in_full,
            dry_run=dry_run,
            unsettled_since=unsettled[0].since if unsettled else None,
            failures=failures,
            now=now,
        )
        _log.info("reconciled", extra=_facts(report))
        return report


def _stands(record: Booking, *, now: datetime) -> bool:
    return record.state in _STANDING and record.start_at >= now - _BACK


def _facts(report: Report) -> dict[str, object]:
    return {
        "business": report.business,
        "in_full": report.in_full,
        "compared": report.compared,
        "in_line": report.in_line,
        "followed": report.followed,
        "adopted": report.adopted,
        "undone": report.undone,
        "orphans": report.orphans,
        "open_failures": len(report.failures),
    }
