"""Whether a booking may still be moved or cancelled, and what that costs. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Final

from booking.business import Business, Line, Service, Staff
from booking.house_rules import Fee, FeeTier, HouseRules, Quota

GRACE: Final = timedelta(minutes=30)
"""Who corrects what they have just booked means one booking, not two: no rule stands in the way."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules for one booking, after all levels were heard; by default nothing is required."""

    cancel_notice: timedelta = timedelta(0)
    """How long before the start it can still be cancelled."""
    move_notice: timedelta = timedelta(0)
    cancel_fees: tuple[FeeTier, ...] = ()
    move_fees: tuple[FeeTier, ...] = ()
    moves_per_booking: int | None = None
    """`None`: as often as they like."""
    cancellations: Quota | None = None
    """Of one customer; `None`: as often as they like."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the rules ask about a booking that stands, and about whose it is."""

    start: datetime
    booked_at: datetime
    """When it was wished for, not when it was last moved."""
    of_this_call: bool
    """Whether it was booked in the call that is going on."""
    moves: int = 0
    """How often it was moved."""
    cancelled_at: tuple[datetime, ...] = ()
    """When the customer cancelled others, in any order; older ones do no harm."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """It may be done, for a fee if there is one: say so before the yes."""

    fee: Fee | None = None


@dataclass(frozen=True, slots=True)
class TooLate:
    """The notice is over: a matter for a human."""

    notice: timedelta
    until: datetime
    """The last instant at which it could have been done."""


@dataclass(frozen=True, slots=True)
class QuotaUsed:
    """It was done as often as is allowed: a matter for a human."""

    limit: int
    period: timedelta | None = None
    """In which stretch of time; `None`: for this booking."""


Verdict = Allowed | TooLate | QuotaUsed


def policy_for(
    business: Business, line: Line | None, service: Service | None, staff: Staff | None
) -> Policy:
    """What holds for a booking: field by field, the most specific level that says something wins.

    Args:
        business: Whose booking it is.
        line: On which the caller is.
        service: Of the booking; `None` if it is no longer offered.
        staff: Its host, where known.
    """
    levels = [level.rules for level in (staff, service, line, business) if level is not None]
    said = {field.name: _first_said(levels, field.name) for field in fields(HouseRules)}
    # A limit that was lifted, and what nobody has said: both are the default.
    return Policy(
        **{name: value for name, value in said.items() if value not in {None, "unlimited"}}
    )


def within_grace(booking: Standing, *, now: datetime) -> bool:
    """Whether a booking is so new that no rule stands in the way of changing it."""
    return booking.of_this_call or now - booking.booked_at <= GRACE


def may_move(policy: Policy, booking: Standing, *, now: datetime) -> Verdict:
    """Whether a booking may be moved now, wherever to."""
    if within_grace(booking, now=now):
        return Allowed()
    limit = policy.moves_per_booking
    if limit is not None and booking.moves >= limit:
        return QuotaUsed(limit)
    return _in_time(booking, policy.move_notice, policy.move_fees, now)


def may_cancel(policy: Policy, booking: Standing, *, now: datetime) -> Verdict:
    """Whether a booking may be cancelled now."""
    if within_grace(booking, now=now):
        return Allowed()
    quota = policy.cancellations
    if quota is not None:
        lately = sum(now - quota.period < each <= now for each in booking.cancelled_at)
        if lately >= quota.at_most:
            return QuotaUsed(quota.at_most, quota.period)
    return _in_time(booking, policy.cancel_notice, policy.cancel_fees, now)


def _first_said(levels: Iterable[HouseRules], name: str) -> Any:
    return next((said for level in levels if (said := getattr(level, name)) is not None), None)


def _in_time(
    booking: Standing, notice: timedelta, tiers: Iterable[FeeTier], now: datetime
) -> Allowed | TooLate:
    if now > booking.start - notice:
        return TooLate(notice, until=booking.start - notice)
    left = booking.start - now
    reached = [tier for tier in tiers if left < tier.within]
    return Allowed(min(reached, key=lambda tier: tier.within).fee if reached else None)
