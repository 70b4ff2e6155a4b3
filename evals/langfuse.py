"""A finished run as an experiment in Langfuse: a trace for each call, its checks as scores.

Over the wire and not through the SDK: the SDK gives spans random ids and the time of now, so that a
second push would double every call. Here every id is worked out from run, scenario and trial, so
pushing again changes nothing. Langfuse 4 takes experiments as attributes of spans only.

Source of names and paths: langfuse 5.0.4 (`_client/attributes.py`, `api/`) and
https://langfuse.com/integrations/native/opentelemetry.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import count
from typing import Any, Final, TypeVar

import httpx
from tenacity import (
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    wait_exponential_jitter,
)

from evals.latency.comparison import TARGET_GAP
from evals.latency.profile import Profile
from evals.records import Run, ToolCallRecord, TrialRecord, TurnRecord

DATASET: Final = "slotline-{suite}"
_ENVIRONMENT: Final = "evals"
_TRACES_AT_ONCE: Final = 20
_SCORES_AT_ONCE: Final = 200
"""Of some hundred bytes each: a request may have a megabyte."""
_TRACE_ID, _SPAN_ID = 32, 16
"""Hexadecimal digits."""

Span = dict[str, Any]
T = TypeVar("T")


class NotTaken(Exception):
    """Langfuse did not take the run. The message says what it answered."""


class _Busy(Exception):
    """It may take the same in a moment."""


@dataclass(frozen=True, slots=True)
class Langfuse:
    """A project of a Langfuse server."""

    host: str
    public_key: str
    secret_key: str = field(repr=False)

    def push(
        self, run: Run, *, profile: Profile, progress: Callable[[int], None] = lambda _done: None
    ) -> str:
        """Send a run; again, if you like.

        Args:
            run: With its trials.
            profile: Times in a trace are those that a caller would have lived through.
            progress: Told how many calls have been sent.

        Returns:
            The id of the experiment.

        Raises:
            NotTaken: Langfuse refused, or did not answer.
        """
        with httpx.Client(
            base_url=self.host,
            auth=(self.public_key, self.secret_key),
            timeout=10.0,
            headers={"x-langfuse-ingestion-version": "4"},
        ) as http:
            return _Pushing(http, run, profile).push(progress)


class _Pushing:
    def __init__(self, http: httpx.Client, run: Run, profile: Profile) -> None:
        self._http, self._run, self._profile = http, run, profile

    def push(self, progress: Callable[[int], None]) -> str:
        suite = self._run.record.suite
        dataset = DATASET.format(suite=suite)
        made = self._post("/api/public/v2/datasets", {"name": dataset})
        for scenario in self._run.record.scenarios:
            item = {"id": f"{suite}/{scenario}", "datasetName": dataset, "input": scenario}
            self._post("/api/public/dataset-items", item)
        done = 0
        for trials in _in_pieces(self._run.trials, _TRACES_AT_ONCE):
            all_spans = [
                span
                for trial in trials
                for span in spans(self._run, trial, self._profile, dataset_id=str(made["id"]))
            ]
            self._post("/api/public/otel/v1/traces", _request(all_spans))
            done += len(trials)
            progress(done)
        every = [score for trial in self._run.trials for score in scores(self._run, trial)]
        for some in _in_pieces(every, _SCORES_AT_ONCE):
            told = self._post("/api/public/scores", list(some))
            if told.get("rejected"):
                raise NotTaken(f"{told['rejected']} scores were refused: {told.get('errors')}")
        return experiment_id(self._run)

    def _post(self, path: str, body: object) -> dict[str, Any]:
        """Post, up to four times while it is busy: everything here may be sent again."""
        try:
            for attempt in Retrying(
                retry=retry_if_exception_type((_Busy, httpx.TransportError)),
                stop=stop_after_attempt(4),
                wait=wait_exponential_jitter(multiplier=0.2, max=5.0, jitter=0.2),
                reraise=True,
            ):
                with attempt:
                    return self._post_once(path, body)
        except (_Busy, httpx.TransportError) as error:
            raise NotTaken(f"{self._http.base_url}: {error!r}") from None
        raise AssertionError("a retrying ends with an answer or an error")

    def _post_once(self, path: str, body: object) -> dict[str, Any]:
        answer = self._http.post(path, json=body)
        if answer.status_code == httpx.codes.TOO_MANY_REQUESTS or answer.is_server_error:
            raise _Busy(f"{path}: HTTP {answer.status_code}")
        if not answer.is_success:
            raise NotTaken(f"{path}: HTTP {answer.status_code} {answer.text[:200]}")
        told = answer.json() if answer.content else {}
        return told if isinstance(told, dict) else {}


def experiment_id(run: Run) -> str:
    """Of a run, always the same."""
    return _digest(run.record.id)[:_TRACE_ID]


def trace_id(run: Run, trial: TrialRecord) -> str:
    """Of a call, always the same: what Langfuse's `create_trace_id(seed=...)` makes of it."""
    return _digest(_seed(run, trial))[:_TRACE_ID]


