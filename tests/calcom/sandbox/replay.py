"""The recorded steps, played against the stand-in in the order in which they happened."""

import asyncio
import hashlib
import hmac
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

import httpx

from calcom.sandbox import create_app
from calcom.sandbox.seed import RECORDED_KEY, recorded
from tests.calcom.sandbox.comparison import Names, differences

RECORDINGS = Path(__file__).parents[1] / "recorded" / "calcom-recorded.jsonl"
_SECRETS = {
    "https://hooks.example.com/cal": "s3cret",
    "https://hooks.example.com/second": "s3cret2",
}
_OWNER = {"authorization": f"Bearer {RECORDED_KEY}", "cal-api-version": "2024-06-14"}


@dataclass(frozen=True)
class Step:
    """One recorded request with its answer."""

    scenario: str
    number: int
    recorded: Mapping[str, Any]

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self.recorded["at"])

    @property
    def group(self) -> object:
        """Steps of one group were sent at the same moment."""
        return self.scenario, self.recorded.get("parallel", f"alone {self.number}")


@dataclass(frozen=True)
class Delivery:
    """A webhook that the stand-in sent."""

    request: httpx.Request

    @property
    def body(self) -> Any:
        return json.loads(self.request.content)

    @property
    def trigger(self) -> str:
        return str(self.body["triggerEvent"])


@dataclass
class Outcome:
    """What came of one scenario: by step the status and what differed, and the webhooks."""

    steps: dict[int, list[str]] = field(default_factory=dict)
    webhooks: list[Delivery] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)


class Clock:
    """The time of the recording; it goes on a little with every look."""

    def __init__(self, start: datetime) -> None:
        self.now = start

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now


def scenarios() -> dict[str, Mapping[str, Any]]:
    lines = RECORDINGS.read_text(encoding="utf-8").splitlines()
    return {scenario["id"]: scenario for scenario in map(json.loads, lines)}


def timeline() -> list[list[Step]]:
    """All steps by time; those that were sent at the same moment together."""
    steps = [
        Step(scenario["id"], number, recorded_step)
        for scenario in scenarios().values()
        for number, recorded_step in enumerate(scenario["steps"], start=1)
    ]
    steps.sort(key=lambda s: (s.at, s.number))
    return [list(group) for _, group in groupby(steps, key=lambda s: s.group)]


