"""Writes deploy/grafana/dashboards: panels are lines here, Grafana's JSON is made of them.

    python scripts/dashboards.py

A test compares the files with what this makes, and each query with the metrics that there are.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parents[1] / "deploy" / "grafana" / "dashboards"
_SOURCE: Final = {"type": "prometheus", "uid": "slotline-prometheus"}
_WIDTH: Final = 12
_HEIGHT: Final = 8
_ACROSS: Final = 24
"""Columns of Grafana's grid."""


@dataclass(frozen=True, slots=True)
class Panel:
    """One question: a title, queries with their legends, and in what the answer is counted."""

    title: str
    queries: Sequence[tuple[str, str]]
    unit: str = "short"
    now: bool = False
    """Only the present number, large."""


def _p(quantile: float, by: str, metric: str, only: str = "") -> str:
    rate = f"sum by (le{', ' if by else ''}{by}) (rate({metric}_bucket{only}[$__rate_interval]))"
    return f"histogram_quantile({quantile}, {rate})"


def _rates(by: str, metric: str) -> tuple[str, str]:
    """A rate by some labels, with these for a legend."""
    legend = " ".join(f"{{{{{label}}}}}" for label in by.split(", "))
    return f"sum by ({by}) (rate({metric}[$__rate_interval]))", legend


_TOOLS: Final = "slotline_tool_call_seconds"
_DONE: Final = '{status=~"booked|moved|cancelled|requested"}'

BOARDS: Final = {
    "bookings": (
        "Slotline: bookings",
        (
            Panel(
                "Tool calls answered, last ten minutes",
                [("slotline:tool_success:ratio10m", "")],
                "percentunit",
                now=True,
            ),
            Panel(
                "Bookings, moves and cancellations",
                [(f"sum by (status) (increase({_TOOLS}_count{_DONE}[1h]))", "{{status}}")],
            ),
            Panel(
                "What became of bookings",
                [("sum by (kind) (increase(slotline_domain_events_total[1h]))", "{{kind}}")],
            ),
            Panel(
                "Outcomes of tool calls",
                [_rates("status", f"{_TOOLS}_count")],
                "reqps",
            ),
            Panel(
                "Offered times that somebody wanted",
                [("sum by (outcome) (increase(slotline_offers_total[1h]))", "{{outcome}}")],
            ),
            Panel(
                "Messages",
                [
                    (
                        "sum by (means, outcome) (increase(slotline_messages_total[1h]))",
                        "{{means}} {{outcome}}",
                    )
                ],
            ),
        ),
    ),
    "latency": (
        "Slotline: latency",
        (
            Panel("Tools, 95th of a hundred", [(_p(0.95, "tool", _TOOLS), "{{tool}}")], "s"),
            Panel("Tools, median", [(_p(0.5, "tool", _TOOLS), "{{tool}}")], "s"),
            Panel(
                "The agent's first word",
                [
                    (_p(0.5, "", "slotline_agent_first_word_seconds"), "median"),
                    (_p(0.95, "", "slotline_agent_first_word_seconds"), "95th"),
                ],
                "s",
            ),
            Panel(
                "Where availability was found",
                [_rates("layer", "slotline_availability_answers_total")],
                "reqps",
            ),
            Panel(
                "Answers that waited for Cal.com",
                [("slotline:cache_misses:ratio30m", "misses")],
                "percentunit",
            ),
            Panel(
                "Age of what was answered, 95th",
                [(_p(0.95, "layer", "slotline_availability_age_seconds"), "{{layer}}")],
                "s",
            ),
        ),
    ),
    "operations": (
        "Slotline: operations",
        (
            Panel(
                "Alerts that ring",
                [('count(ALERTS{alertstate="firing"}) or vector(0)', "")],
                now=True,
            ),
            Panel(
                "Waiting for workers",
                [("max by (queue) (slotline_queue_due)", "{{queue}}")],
            ),
            Panel(
                "Longest wait",
                [("max by (queue) (slotline_queue_oldest_seconds)", "{{queue}}")],
                "s",
            ),
            Panel(
                "Work that failed",
                [_rates("queue", 'slotline_work_seconds_count{outcome="failed"}')],
                "reqps",
            ),
            Panel(
                "Periodic jobs, since the last time",
                [
                    (
                        "time() - max by (name) (slotline_job_finished_timestamp_seconds)",
                        "{{name}}",
                    )
                ],
                "s",
            ),
            Panel(
                "Requests to Cal.com",
                [_rates("business, verdict", "slotline_calcom_admissions_total")],
                "reqps",
            ),
            Panel(
                "Left of Cal.com's budget",
                [("min by (business) (slotline_calcom_budget_left)", "{{business}}")],
            ),
            Panel(
                "Breaker",
                [("max by (business) (slotline_calcom_breaker_open)", "{{business}}")],
            ),
            Panel(
                "Differences with Cal.com",
                [
                    ("slotline:sync_failures:latest", "{{business}} differ"),
                    ("slotline:overdue_bookings:latest", "overdue"),
                    ("slotline:silent_businesses:latest", "silent"),
                ],
            ),
            Panel(
                "Turned away",
                [_rates("platform, reason", "slotline_refused_total")],
                "reqps",
            ),
            Panel(
                "Processor",
                [
                    (
                        "rate(process_cpu_seconds_total[$__rate_interval])",
                        "{{job}} {{instance}}",
                    )
                ],
                "percentunit",
            ),
            Panel(
                "Memory",
                [("process_resident_memory_bytes", "{{job}} {{instance}}")],
                "bytes",
            ),
        ),
    ),
}


def board(name: str) -> dict[str, Any]:
    """A dashboard as Grafana keeps it."""
    title, panels = BOARDS[name]
    return {
        "uid": f"slotline-{name}",
        "title": title,
        "tags": ["slotline"],
        "timezone": "browser",
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "schemaVersion": 39,
        "panels": [_panel(position, panel) for position, panel in enumerate(panels)],
    }


def _panel(position: int, panel: Panel) -> dict[str, Any]:
    column = position * _WIDTH % _ACROSS
    return {
        "id": position + 1,
        "title": panel.title,
        "type": "stat" if panel.now else "timeseries",
        "datasource": _SOURCE,
        "gridPos": {
            "x": column,
            "y": position * _WIDTH // _ACROSS * _HEIGHT,
            "w": _WIDTH,
            "h": _HEIGHT,
        },
        "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0}, "overrides": []},
        "targets": [
            {"refId": chr(ord("A") + row), "expr": expr, "legendFormat": legend}
            for row, (expr, legend) in enumerate(panel.queries)
        ],
    }


def as_text(name: str) -> str:
    """What the file holds."""
    return json.dumps(board(name), indent=2) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for each in BOARDS:
        (FOLDER / f"{each}.json").write_text(as_text(each), encoding="utf-8")
