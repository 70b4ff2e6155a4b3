"""What Prometheus may ask. Labels come from closed sets, so that no caller can add a series."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

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

IN_FLIGHT = Gauge(
    "slotline_requests_in_flight",
    "Tool requests that have arrived and are not answered yet.",
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


def exposition() -> bytes:
    """Everything, in Prometheus' text format."""
    return generate_latest(REGISTRY)