class Replay:
    """One account, from its recorded starting state to the last step."""

    def __init__(self) -> None:
        self.names = Names()
        self.outcomes: dict[str, Outcome] = defaultdict(Outcome)
        self._delivered: list[Delivery] = []
        self._clock = Clock(timeline()[0][0].at)
        self._app = create_app(
            clock=self._clock,
            seed=recorded(set_up=False),
            webhook_transport=httpx.MockTransport(self._receive),
        )
        self._request_number = 0

    async def run(self) -> dict[str, Outcome]:
        transport = httpx.ASGITransport(self._app)
        async with httpx.AsyncClient(transport=transport, base_url="http://api.cal.com") as http:
            for steps in timeline():
                self._clock.now = steps[0].at
                await self._between(http, steps[0])
                await self._play(http, steps)
        return self.outcomes

    async def _play(self, http: httpx.AsyncClient, steps: Sequence[Step]) -> None:
        """Send what was sent together in the order in which it succeeded then."""
        ordered = sorted(steps, key=_success)
        answers = await asyncio.gather(*(self._send(http, step) for step in ordered))
        outcome = self.outcomes[steps[0].scenario]
        for step, answer in zip(ordered, answers, strict=True):
            outcome.statuses[step.number] = answer.status_code if answer is not None else 0
            outcome.steps[step.number] = list(self._compare(step, answer))
        outcome.webhooks += self._delivered
        self._delivered.clear()

    async def _send(self, http: httpx.AsyncClient, step: Step) -> httpx.Response | None:
        request = self._request(http, step.recorded["request"])
        if step.recorded["response"] is not None:
            return await http.send(request)
        impatient = asyncio.create_task(http.send(request))
        await asyncio.sleep(0)
        impatient.cancel()
        await asyncio.wait([impatient])
        await self._app.settle()
        return None

    def _request(self, http: httpx.AsyncClient, sent: Mapping[str, Any]) -> httpx.Request:
        headers = dict(sent["headers"])
        kind = headers.pop("authorization")
        literal = headers.pop("authorization_value", None)
        if kind == "yes":
            headers["authorization"] = f"Bearer {RECORDED_KEY}"
        elif literal is not None:
            headers["authorization"] = literal
        content: str | None = sent.get("body_raw")
        if "json" in sent:
            content = json.dumps(sent["json"])
        return http.build_request(
            sent["method"],
            self.names.translate(sent["path"]),
            params=self._translated(sent["query"]) or None,
            headers=headers,
            content=None if content is None else self.names.translate(content).encode(),
        )

    def _translated(self, query: Mapping[str, Any] | None) -> dict[str, str]:
        return {key: self.names.translate(str(value)) for key, value in (query or {}).items()}

    def _compare(self, step: Step, answer: httpx.Response | None) -> Iterator[str]:
        expected = step.recorded["response"]
        if expected is None or answer is None:
            return
        if answer.status_code != expected["status"]:
            yield f"status: {expected['status']} / {answer.status_code}"
            return
        for name in ("content-type", "x-ratelimit-limit-default"):
            if answer.headers.get(name) != expected["headers"].get(name):
                yield f"{name}: {expected['headers'].get(name)} / {answer.headers.get(name)}"
        if step.scenario == "rate-limit":
            limits = {n: v for n, v in expected["headers"].items() if n.startswith("x-rate")}
            if limits != {n: answer.headers.get(n) for n in limits}:
                yield f"limits: {limits} / {answer.headers}"
        yield from differences(expected["json"], answer.json(), self.names)

    async def _between(self, http: httpx.AsyncClient, step: Step) -> None:
        """What happened without being recorded."""
        if match := re.fullmatch(r"request number (\d+)", str(step.recorded.get("label"))):
            number = int(match[1])
            for _ in range(self._request_number + 1, number):
                await http.get("/v2/me", headers=_OWNER)
            self._request_number = number
        if step.number == 1 and step.scenario == "event-types-read":
            await _add_event_type(http, title="X", slug="x2", lengthInMinutes=30)
        if step.number == 1 and step.scenario == "cancel-ended":
            gone = await _add_event_type(http, title="Gone", slug="gone", lengthInMinutes=30)
            await http.delete(f"/v2/event-types/{gone}", headers=_OWNER)
            await _add_event_type(
                http,
                title="Blink",
                slug="blink",
                lengthInMinutes=1,
                scheduleId=3,
                minimumBookingNotice=0,
            )

    def _receive(self, request: httpx.Request) -> httpx.Response:
        self._delivered.append(Delivery(request))
        return httpx.Response(500 if b"Rob Innes" in request.content else 200)


async def _add_event_type(http: httpx.AsyncClient, **body: Any) -> int:
    answer = await http.post("/v2/event-types", json=body, headers=_OWNER)
    return int(answer.raise_for_status().json()["data"]["id"])


def _success(step: Step) -> tuple[bool, datetime]:
    """Successful ones first, in the order of their answers."""
    response = step.recorded["response"]
    failed = response is not None and response["status"] >= 400
    return failed, step.at + timedelta(milliseconds=step.recorded["ms"])


def webhook_differences(
    recorded_webhooks: Sequence[Mapping[str, Any]], ours: Sequence[Delivery], names: Names
) -> Iterator[str]:
    """Where deliveries disagree: number, order, address, signature, payload."""
    if len(recorded_webhooks) != len(ours):
        yield f"{len(recorded_webhooks)} / {len(ours)} deliveries"
    for number, (expected, delivery) in enumerate(zip(recorded_webhooks, ours, strict=False)):
        sent = delivery.request
        if expected["url"] != str(sent.url):
            yield f"[{number}] {expected['url']} / {sent.url}"
        secret = _SECRETS[expected["url"]].encode()
        signature = hmac.new(secret, sent.content, hashlib.sha256).hexdigest()
        headers = {**expected["headers"], "x-cal-signature-256": signature}
        if headers != {name: sent.headers.get(name) for name in headers}:
            yield f"[{number}] headers {headers} / {sent.headers}"
        body = json.loads(expected["body_raw"])
        yield from differences(body, delivery.body, names, at=f"[{number}]")
