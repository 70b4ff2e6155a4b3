"""Pushing a run, to a receiver that keeps what it gets as Langfuse would."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from evals.langfuse import Langfuse, NotTaken, experiment_id, trace_id
from evals.latency.profile import Profile
from tests.evals.recorded import booking_call, run, trial

PROFILE = Profile.read()
RUN = run(
    *(trial(name, number) for name in ("early", "late") for number in range(15)),
    trial("broken", failed=["end_state"], evidence="L7 nothing stands"),
    trial("lost", trouble="no database"),
)


class Receiver(ThreadingHTTPServer):
    """Keeps spans and scores by their ids: what comes twice is there once."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Door)
        self.spans: dict[str, dict[str, Any]] = {}
        self.scores: dict[str, dict[str, Any]] = {}
        self.items: dict[str, dict[str, Any]] = {}
        self.headers: list[dict[str, str]] = []
        self.fails_with: list[int] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Door(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.headers.append({name.lower(): value for name, value in self.headers.items()})
        if self.server.fails_with:
            return self._answer(self.server.fails_with.pop(0), {"message": "not now"})
        match self.path:
            case "/api/public/v2/datasets":
                return self._answer(200, {"id": "dataset-1", **body})
            case "/api/public/dataset-items":
                self.server.items[body["id"]] = body
            case "/api/public/otel/v1/traces":
                for resource in body["resourceSpans"]:
                    for scope in resource["scopeSpans"]:
                        self.server.spans |= {span["spanId"]: span for span in scope["spans"]}
            case "/api/public/scores":
                assert isinstance(body, list)
                self.server.scores |= {score["id"]: score for score in body}
            case _:
                return self._answer(404, {"message": "no such route"})
        return self._answer(200, {})

    def _answer(self, status: int, body: object) -> None:
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        thread = Thread(target=receiver.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield receiver
        receiver.shutdown()
        thread.join()


def attributes(span: dict[str, Any]) -> dict[str, Any]:
    return {each["key"]: next(iter(each["value"].values())) for each in span["attributes"]}


def test_each_call_is_a_trace_of_one_experiment(receiver: Receiver) -> None:
    done: list[int] = []
    client = Langfuse(receiver.url, "pk", "sk")
    experiment = client.push(RUN, profile=PROFILE, progress=done.append)
    assert done == [20, 32]
    traces = {span["traceId"] for span in receiver.spans.values()}
    assert traces == {trace_id(RUN, each) for each in RUN.trials}
    assert {attributes(span)["langfuse.experiment.id"] for span in receiver.spans.values()} == {
        experiment
    }
    assert experiment == experiment_id(RUN)
    assert set(receiver.items) == {f"core/{name}" for name in RUN.record.scenarios}
    assert {each["authorization"] for each in receiver.headers} == {"Basic cGs6c2s="}
    assert {each["x-langfuse-ingestion-version"] for each in receiver.headers} == {"4"}


def test_a_trace_has_the_turns_and_tools_of_its_call(receiver: Receiver) -> None:
    one = run(trial("early"))
    Langfuse(receiver.url, "pk", "sk").push(one, profile=PROFILE)
    [root] = [span for span in receiver.spans.values() if "parentSpanId" not in span]
    others = [span for span in receiver.spans.values() if span is not root]
    assert {span["parentSpanId"] for span in others} == {root["spanId"]}
    kinds = [attributes(span)["langfuse.observation.type"] for span in others]
    assert [kinds.count(kind) for kind in ("generation", "span", "tool")] == [5, 4, 3]
    [book] = [span for span in others if span["name"] == "book"]
    took = int(book["endTimeUnixNano"]) - int(book["startTimeUnixNano"])
    assert took == 480_000_000
    assert json.loads(attributes(book)["langfuse.observation.output"])["booked"] is True
    assert all(
        int(root["startTimeUnixNano"])
        <= int(span["startTimeUnixNano"])
        <= int(span["endTimeUnixNano"])
        <= int(root["endTimeUnixNano"])
        for span in others
    )
    turns = [span for span in others if span["name"] in {"agent", "caller"}]
    turns.sort(key=lambda span: int(span["startTimeUnixNano"]))
    said = [attributes(span)["langfuse.observation.output"] for span in turns]
    assert said == [turn.text for turn in booking_call()]


def test_checks_are_scores(receiver: Receiver) -> None:
    Langfuse(receiver.url, "pk", "sk").push(RUN, profile=PROFILE)
    broken, lost = RUN.trials[-2], RUN.trials[-1]
    by_trace: dict[str, dict[str, dict[str, Any]]] = {}
    for score in receiver.scores.values():
        by_trace.setdefault(score["traceId"], {})[score["name"]] = score
    told = by_trace[trace_id(RUN, broken)]
    assert (told["passed"]["value"], told["end_state"]["value"]) == (0.0, 0.0)
    assert told["end_state"]["comment"] == "L7 nothing stands"
    assert (told["short_turns"]["value"], told["short_turns"]["dataType"]) == (1.0, "BOOLEAN")
    assert (told["turns"]["value"], told["turns"]["dataType"]) == (4.0, "NUMERIC")
    assert trace_id(RUN, lost) not in by_trace


def test_pushing_again_changes_nothing(receiver: Receiver) -> None:
    client = Langfuse(receiver.url, "pk", "sk")
    client.push(RUN, profile=PROFILE)
    before = (dict(receiver.spans), dict(receiver.scores), dict(receiver.items))
    client.push(RUN, profile=PROFILE)
    assert (receiver.spans, receiver.scores, receiver.items) == before


def test_whoever_is_busy_is_asked_again(receiver: Receiver) -> None:
    receiver.fails_with = [429, 503]
    Langfuse(receiver.url, "pk", "sk").push(run(trial("early")), profile=PROFILE)
    assert len(receiver.spans) == 13


def test_a_refusal_says_what_was_answered(receiver: Receiver) -> None:
    receiver.fails_with = [401]
    with pytest.raises(NotTaken, match=r"/api/public/v2/datasets: HTTP 401 .*not now"):
        Langfuse(receiver.url, "pk", "wrong").push(RUN, profile=PROFILE)
