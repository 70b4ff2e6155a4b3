"""What a simulated day comes to, beside what was aimed at."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

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
    """Bookings and cancellations in the web UI, and what became of the webhooks."""
    offered: int = 0
    offered_though_taken: int = 0
    """Slots of an offer that Cal.com did not list at that moment."""
    chosen: int = 0
    """Slots that a caller chose: held or booked."""
    gone: int = 0
    """Of these, those that somebody else had by then."""
    statuses: Counter[str] = field(default_factory=Counter[str])
    tool_ms: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    answers: Counter[str] = field(default_factory=Counter[str])
    """Answers about one event type's slots, by the layer that had them."""
    requests: Counter[str] = field(default_factory=Counter[str])
    """To Cal.com, by purpose: write, read on the caller's time, background."""
    endpoints: Counter[str] = field(default_factory=Counter[str])
    """Requests of both clients, as the stand-ins count them."""
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
        return self.plain_requests - self.requests["read"] - self.requests["background"]


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
    requests = Table(
        "requests to Cal.com", "ours", "per booked call", "plain client", "per booked call"
    )
    plain = {"write": day.requests["write"], "read": day.plain_requests, "background": 0}
    for purpose, said in _PURPOSES.items():
        ours = day.requests[purpose]
        requests.add_row(said, *_each(ours, day), *_each(plain[purpose], day))
    requests.add_row("in all", *_each(day.requests.total(), day), *_each(sum(plain.values()), day))
    console.print(requests)
    layers = ", ".join(
        f"{layer} {count / max(day.answers.total(), 1):.2%}"
        for layer, count in day.answers.most_common()
    )
    console.print(
        "of all clients: " + ", ".join(f"{n:,} {e}" for e, n in day.endpoints.most_common())
    )
    console.print(f"answers by layer: {layers}; reads saved: {day.saved:,}")
    took = Table("milliseconds", "n", "p50", "p95", "p99")
    for tool, samples in {**day.tool_ms, "plain client, slots": day.plain_ms}.items():
        if samples:
            took.add_row(
                tool, f"{len(samples):,}", *(f"{percentile(samples, p):.1f}" for p in (50, 95, 99))
            )
    console.print(took)
    console.print("statuses: " + ", ".join(f"{n} {s}" for s, n in day.statuses.most_common()))


_PURPOSES = {"write": "writes", "read": "reads on the caller's time", "background": "background"}


def _targets(day: Figures) -> list[tuple[str, str, str]]:
    return [
        ("answers without waiting for Cal.com", ">= 95 %", f"{day.hit_rate:.2%}"),
        ("reads on the caller's time per booked call", "<= 0.1", f"{day.reads_per_booking:.3f}"),
        ("requests in all per booked call", "<= 3", f"{day.requests_per_booking:.2f}"),
        ("stale offers (taken when chosen)", "< 0.5 %", f"{day.stale_offers:.2%}"),
        (
            "offered though Cal.com listed it no more",
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
