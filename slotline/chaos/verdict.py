"""What the run left behind, compared with what was told. Pure: values in, findings out."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations

_LIVE_AT_CALCOM = frozenset({"accepted", "pending"})
_UNSETTLED = frozenset({"pending", "queued", "moving", "cancelling"})


@dataclass(frozen=True, slots=True)
class Told:
    """What one caller heard last about one wish. Each caller of a run has a name of their own."""

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
    """`None`: made in the web UI."""

    @property
    def is_live(self) -> bool:
        return self.status in _LIVE_AT_CALCOM


@dataclass(frozen=True, slots=True)
class Verdict:
    """Counts of broken promises; all of them must be 0. `findings` says which."""

    double_bookings: int
    """Two at one time of one host, at least one of them ours."""
    orphans: int
    """Stand in the calendar, and no record of ours says so, or says so otherwise."""
    missing: int
    """Confirmed here, not there."""
    lost_wishes: int
    """Told "booked" or "requested", and no row knows of it."""
    false_booked: int
    """Told "booked", and not exactly one stands, though nobody has changed it since."""
    false_taken: int
    """Told "taken", and it stands."""
    unsettled: int
    ghosts: int
    """Stand though their callers heard an apology, who may have rung elsewhere since: no
    promise is broken, so it is no finding, but few of them are better."""
    findings: Sequence[str]

    @property
    def is_clean(self) -> bool:
        return not self.findings


def judge(
    told: Iterable[Told],
    ours: Sequence[OurRow],
    theirs: Sequence[TheirBooking],
    *,
    changed: Collection[str] = (),
) -> Verdict:
    """Compare what was told, what we wrote and what the calendar holds.

    Args:
        told: By us to callers.
        ours: All rows, those of bookings made in the web UI included.
        theirs: All bookings.
        changed: Attendees whose bookings were moved or cancelled in the web UI: what they were told
            was true until then.
    """
    live = [booking for booking in theirs if booking.is_live]
    unchanged = [each for each in told if each.name not in changed]
    findings = [
        *_double_bookings(live),
        *_orphans(ours, live),
        *_missing(ours, live),
        *_unkept(unchanged, ours, live),
        *(("unsettled", f"{row.id} is {row.state}") for row in ours if row.state in _UNSETTLED),
    ]
    counts = Counter(kind for kind, _ in findings)
    return Verdict(
        double_bookings=counts["double booking"],
        orphans=counts["orphan"],
        missing=counts["missing"],
        lost_wishes=counts["lost wish"],
        false_booked=counts["false booked"],
        false_taken=counts["false taken"],
        unsettled=counts["unsettled"],
        ghosts=sum(
            (booking.name, booking.start) == (each.name, each.start)
            for each in unchanged
            if each.status == "technical_fault"
            for booking in live
        ),
        findings=[f"{kind}: {what}" for kind, what in findings],
    )


def _double_bookings(live: Sequence[TheirBooking]) -> Iterable[tuple[str, str]]:
    for one, other in combinations(live, 2):
        overlap = one.host == other.host and one.start < other.end and other.start < one.end
        if overlap and (one.our_id or other.our_id):
            yield "double booking", f"{one.host} at {one.start:%d %H:%M} and {other.start:%d %H:%M}"


def _orphans(ours: Sequence[OurRow], live: Sequence[TheirBooking]) -> Iterable[tuple[str, str]]:
    standing = {
        (row.calcom_uid, row.start): row
        for row in ours
        if row.state in {"confirmed", "awaiting_host"}
    }
    for booking in live:
        row = standing.get((booking.uid, booking.start))
        if row is None or booking.our_id not in {None, row.id}:
            whose = booking.our_id or "of the web"
            yield "orphan", f"{whose} at {booking.start:%d %H:%M} for {booking.name}"


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
        if each.status == "slot_taken" and standing[wish]:
            yield "false taken", f"{each.name} at {each.start:%d %H:%M} stands"
        if each.status in {"booked", "requested"} and wish not in known:
            yield "lost wish", f"{each.name} at {each.start:%d %H:%M}"
