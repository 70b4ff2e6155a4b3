"""The verdict of a chaos run sees each kind of broken promise, and nothing else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from slotline.chaos.verdict import OurRow, TheirBooking, Told, Verdict, judge

NINE = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
HALF_AN_HOUR = timedelta(minutes=30)

ROW = OurRow("1", "confirmed", NINE, "Elke Ahlers", "uid-1")
THERE = TheirBooking(
    "uid-1", "accepted", NINE, NINE + HALF_AN_HOUR, "Anna", "Elke Ahlers", our_id="1"
)
TOLD = Told("Elke Ahlers", NINE, "booked")
VISIT = TheirBooking(
    "uid-2", "accepted", NINE, NINE + HALF_AN_HOUR, "Ben", "Web Visitor", our_id=None
)
VISIT_HERE = OurRow("2", "confirmed", NINE, "Web Visitor", "uid-2")


def broken(verdict: Verdict) -> dict[str, int]:
    """Which promises, and how often."""
    names = (
        *("double_bookings", "orphans", "missing"),
        *("lost_wishes", "false_booked", "false_taken", "unsettled"),
    )
    counts = {name: getattr(verdict, name) for name in names}
    assert sum(counts.values()) == len(verdict.findings)
    return {name: count for name, count in counts.items() if count}


def test_a_kept_promise_is_clean() -> None:
    assert judge([TOLD], [ROW, VISIT_HERE], [THERE, VISIT]).is_clean


def test_a_request_that_came_to_nothing_is_clean() -> None:
    failed = replace(ROW, state="failed", calcom_uid=None)
    assert judge([replace(TOLD, status="requested")], [failed], []).is_clean


def test_the_old_uid_of_a_moved_booking_is_clean() -> None:
    moved = replace(THERE, uid="uid-0", status="cancelled", start=NINE - HALF_AN_HOUR)
    assert judge([TOLD], [ROW], [moved, THERE]).is_clean


@pytest.mark.parametrize("minutes", [-29, 0, 29])
def test_two_at_one_time_of_one_host_are_a_double_booking(minutes: int) -> None:
    start = NINE + timedelta(minutes=minutes)
    other = replace(VISIT, host="Anna", start=start, end=start + HALF_AN_HOUR)
    here = replace(VISIT_HERE, start=start)
    assert broken(judge([], [ROW, here], [THERE, other])) == {"double_bookings": 1}


@pytest.mark.parametrize("minutes", [-30, 30])
def test_one_after_the_other_is_none(minutes: int) -> None:
    start = NINE + timedelta(minutes=minutes)
    other = replace(VISIT, host="Anna", start=start, end=start + HALF_AN_HOUR)
    assert judge([], [ROW, replace(VISIT_HERE, start=start)], [THERE, other]).is_clean


def test_what_two_visitors_do_to_each_other_is_not_ours() -> None:
    third = replace(VISIT, uid="uid-3", name="Web Visitor Two")
    here = replace(VISIT_HERE, id="3", calcom_uid="uid-3")
    assert judge([], [VISIT_HERE, here], [VISIT, third]).is_clean


@pytest.mark.parametrize(
    "row",
    [
        None,
        replace(ROW, state="failed", calcom_uid=None),
        replace(ROW, start=NINE + HALF_AN_HOUR),
        replace(ROW, id="9"),
    ],
    ids=["none", "dead", "at another time", "of another wish"],
)
def test_a_booking_without_its_record_is_an_orphan(row: OurRow | None) -> None:
    assert judge([], [row] if row else [], [THERE]).orphans == 1


def test_so_is_one_of_the_web_that_we_never_heard_of() -> None:
    assert broken(judge([], [], [VISIT])) == {"orphans": 1}


def test_a_record_without_its_booking_is_missing() -> None:
    gone = replace(THERE, status="cancelled")
    assert broken(judge([], [ROW], [gone])) == {"missing": 1}


def test_booked_and_not_there_is_false() -> None:
    failed = replace(ROW, state="failed", calcom_uid=None)
    assert broken(judge([TOLD], [failed], [])) == {"false_booked": 1}


def test_booked_twice_is_false_too() -> None:
    twin = replace(THERE, uid="uid-3", host="Ben", our_id="3")
    here = replace(ROW, id="3", calcom_uid="uid-3")
    assert broken(judge([TOLD], [ROW, here], [THERE, twin])) == {"false_booked": 1}


def test_who_was_changed_on_the_web_was_told_the_truth_before() -> None:
    gone = replace(THERE, status="cancelled")
    here = replace(ROW, state="cancelled")
    assert judge([TOLD], [here], [gone], changed={"Elke Ahlers"}).is_clean


def test_taken_and_there_is_false() -> None:
    assert broken(judge([replace(TOLD, status="slot_taken")], [ROW], [THERE])) == {"false_taken": 1}


def test_a_booking_in_spite_of_an_apology_is_counted_and_is_no_finding() -> None:
    verdict = judge([replace(TOLD, status="technical_fault")], [ROW], [THERE])
    assert verdict.is_clean
    assert verdict.ghosts == 1


@pytest.mark.parametrize("status", ["booked", "requested"])
def test_a_wish_that_no_row_knows_is_lost(status: str) -> None:
    assert judge([replace(TOLD, status=status)], [], []).lost_wishes == 1


@pytest.mark.parametrize("state", ["pending", "queued", "moving", "cancelling"])
def test_what_nobody_has_settled_is_unsettled(state: str) -> None:
    assert broken(judge([], [replace(ROW, state=state)], [])) == {"unsettled": 1}
