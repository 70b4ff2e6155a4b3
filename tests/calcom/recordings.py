"""The recorded exchanges with a real Cal.com, and a client to which their answers are served."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest

from calcom.client import Client
from calcom.connections import open_http

KEY = "cal_test_key"


@dataclass(frozen=True)
class Exchange:
    """One recorded request with its answer."""

    scenario: str
    step: int
    request: Mapping[str, Any]
    response: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.scenario}-{self.step}"

    @property
    def method(self) -> str:
        return str(self.request["method"])

    @property
    def path(self) -> str:
        return str(self.request["path"])

    @property
    def query(self) -> Mapping[str, Any]:
        return self.request["query"] or {}

    @property
    def body(self) -> Mapping[str, Any]:
        body = self.request.get("json")
        return body if isinstance(body, dict) else {}

    @property
    def version(self) -> str | None:
        version = self.request["headers"].get("cal-api-version")
        return None if version is None else str(version)

    @property
    def status(self) -> int:
        return int(self.response["status"])

    @property
    def answer(self) -> Any:
        return self.response["json"]

    @property
    def is_good(self) -> bool:
        return 200 <= self.status < 300


@cache
def exchanges() -> tuple[Exchange, ...]:
    path = Path(__file__).parent / "recorded" / "calcom-recorded.jsonl"
    return tuple(
        Exchange(scenario["id"], number, step["request"], step["response"])
        for scenario in map(json.loads, path.read_text(encoding="utf-8").splitlines())
        for number, step in enumerate(scenario["steps"], start=1)
        if step["response"] is not None
    )


def served(response: Mapping[str, Any]) -> httpx.Response:
    """The recorded answer as it goes over the wire."""
    return httpx.Response(
        response["status"],
        headers={"x-request-id": "req-1", **response["headers"]},
        content=json.dumps(response["json"]).encode(),
    )


def client_over(respond: Callable[[httpx.Request], httpx.Response], **options: Any) -> Client:
    http = open_http("https://api.cal.com", transport=httpx.MockTransport(respond))
    return Client(http, api_key=KEY, **options)


def by_name(pairs: Iterable[tuple[Exchange, Any]]) -> pytest.MarkDecorator:
    """One test for each exchange with its call, named like `book-taken-3`."""
    named = [pytest.param(*pair, id=str(pair[0])) for pair in pairs]
    assert named, "no recording fits"
    return pytest.mark.parametrize(("exchange", "call"), named)
