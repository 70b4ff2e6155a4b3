"""Traces of calls for Langfuse: written behind the caller's time, and harmless when it is away."""

from server.traces.records import (
    CallKey,
    CallSpan,
    Generation,
    RequestSpan,
    Score,
    ToolSpan,
    TurnSpan,
)
from server.traces.traces import NO_TRACES, NoTraces, Traces

__all__ = [
    "NO_TRACES",
    "CallKey",
    "CallSpan",
    "Generation",
    "NoTraces",
    "RequestSpan",
    "Score",
    "ToolSpan",
    "Traces",
    "TurnSpan",
]
