"""Rules of the house as one level says them: the business, a line, a service, or its host.

Plain values and how the database keeps them; what follows from them is decided in `booking.policy`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final, Literal

Unlimited = Literal["unlimited"]
"""Said where a limit could stand: it lifts that of a more general level."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of a currency, which is a code of ISO 4217."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Share:
    """Percent of what the service costs; prices are the business's own affair."""

    percent: Decimal


Fee = Money | Share


@dataclass(frozen=True, slots=True)
class FeeTier:
    """What a change costs when less than this is left until the start."""

    within: timedelta
    fee: Fee


@dataclass(frozen=True, slots=True)
class Quota:
    """How often in any stretch of that length."""

    at_most: int
    period: timedelta


@dataclass(frozen=True, slots=True)
class HouseRules:
    """What one level says; `None` leaves it to the more general ones.

    "No notice" is a notice of zero, "no fee" an empty tuple.
    """

    cancel_notice: timedelta | None = None
    """How long before the start it can still be cancelled."""
    move_notice: timedelta | None = None
    cancel_fees: tuple[FeeTier, ...] | None = None
    move_fees: tuple[FeeTier, ...] | None = None
    moves_per_booking: int | Unlimited | None = None
    cancellations: Quota | Unlimited | None = None
    """Of one customer."""


NO_RULES: Final = HouseRules()


def restored(policies: Mapping[str, Any]) -> HouseRules:
    """From the database's JSON, which has the keys of a business file; others are not for us.

    Raises:
        KeyError, TypeError, ValueError, ArithmeticError: It was not written by `business apply`.
    """
    return HouseRules(
        cancel_notice=_hours(policies.get("cancel_notice_hours")),
        move_notice=_hours(policies.get("move_notice_hours")),
        cancel_fees=_tiers(policies.get("cancel_fees")),
        move_fees=_tiers(policies.get("move_fees")),
        moves_per_booking=policies.get("moves_per_booking"),
        cancellations=_quota(policies),
    )


def _hours(hours: int | None) -> timedelta | None:
    return None if hours is None else timedelta(hours=hours)


def _quota(policies: Mapping[str, Any]) -> Quota | Unlimited | None:
    at_most = policies.get("cancellations")
    if isinstance(at_most, int):
        return Quota(at_most, timedelta(days=policies["cancellations_within_days"]))
    return at_most


def _tiers(tiers: Any) -> tuple[FeeTier, ...] | None:
    if tiers is None:
        return None
    return tuple(FeeTier(timedelta(hours=tier["within_hours"]), _fee(tier)) for tier in tiers)


def _fee(tier: Mapping[str, Any]) -> Fee:
    if "percent" in tier:
        return Share(Decimal(tier["percent"]))
    return Money(Decimal(tier["amount"]), tier["currency"])
