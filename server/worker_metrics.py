"""What Prometheus may ask of a worker. No label comes from a caller."""

from datetime import datetime

from prometheus_client import Counter, Gauge, Histogram

from server.metrics import REGISTRY

_WORK_SECONDS = Histogram(
    "slotline_work_seconds",
    "Time that a worker spent on one item, by queue and how it ended.",
    ("queue", "outcome"),
    buckets=(0.005, 0.025, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0),
    registry=REGISTRY,
)

_JOB_SECONDS = Histogram(
    "slotline_job_seconds",
    "Time that a periodic job took over all businesses, by how it ended.",
    ("name", "outcome"),  # `job` is Prometheus' own
    buckets=(0.05, 0.25, 1.0, 5.0, 15.0, 60.0, 300.0, 900.0),
    registry=REGISTRY,
)

_JOB_FINISHED = Gauge(
    "slotline_job_finished_timestamp_seconds",
    "When this worker last finished a periodic job; what it found then is what its gauges show.",
    ("name",),
    registry=REGISTRY,
)

_RECONCILED_AT = Gauge(
    "slotline_reconciled_timestamp_seconds",
    "When this worker last compared a business with Cal.com; what it found then is what it shows.",
    ("business",),
    registry=REGISTRY,
)

_QUEUE_DUE = Gauge(
    "slotline_queue_due",
    "Items that workers should have taken by now, of all businesses.",
    ("queue",),
    registry=REGISTRY,
)

_QUEUE_OLDEST_SECONDS = Gauge(
    "slotline_queue_oldest_seconds",
    "How long the first of them has been due.",
    ("queue",),
    registry=REGISTRY,
)

_EVENTS = Counter(
    "slotline_domain_events_total",
    "What happened to bookings and calls. A worker that dies may count an event twice.",
    ("kind",),
    registry=REGISTRY,
)

OVERDUE_BOOKINGS = Gauge(
    "slotline_overdue_bookings",
    "Bookings that have waited for Cal.com for longer than ten minutes, at the last sweep.",
    registry=REGISTRY,
)

SILENT_BUSINESSES = Gauge(
    "slotline_silent_businesses",
    "Businesses that make bookings but hear nothing from Cal.com any more, at the last look.",
    registry=REGISTRY,
)

_MESSAGES = Counter(
    "slotline_messages_total",
    "Messages to callers and notices to staff, by what they went by and what came of them.",
    ("means", "outcome"),
    registry=REGISTRY,
)

_ORPHAN_RATE = Gauge(
    "slotline_orphan_rate",
    "Share of our bookings at Cal.com that no record accounts for, at the last comparison.",
    ("business",),
    registry=REGISTRY,
)

_CONSISTENCY = Gauge(
    "slotline_consistency",
    "Share of the bookings compared last that agreed before anything was mended.",
    ("business",),
    registry=REGISTRY,
)

_SYNC_FAILURES = Gauge(
    "slotline_sync_failures",
    "Differences with Cal.com that are open.",
    ("business",),
    registry=REGISTRY,
)

_OLDEST_UNSETTLED_SECONDS = Gauge(
    "slotline_oldest_unsettled_seconds",
    "How long the longest unsettled booking has been so, at the last comparison.",
    ("business",),
    registry=REGISTRY,
)


def worked(queue: str, outcome: str, seconds: float) -> None:
    """Count one item of a queue."""
    _WORK_SECONDS.labels(queue, outcome).observe(seconds)


def ran(job: str, outcome: str, seconds: float) -> None:
    """Count one run of a periodic job."""
    _JOB_SECONDS.labels(job, outcome).observe(seconds)
    if outcome == "done":
        _JOB_FINISHED.labels(job).set_to_current_time()


def waiting(queue: str, due: int, oldest_seconds: float) -> None:
    """Show how much waits in a queue."""
    _QUEUE_DUE.labels(queue).set(due)
    _QUEUE_OLDEST_SECONDS.labels(queue).set(oldest_seconds)


def reconciled(
    business: str,
    *,
    orphan_rate: float,
    consistency: float,
    open_failures: int,
    oldest_unsettled_seconds: float,
    at: datetime,
) -> None:
    """Show what a comparison with Cal.com found; an operator names businesses, no caller does."""
    _RECONCILED_AT.labels(business).set(at.timestamp())
    _ORPHAN_RATE.labels(business).set(orphan_rate)
    _CONSISTENCY.labels(business).set(consistency)
    _SYNC_FAILURES.labels(business).set(open_failures)
    _OLDEST_UNSETTLED_SECONDS.labels(business).set(oldest_unsettled_seconds)


def told(means: str, outcome: str) -> None:
    """Count one message: sent, perhaps sent, or left for somebody to call."""
    _MESSAGES.labels(means, outcome).inc()


def happened(kind: str) -> None:
    """Count one domain event."""
    _EVENTS.labels(kind).inc()
