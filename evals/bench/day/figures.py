"""What a simulated day comes to, beside what was aimed at."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from rich.console import Console
from rich.table import Table


@dataclass(slots=True)
class Figures:
    """Counted while the day goes by."""

    calls: int = 0
    booked: int = 0
    """Calls that ended in a booking."""
    cancelled: int = 0
    outside: Counter[str] = field(default_factory=Counter[str])
    """Bookings and cancellations in the web UI, engagements, and what became of the webhooks."""
    offered: int = 0
    offered_though_taken: int = 0
    """Slots of an offer that Cal.com would have refused at that moment."""
    chosen: int = 0
    """Slots that a caller chose: held or booked."""
    gone: int = 0
    """Of these, those that somebody else had by then."""
    statuses: Counter[str] = field(default_factory=Counter[str])
    tool_ms: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    answers: Counter[str] = field(default_factory=Counter[str])
    """Answers about one event type's slots, by the layer that had them."""
    younger: Counter[str] = field(default_factory=Counter[str])
    """How many of these were at most so many seconds old."""
    requests: Counter[str] = field(default_factory=Counter[str])
    """Ours to Cal.com, by priority: write, read on the caller's time, background."""
    slot_reads: Counter[str] = field(default_factory=Counter[str])
    """Of these, those for slots, by for whom."""
    endpoints: Counter[str] = field(default_factory=Counter[str])
    """Ours, as the stand-ins count them."""
    offers: Counter[str] = field(default_factory=Counter[str])
    """What became of offered times that somebody wanted."""
    plain_requests: int = 0
    plain_ms: list[float] = field(default_factory=list[float])
    double_bookings: int = 0
    promised_without_booking: int = 0

    @property
    def changes(self) -> int:
        """What made some slots other than they were."""
        return self.booked + self.cancelled + self.outside.total()

    @property
    def hit_rate(self) -> float:
        """Share of answers for which nobody waited for Cal.com."""
        return 1 - self.answers["calcom"] / max(self.answers.total(), 1)

    @property
    def reads_per_booking(self) -> float:
        return self.requests["read"] / max(self.booked, 1)

    @property
    def requests_per_booking(self) -> float:
        return self.requests.total() / max(self.booked, 1)

    @property
    def stale_offers(self) -> float:
        return self.gone / max(self.chosen, 1)

    @property
    def saved(self) -> int:
        """Requests about slots that the plain client sent and we did not."""
        return self.plain_requests - self.slot_reads.total()

    @property
    def purposes(self) -> Counter[str]:
        """All requests to Cal.com by what they were for."""
        told = Counter(
            {
                "writes": self.requests["write"],
                "reads on the caller's time": self.requests["read"],
                "slots behind an answer or after news": self.slot_reads["background"],
                "slots before somebody asked": self.slot_reads["warming"],
                "bookings that a webhook told of": self.endpoints["get_booking"],
                "reconciliation": self.endpoints["list"],
                "event types and schedules": self.endpoints["list_event_types"]
                + self.endpoints["list_schedules"],
            }
        )
        told["others"] = self.requests.total() - told.total()
        return told


def print_figures(console: Console, day: Figures) -> None:
    """Tables for people: what was aimed at and reached, requests by purpose, milliseconds."""
    outside = ", ".join(f"{count:,} {what}" for what, count in sorted(day.outside.items()))
    console.print(
        f"{day.calls:,} calls, {day.booked:,} booked, {day.cancelled:,} cancelled by callers; "
        f"behind our back: {outside}"
    )
    reached = Table("", "target", "reached", title="A simulated day", title_justify="left")
    for name, target, value in _targets(day):
        reached.add_row(name, target, value)
    console.print(reached)
    requests = Table("requests to Cal.com", "ours", "each", "plain client", "each")
    plain = Counter(
        {"writes": day.requests["write"], "reads on the caller's time": day.plain_requests}
    )
    for purpose, ours in day.purposes.items():
        requests.add_row(purpose, *_each(ours, day), *_each(plain[purpose], day))
    requests.add_row("in all", *_each(day.requests.total(), day), *_each(plain.total(), day))
    requests.caption = "each: per booked call"
    console.print(requests)
    layers = ", ".join(
        f"{layer} {count / max(day.answers.total(), 1):.2%}"
        for layer, count in day.answers.most_common()
    )
    console.print(f"answers by layer: {layers}; reads saved: {day.saved:,}")
    console.print(
        "answers at most so old: "
        + ", ".join(
            f"{float(seconds) / 60:g} min {n / max(day.answers.total(), 1):.1%}"
            for seconds, n in day.younger.items()
            if float(seconds) >= _A_MINUTE
        )
    )
    console.print(
        "offers that were wanted: " + ", ".join(f"{n:,} {e}" for e, n in day.offers.most_common())
    )
    took = Table("milliseconds", "n", "p50", "p95", "p99")
    for tool, samples in {**day.tool_ms, "plain client, slots": day.plain_ms}.items():
        if samples:
            took.add_row(
                tool, f"{len(samples):,}", *(f"{percentile(samples, p):.1f}" for p in (50, 95, 99))
            )
    console.print(took)
    console.print("statuses: " + ", ".join(f"{n} {s}" for s, n in day.statuses.most_common()))


_A_MINUTE: Final = 60


def _targets(day: Figures) -> list[tuple[str, str, str]]:
    return [
        ("answers without waiting for Cal.com", ">= 95 %", f"{day.hit_rate:.2%}"),
        ("reads on the caller's time per booked call", "<= 0.1", f"{day.reads_per_booking:.3f}"),
        ("requests in all per booked call", "<= 3", f"{day.requests_per_booking:.2f}"),
        ("stale offers (taken when chosen)", "< 0.5 %", f"{day.stale_offers:.2%}"),
        (
            "offered though Cal.com would have refused it",
            "",
            f"{day.offered_though_taken / max(day.offered, 1):.2%}",
        ),
        ("double bookings", "0", str(day.double_bookings)),
        ("told booked without a booking", "0", str(day.promised_without_booking)),
    ]


def _each(count: int, day: Figures) -> tuple[str, str]:
    return f"{count:,}", f"{count / max(day.booked, 1):.2f}"


def percentile(samples: Sequence[float], percent: float) -> float:
    """Exact: from the sorted samples."""
    ordered = sorted(samples)
    return ordered[min(int(len(ordered) * percent / 100), len(ordered) - 1)]
