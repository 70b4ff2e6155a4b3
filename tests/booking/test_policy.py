"""Rules of the house: which level wins, what is too late, what it costs, what is always free."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.business import Business, Line, Service, Staff
from booking.house_rules import NO_RULES, Fee, FeeTier, HouseRules, Money, Quota, Share, restored
from booking.policy import (
    GRACE,
    Allowed,
    Policy,
    QuotaUsed,
    Standing,
    TooLate,
    Verdict,
    may_cancel,
    may_move,
    policy_for,
)

ID = UUID(int=1)
NOW = datetime(2026, 2, 9, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
BERLIN = ZoneInfo("Europe/Berlin")

FEES = (
    FeeTier(48 * HOUR, Share(Decimal(25))),
    FeeTier(24 * HOUR, Share(Decimal(50))),
    FeeTier(4 * HOUR, Money(Decimal("39.90"), "EUR")),
)


def house(
    *,
    business: HouseRules = NO_RULES,
    line: HouseRules = NO_RULES,
    service: HouseRules = NO_RULES,
    staff: HouseRules = NO_RULES,
) -> Policy:
    return policy_for(
        Business(ID, "salon", "Salon", BERLIN, "de", "callers.salon.example", rules=business),
        Line(ID, "+493023125010", "Salon", BERLIN, "de", rules=line),
        Service(ID, "cut", "Cut", rules=service),
        Staff(ID, "anna", "Anna", rules=staff),
    )


def standing(left: timedelta = 100 * HOUR, **more: Any) -> Standing:
    booked = Standing(NOW + left, booked_at=NOW - timedelta(days=9), of_this_call=False)
    return replace(booked, **more)


def test_without_rules_everything_is_allowed_until_the_start() -> None:
    assert house() == Policy()
    for left in (100 * HOUR, timedelta(minutes=1), timedelta(0)):
        assert may_move(Policy(), standing(left), now=NOW) == Allowed()
        assert may_cancel(Policy(), standing(left, moves=99), now=NOW) == Allowed()


def test_the_most_specific_level_wins_field_by_field() -> None:
    policy = house(
        business=HouseRules(cancel_notice=24 * HOUR, move_notice=12 * HOUR, cancel_fees=FEES),
        line=HouseRules(cancel_notice=6 * HOUR, moves_per_booking=3),
        service=HouseRules(moves_per_booking=1, move_notice=48 * HOUR),
        staff=HouseRules(move_notice=72 * HOUR),
    )

    assert policy == Policy(
        cancel_notice=6 * HOUR, move_notice=72 * HOUR, cancel_fees=FEES, moves_per_booking=1
    )


def test_a_specific_level_can_lift_what_a_general_one_asks() -> None:
    strict = HouseRules(
        cancel_notice=24 * HOUR,
        move_notice=24 * HOUR,
        cancel_fees=FEES,
        move_fees=FEES,
        moves_per_booking=0,
        cancellations=Quota(0, timedelta(days=30)),
    )
    lenient = HouseRules(timedelta(0), timedelta(0), (), (), "unlimited", "unlimited")

    assert house(business=strict, staff=lenient) == Policy()


@given(st.sets(st.sampled_from([field.name for field in fields(HouseRules)])))
def test_a_level_that_says_nothing_changes_nothing(said: set[str]) -> None:
    whole = HouseRules(HOUR, HOUR, FEES, FEES, 2, Quota(2, timedelta(days=9)))
    rules = replace(NO_RULES, **{name: getattr(whole, name) for name in said})

    assert house(business=rules) == house(service=rules) == house(staff=rules, line=rules)


def test_a_booking_whose_service_is_gone_follows_the_business() -> None:
    business = Business(
        ID, "s", "S", BERLIN, "de", "c.example", rules=HouseRules(cancel_notice=HOUR)
    )

    assert policy_for(business, None, None, None).cancel_notice == HOUR


@pytest.mark.parametrize("ask", [may_move, may_cancel])
def test_notice_ends_at_the_instant_it_names(ask: Callable[..., Verdict]) -> None:
    policy = Policy(cancel_notice=24 * HOUR, move_notice=24 * HOUR)

    assert ask(policy, standing(24 * HOUR), now=NOW) == Allowed()
    late = standing(24 * HOUR - timedelta(seconds=1))
    assert ask(policy, late, now=NOW) == TooLate(24 * HOUR, NOW - timedelta(seconds=1))


@pytest.mark.parametrize(
    ("left", "fee"),
    [
        (48 * HOUR, None),
        (47 * HOUR, Share(Decimal(25))),
        (24 * HOUR, Share(Decimal(25))),
        (23 * HOUR, Share(Decimal(50))),
        (timedelta(minutes=5), Money(Decimal("39.90"), "EUR")),
    ],
)
def test_the_tightest_tier_that_is_reached_counts(left: timedelta, fee: Fee | None) -> None:
    shuffled = (FEES[1], FEES[2], FEES[0])

    assert may_cancel(Policy(cancel_fees=shuffled), standing(left), now=NOW) == Allowed(fee)
    assert may_move(Policy(cancel_fees=shuffled), standing(left), now=NOW) == Allowed()


def test_a_booking_can_be_moved_so_many_times() -> None:
    policy = Policy(moves_per_booking=2)

    assert may_move(policy, standing(moves=1), now=NOW) == Allowed()
    assert may_move(policy, standing(moves=2), now=NOW) == QuotaUsed(2)
    assert may_cancel(policy, standing(moves=2), now=NOW) == Allowed()


def test_only_cancellations_within_the_period_count() -> None:
    month = timedelta(days=30)
    policy = Policy(cancellations=Quota(2, month))
    lately, long_ago = NOW - timedelta(days=3), NOW - month

    assert may_cancel(policy, standing(cancelled_at=(lately, long_ago)), now=NOW) == Allowed()
    used = standing(cancelled_at=(long_ago, lately, lately))
    assert may_cancel(policy, used, now=NOW) == QuotaUsed(2, month)
    assert may_move(policy, used, now=NOW) == Allowed()


def test_f_060_what_was_just_booked_is_changed_freely() -> None:
    """Also what stands in the next ten minutes, and whatever the customer did before."""
    strict = Policy(
        cancel_notice=48 * HOUR,
        move_notice=48 * HOUR,
        cancel_fees=FEES,
        move_fees=FEES,
        moves_per_booking=0,
        cancellations=Quota(0, timedelta(days=30)),
    )
    this_call = standing(HOUR, of_this_call=True, moves=1)
    just_now = standing(HOUR, booked_at=NOW - GRACE, moves=1)
    before = standing(HOUR, booked_at=NOW - GRACE - timedelta(seconds=1))

    for booking in (this_call, just_now):
        assert may_move(strict, booking, now=NOW) == Allowed()
        assert may_cancel(strict, booking, now=NOW) == Allowed()
    assert may_move(replace(strict, moves_per_booking=None), before, now=NOW) == TooLate(
        48 * HOUR, NOW - 47 * HOUR
    )


def test_rules_come_back_from_what_is_stored() -> None:
    stored = {
        "cancel_notice_hours": 24,
        "cancel_fees": [
            {"within_hours": 48, "percent": "12.5"},
            {"within_hours": 24, "amount": "39.90", "currency": "EUR"},
        ],
        "move_fees": [],
        "moves_per_booking": "unlimited",
        "cancellations": 2,
        "cancellations_within_days": 90,
        "mirror_holds": True,
    }

    assert restored(stored) == HouseRules(
        cancel_notice=24 * HOUR,
        cancel_fees=(
            FeeTier(48 * HOUR, Share(Decimal("12.5"))),
            FeeTier(24 * HOUR, Money(Decimal("39.90"), "EUR")),
        ),
        move_fees=(),
        moves_per_booking="unlimited",
        cancellations=Quota(2, timedelta(days=90)),
    )
    assert restored({}) == NO_RULES
