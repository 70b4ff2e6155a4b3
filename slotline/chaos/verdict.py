"""What the run left behind, compared with what was told. Pure: values in, findings out."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations

_LIVE_AT_CALCOM = frozenset({"accepted", "pending"})
_UNSETTLED = frozenset({"pending", "queued", "moving", "cancelling"})


@dataclass(frozen=True, slots=True)
class Told:
    """What one caller heard last about one wish."""

    name: str
    start: datetime
    status: str


@dataclass(frozen=True, slots=True)
class OurRow:
    """A booking as our database has it."""

    id: str
    state: str
    start: datetime
    name: str
    calcom_uid: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class TheirBooking:
    """A booking as the calendar has it."""

    uid: str = field(repr=False)
    status: str
    start: datetime
    end: datetime
    host: str
    name: str
    our_id: str | None

    @property
    def is_live(self) -> bool:
        return self.status in _LIVE_AT_CALCOM


@dataclass(frozen=True, slots=True)
class Verdict:
    """Counts of broken promises; all of them must be 0. `findings` says which."""

    double_bookings: int
    orphans: int
    missing: int
    """Confirmed here, not there."""
    lost_wishes: int
    """Told "booked" or "requested", and no row knows of it."""
    false_booked: int
    unsettled: int
    findings: Sequence[str]

    @property
    def is_clean(self) -> bool:
        return not self.findings


def judge(told: Iterable[Told], ours: Sequence[OurRow], theirs: Sequence[TheirBooking]) -> Verdict:
    """Compare what was told, what we wrote and what the calendar holds."""
    live = [booking for booking in theirs if booking.is_live]
    findings = [
        *_double_bookings(live),
        *_orphans(ours, live),
        *_missing(ours, live),
        *_unkept(told, ours, live),
        *(("unsettled", f"{row.id} is {row.state}") for row in ours if row.state in _UNSETTLED),
    ]
    counts = Counter(kind for kind, _ in findings)
    return Verdict(
        double_bookings=counts["double booking"],
        orphans=counts["orphan"],
        missing=counts["missing"],
        lost_wishes=counts["lost wish"],
        false_booked=counts["false booked"],
        unsettled=counts["unsettled"],
        findings=[f"{kind}: {what}" for kind, what in findings],
    )


def _double_bookings(live: Sequence[TheirBooking]) -> Iterable[tuple[str, str]]:
    for one, other in combinations(live, 2):
        if one.host == other.host and one.start < other.end and other.start < one.end:
            yield "double booking", f"{one.host} at {one.start:%d %H:%M} and {other.start:%d %H:%M}"


def _orphans(ours: Sequence[OurRow], live: Sequence[TheirBooking]) -> Iterable[tuple[str, str]]:
    standing = {row.id: row for row in ours if row.state in {"confirmed", "awaiting_host"}}
    for booking in live:
        if booking.our_id is None:
            continue  # made in the web UI
        row = standing.get(booking.our_id)
        if row is None or row.calcom_uid != booking.uid:
            yield "orphan", f"{booking.our_id} at {booking.start:%d %H:%M} for {booking.name}"


def _missing(ours: Sequence[OurRow], live: Sequence[TheirBooking]) -> Iterable[tuple[str, str]]:
    there = {booking.uid for booking in live}
    for row in ours:
        if row.state == "confirmed" and row.calcom_uid not in there:
            yield "missing", f"{row.id} is confirmed here and does not stand there"


def _unkept(
    told: Iterable[Told], ours: Sequence[OurRow], live: Sequence[TheirBooking]
) -> Iterable[tuple[str, str]]:
    known = {(row.name, row.start) for row in ours}
    standing = Counter((booking.name, booking.start) for booking in live)
    for each in told:
        wish = (each.name, each.start)
        if each.status == "booked" and standing[wish] != 1:
            yield "false booked", f"{each.name} at {each.start:%d %H:%M}: {standing[wish]} stand"
        if each.status in {"booked", "requested"} and wish not in known:
            yield "lost wish", f"{each.name} at {each.start:%d %H:%M}"
