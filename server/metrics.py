"""What Prometheus may ask. Labels come from closed sets, so that no caller can add a series."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

from booking.availability import Layer, Offered, Purpose, Seen
from booking.gate import Admission, Verdict

CONTENT_TYPE = CONTENT_TYPE_LATEST

REGISTRY = CollectorRegistry(auto_describe=True)
"""Of this process: a scraper asks each of them."""

ProcessCollector(registry=REGISTRY)
PlatformCollector(registry=REGISTRY)
GCCollector(registry=REGISTRY)

_TOOL_SECONDS = Histogram(
    "slotline_tool_call_seconds",
    "Time from a tool call's arrival at dispatch to its reply.",
    ("platform", "tool", "status"),
    # The targets stand between buckets: 10 and 25 ms on top of Cal.com, 2 s and 4 s in all.
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0),
    registry=REGISTRY,
)

_REFUSED = Counter(
    "slotline_refused_total",
    "Requests that no tool has seen, by the reason that the log line gives.",
    ("platform", "reason"),
    registry=REGISTRY,
)

_AGENT_FIRST_SECONDS = Histogram(
    "slotline_agent_first_word_seconds",
    "Time from a turn's arrival at the agent to its first word.",
    buckets=(0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0),
    registry=REGISTRY,
)

_AGENT_TOKENS = Counter(
    "slotline_agent_tokens_total",
    "Tokens that the agent's model has read and written.",
    ("kind",),
    registry=REGISTRY,
)

IN_FLIGHT = Gauge(
    "slotline_requests_in_flight",
    "Tool requests that have arrived and are not answered yet.",
    registry=REGISTRY,
)

_BREAKER_OPEN = Gauge(
    "slotline_calcom_breaker_open",
    "Whether Cal.com is taken to be down: 1 while nobody asks, 0.5 while one request finds out.",
    ("business",),
    registry=REGISTRY,
)

_BUDGET_LEFT = Gauge(
    "slotline_calcom_budget_left",
    "Requests that may still leave for Cal.com in this minute, as the last one was told.",
    ("business",),
    registry=REGISTRY,
)

_BROKEN_LINKS = Gauge(
    "slotline_broken_links",
    "Event types of a business through which nothing can be booked, when last looked at.",
    ("business",),
    registry=REGISTRY,
)

_ADMISSIONS = Counter(
    "slotline_calcom_admissions_total",
    "Requests to Cal.com by what the gate said to them.",
    ("business", "priority", "verdict"),
    registry=REGISTRY,
)

_ANSWERS = Counter(
    "slotline_availability_answers_total",
    "Answers about one event type's slots, by where they were found and what they were worth.",
    ("layer", "freshness"),
    registry=REGISTRY,
)

_ANSWER_AGE = Histogram(
    "slotline_availability_age_seconds",
    "How old the slots were that were answered.",
    ("layer",),
    # Fresh is half an hour, given at once an hour, known a day.
    buckets=(1, 10, 60, 300, 900, 1800, 3600, 14400, 86400),
    registry=REGISTRY,
)

_OFFERS = Counter(
    "slotline_offers_total",
    "Offered times that somebody wanted: held, taken by another call, or taken at Cal.com (stale).",
    ("outcome",),
    registry=REGISTRY,
)

_SLOT_READS = Counter(
    "slotline_calcom_slot_reads_total",
    "Requests for slots to Cal.com, by for whom: a caller who waits, the background, warming.",
    ("purpose",),
    registry=REGISTRY,
)

TRACE_RECORDS_LOST = Counter(
    "slotline_trace_records_lost_total",
    "Records of calls that no trace will ever show.",
    registry=REGISTRY,
)

LOG_LINES_LOST = Gauge(
    "slotline_log_lines_lost",
    "Log lines that were dropped because their sink was broken or too slow.",
    registry=REGISTRY,
)


def tool_call(platform: str, tool: str, status: str, seconds: float) -> None:
    """Count one answered tool call."""
    _TOOL_SECONDS.labels(platform, tool, status).observe(seconds)


def refused(platform: str, reason: str) -> None:
    """Count one request that was turned away at the door."""
    _REFUSED.labels(platform, reason).inc()


def links(business: str, broken: int) -> None:
    """Observe `booking.sync.Sync`."""
    _BROKEN_LINKS.labels(business).set(broken)


def at_the_gate(admission: Admission) -> None:
    """Observe `booking.gate.Gates`. A business is named by an operator, never by a caller."""
    business, verdict = admission.business, admission.verdict
    _ADMISSIONS.labels(business, admission.priority, verdict).inc()
    _BUDGET_LEFT.labels(business).set(admission.left)
    if verdict is not Verdict.BUDGET_SPENT:
        _BREAKER_OPEN.labels(business).set(_OPENNESS[verdict])


def availability(seen: Seen) -> None:
    """Observe `booking.availability.Availability`. What was saved is answers less reads."""
    if isinstance(seen, Purpose):
        _SLOT_READS.labels(seen).inc()
        return
    if isinstance(seen, Offered):
        _OFFERS.labels(seen).inc()
        return
    _ANSWERS.labels(seen.layer, seen.freshness).inc()
    _ANSWER_AGE.labels(seen.layer).observe(seen.age_seconds)


_OPENNESS = {Verdict.ADMITTED: 0.0, Verdict.PROBE: 0.5, Verdict.BREAKER_OPEN: 1.0}


def answered_from_memory() -> tuple[int, int]:
    """Answers about slots of this process so far: how many without asking Cal.com, and in all."""
    found = {"here": 0, "all": 0}
    for metric in _ANSWERS.collect():
        for sample in metric.samples:
            if sample.name.endswith("_total"):
                found["all"] += int(sample.value)
                found["here"] += int(sample.value) * (sample.labels["layer"] != Layer.CALCOM)
    return found["here"], found["all"]


def exposition() -> bytes:
    """Everything, in Prometheus' text format."""
    return generate_latest(REGISTRY)


def agent_turn(first_seconds: float | None, prompt_tokens: int, completion_tokens: int) -> None:
    """Count a turn of the agent; `None` if it said nothing."""
    if first_seconds is not None:
        _AGENT_FIRST_SECONDS.observe(first_seconds)
    _AGENT_TOKENS.labels("prompt").inc(prompt_tokens)
    _AGENT_TOKENS.labels("completion").inc(completion_tokens)