def spans(run: Run, trial: TrialRecord, profile: Profile, *, dataset_id: str) -> list[Span]:
    """A call as spans: itself, each turn of the agent, each tool call.

    Times are the run's start and then modelled: what a caller would have lived through at gaps of
    0.8 s. Only the length of a tool's span is measured.
    """
    seed, numbers = _seed(run, trial), count(1)
    trace, root = trace_id(run, trial), _digest(f"{seed}/0")[:_SPAN_ID]
    common: dict[str, object] = {
        "session.id": run.record.id,
        "langfuse.environment": _ENVIRONMENT,
        "langfuse.release": run.record.git.sha,
        "langfuse.trace.name": trial.scenario,
        "langfuse.trace.tags": [str(run.record.agent.kind), trial.suite, *trial.tags],
        "langfuse.trace.metadata.prompt": run.record.digests.get("prompt", ""),
        "langfuse.trace.metadata.noise": str(trial.noise),
        "langfuse.trace.metadata.times": f"modelled, gaps of {TARGET_GAP} s; tools measured",
        "langfuse.experiment.id": experiment_id(run),
        "langfuse.experiment.name": run.record.id,
        "langfuse.experiment.dataset.id": dataset_id,
        "langfuse.experiment.item.id": f"{trial.suite}/{trial.scenario}",
        "langfuse.experiment.item.root_observation_id": root,
    }
    begin, at = run.record.started_at, 0.0
    found: list[Span] = []

    def add(name: str, seconds: float, attributes: Mapping[str, object]) -> None:
        nonlocal at
        span_id = _digest(f"{seed}/{next(numbers)}")[:_SPAN_ID]
        times = (begin + timedelta(seconds=at), begin + timedelta(seconds=at + seconds))
        found.append(_span(trace, span_id, root, name, times, {**common, **attributes}))
        at += seconds

    for turn, (quiet, speech) in _timed(trial.turns, profile):
        at += quiet
        for call in turn.tool_calls:
            add(call.tool, call.milliseconds / 1000, _of_tool(call))
        add(turn.speaker, speech, _of_turn(turn, run.record.agent.model))
    whole = {
        "langfuse.observation.type": "agent",
        "langfuse.observation.output": "passed" if trial.passed else trial.trouble or "failed",
        "langfuse.observation.level": "DEFAULT" if trial.passed else "WARNING",
        "langfuse.internal.as_root": True,
    }
    times = (begin, begin + timedelta(seconds=at))
    return [_span(trace, root, None, "call", times, {**common, **whole}), *found]


def _of_tool(call: ToolCallRecord) -> dict[str, object]:
    return {
        "langfuse.observation.type": "tool",
        "langfuse.observation.input": _json(call.arguments),
        "langfuse.observation.output": _json(call.reply),
    }


def _of_turn(turn: TurnRecord, model: str) -> dict[str, object]:
    if turn.speaker == "caller":
        return {
            "langfuse.observation.type": "span",
            "langfuse.observation.input": turn.heard or "",
            "langfuse.observation.output": turn.text,
        }
    tokens = {"input": turn.tokens.get("prompt", 0), "output": turn.tokens.get("completion", 0)}
    return {
        "langfuse.observation.type": "generation",
        "langfuse.observation.output": turn.text,
        "langfuse.observation.model.name": model,
        "langfuse.observation.usage_details": _json(tokens),
    }


def scores(run: Run, trial: TrialRecord) -> list[dict[str, Any]]:
    """The verdict, each check and each figure of a call."""
    seed, trace = _seed(run, trial), trace_id(run, trial)
    if trial.trouble is not None:
        return []
    told: list[tuple[str, float, str, str]] = [("passed", float(trial.passed), "BOOLEAN", "")]
    told += [(each.name, float(each.passed), "BOOLEAN", each.evidence) for each in trial.verdicts]
    told += [(name, value, "NUMERIC", "") for name, value in sorted(trial.figures.items())]
    return [
        {
            "id": _digest(f"{seed}/score/{kind}/{name}")[:_TRACE_ID],
            "traceId": trace,
            "name": name,
            "value": value,
            "dataType": kind,
            "environment": _ENVIRONMENT,
            **({"comment": comment} if comment else {}),
        }
        for name, value, kind, comment in told
    ]


def _timed(
    turns: Sequence[TurnRecord], profile: Profile
) -> Iterator[tuple[TurnRecord, tuple[float, float]]]:
    """Each turn with the seconds of silence before it, and of its words."""
    for number, turn in enumerate(turns):
        agent_speaks = turn.speaker == "agent"
        rate = profile.agent_seconds if agent_speaks else profile.caller_seconds
        quiet = 0.0 if not number or turn.interrupts else TARGET_GAP
        yield turn, (quiet + turn.pause_seconds, rate(turn.text))


def _span(
    trace: str,
    span: str,
    parent: str | None,
    name: str,
    times: tuple[datetime, datetime],
    attributes: Mapping[str, object],
) -> Span:
    start, end = times
    return {
        "traceId": trace,
        "spanId": span,
        **({"parentSpanId": parent} if parent else {}),
        "name": name,
        "kind": 1,
        "startTimeUnixNano": _nanoseconds(start),
        "endTimeUnixNano": _nanoseconds(end),
        "attributes": [{"key": key, "value": _value(value)} for key, value in attributes.items()],
    }


def _request(all_spans: Sequence[Span]) -> dict[str, Any]:
    """OTLP as JSON: ids in hexadecimal, 64-bit numbers as text."""
    service = {"key": "service.name", "value": {"stringValue": "slotline-evals"}}
    scope = {"scope": {"name": "slotline.evals"}, "spans": list(all_spans)}
    resource = {"resource": {"attributes": [service]}, "scopeSpans": [scope]}
    return {"resourceSpans": [resource]}


def _in_pieces(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _value(value: object) -> dict[str, Any]:
    match value:
        case bool():
            return {"boolValue": value}
        case list():
            return {"arrayValue": {"values": [_value(each) for each in value]}}
        case _:
            return {"stringValue": str(value)}


def _nanoseconds(instant: datetime) -> str:
    return str(round(instant.timestamp() * 1_000_000) * 1000)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _seed(run: Run, trial: TrialRecord) -> str:
    return f"{run.record.id}/{trial.scenario}/{trial.noise}/{trial.trial}"


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
