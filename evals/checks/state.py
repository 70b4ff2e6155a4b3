"""What stands in the end, with us and at Cal.com: what counts before any word."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import combinations

from booking.names import normalised
from db.states import BookingState
from evals.checks.evidence import Evidence
from evals.outcome import OPEN, OurBooking, TheirBooking
from evals.records import VerdictRecord
from evals.scenario import Wanted

_STATES = {"confirmed": BookingState.CONFIRMED, "pending": BookingState.AWAITING_HOST}


def end_state(evidence: Evidence) -> VerdictRecord:
    """What was to come has come, what was to go has gone, and nothing else: on both sides."""
    return _verdict(
        "end_state",
        [*_of_ours(evidence), *_of_theirs(evidence), *_of_standing(evidence), *_calls(evidence)],
    )


def no_double_booking(evidence: Evidence) -> VerdictRecord:
    """Nobody of the staff is in two places, and nobody has the same thing twice."""
    live = [each for each in evidence.outcome.theirs if each.is_live]
    found = [
        f"{one.staff} has {_of(evidence, one)} and {_of(evidence, other)}"
        for one, other in combinations(live, 2)
        if one.staff == other.staff and _meet(one, other) and not _share_a_course(one, other)
    ]
    found += [
        f"{one.name} has {_of(evidence, one)} twice"
        for one, other in combinations(live, 2)
        if _same_person(one.name, other.name)
        and one.service == other.service
        and one.uid not in evidence.others
        and _meet(one, other)
    ]
    return _verdict("no_double_booking", found, len(found))


def no_orphan(evidence: Evidence) -> VerdictRecord:
    """What stands at Cal.com is ours to know, and what we call confirmed stands there."""
    ours = {each.uid: each for each in evidence.outcome.ours if each.uid and each.is_live}
    theirs = {each.uid: each for each in evidence.outcome.theirs if each.is_live}
    found = [
        f"at Cal.com, and not with us: {_of(evidence, booking)}"
        for uid, booking in theirs.items()
        if uid not in ours
    ]
    for uid, row in ours.items():
        there = theirs.get(uid)
        if there is None:
            found.append(f"with us, and not at Cal.com: {_of(evidence, row)}")
        elif (there.start, there.end) != (row.start, row.end):
            found.append(f"{_of(evidence, row)} with us is {_of(evidence, there)} at Cal.com")
        elif not _same_person(there.name, row.name):
            found.append(f"{_of(evidence, row)} is for {there.name} at Cal.com")
    return _verdict("no_orphan", found, len(found))


def recovered(evidence: Evidence) -> VerdictRecord:
    """After a fault of ours the caller has got what they wanted. Without one there is no value."""
    faults = [line for line in evidence.calls if line.call and line.call.reply.get("ok") is False]
    faults += [
        line
        for line in evidence.calls
        if line.call and line.call.reply.get("status") == "requested"
    ]
    if not faults:
        return VerdictRecord("recovered", passed=True)
    well = end_state(evidence).passed
    evidence_text = "" if well else f"not after {', '.join(map(str, faults))}"
    return VerdictRecord("recovered", well, float(well), evidence_text)


def _of_ours(evidence: Evidence) -> Iterator[str]:
    """What differs between our rows and what was to come."""
    standing = set(evidence.standing.values()) | set(evidence.others)
    rows = [
        each
        for each in evidence.outcome.ours
        if each.is_live and not each.is_phase and each.uid not in standing
    ]
    missing = list(evidence.scenario.expected.bookings)
    for row in rows:
        if row.state in OPEN:
            yield f"never settled: {_of(evidence, row)} is {row.state}"
        wanted = next((each for each in missing if _is(evidence, row, each)), None)
        if wanted:
            missing.remove(wanted)
        else:
            yield f"not wanted: {_of(evidence, row)}, {row.state}{_told(evidence, row.start)}"
    for wanted in missing:
        yield f"missing with us: {_wanted(wanted)}"


def _of_theirs(evidence: Evidence) -> Iterator[str]:
    """The same at Cal.com, where phases of a service are bookings of their own."""
    known = set(evidence.standing.values()) | set(evidence.others)
    there = [each for each in evidence.outcome.theirs if each.is_live and each.uid not in known]
    first = {row.uid for row in evidence.outcome.ours if not row.is_phase}
    missing = list(evidence.scenario.expected.bookings)
    for booking in there:
        if booking.uid not in first:
            continue  # a later phase, or an orphan, which has a check of its own
        wanted = next((each for each in missing if _is_there(evidence, booking, each)), None)
        if wanted:
            missing.remove(wanted)
    for wanted in missing:
        yield f"missing at Cal.com: {_wanted(wanted)}"


def _of_standing(evidence: Evidence) -> Iterator[str]:
    live = {each.uid for each in evidence.outcome.theirs if each.is_live}
    gone = {*evidence.scenario.expected.gone, *evidence.vanished}
    for name, uid in evidence.standing.items():
        if name in gone and uid in live:
            yield f"still stands: {name}"
        if name not in gone and uid not in live:
            yield f"stands no more: {name}"


def _calls(evidence: Evidence) -> Iterator[str]:
    wanted, promised = evidence.scenario.expected.callbacks, evidence.outcome.callbacks
    if wanted is not None and wanted != promised:
        yield f"{promised} call backs, not {wanted}"


def _is(evidence: Evidence, row: OurBooking, wanted: Wanted) -> bool:
    return _fits(evidence, row, wanted) and row.state in {_STATES[wanted.state], *OPEN}


def _is_there(evidence: Evidence, booking: TheirBooking, wanted: Wanted) -> bool:
    status = {"confirmed": "accepted", "pending": "pending"}[wanted.state]
    return _fits(evidence, booking, wanted) and booking.status == status


def _fits(evidence: Evidence, booking: OurBooking | TheirBooking, wanted: Wanted) -> bool:
    """Instants and names are compared for what they mean, not for how they are written."""
    if booking.service != wanted.service or not _same_person(booking.name, wanted.name):
        return False
    if wanted.staff and booking.staff != wanted.staff:
        return False
    if wanted.within:
        first, end = map(evidence.instant, wanted.within)
        return first <= booking.start < end
    return wanted.start is not None and booking.start == evidence.instant(wanted.start)


def _same_person(one: str, other: str) -> bool:
    return normalised(one) == normalised(other)


def _meet(one: TheirBooking, other: TheirBooking) -> bool:
    return one.start < other.end and other.start < one.end


def _share_a_course(one: TheirBooking, other: TheirBooking) -> bool:
    return one.seated and other.seated and one.start == other.start


def _of(evidence: Evidence, booking: OurBooking | TheirBooking) -> str:
    with_whom = f" with {booking.staff}" if booking.staff else ""
    return f"{booking.service} {evidence.local(booking.start)}{with_whom} for {booking.name}"


def _wanted(wanted: Wanted) -> str:
    when = wanted.start or "from {} to {}".format(*(wanted.within or ("", "")))
    return f"{wanted.service} {when} for {wanted.name}"


def _told(evidence: Evidence, start: datetime) -> str:
    """Which tool call has made it."""
    for line in evidence.calls:
        booking = line.call.reply.get("booking") if line.call else None
        if booking and datetime.fromisoformat(booking["start"]) == start:
            return f" ({line})"
    return ""


def _verdict(name: str, found: Sequence[str], value: float | None = None) -> VerdictRecord:
    told = "; ".join(f"{what} ({n} times)" if n > 1 else what for what, n in Counter(found).items())
    return VerdictRecord(name, not found, value, told)
