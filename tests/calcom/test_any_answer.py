"""Whatever Cal.com, or whoever stands in its place, answers: a value or a `CalcomError`."""

import copy
import json
from collections.abc import Callable, Mapping
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calcom.client import Client, open_http
from calcom.errors import CalcomError, NotNow, OutcomeUnknown, Refused
from calcom.request import TimeLimits
from tests.calcom.calls import ROUTES, Call, covered, route_of
from tests.calcom.recordings import KEY, Exchange, by_name

QUICK = TimeLimits(read_seconds=0.05, write_seconds=5, connect_seconds=1)
"""Long enough for an answer in process; pauses before another attempt are mostly longer."""

UNHURRIED = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""Other tests share the processor; what is tested here is not speed."""

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["success", "error", "accepted", "0001-01-01T00:00:00+14:00", "unknown"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["status", "data", "error", "message", "details", "uid", "errors"])
            | st.text(max_size=5),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)

STATUSES = st.sampled_from([200, 201, 204, 302, 400, 401, 403, 404, 409, 422, 429, 500, 503])

HEADERS = st.dictionaries(
    st.sampled_from(
        ["x-ratelimit-reset-default", "retry-after", "content-encoding", "content-type", "location"]
    ),
    st.sampled_from(["gzip", "br", "nan", "-1", "1e999", "utf-16", "text/html; charset=none", "é"]),
    max_size=2,
)

FAILURES = st.sampled_from(
    [
        httpx.ConnectError("no"),
        httpx.ConnectTimeout("no"),
        httpx.PoolTimeout("no"),
        httpx.ReadTimeout("no"),
        httpx.ReadError("no"),
        httpx.WriteError("no"),
        httpx.RemoteProtocolError("no"),
        httpx.LocalProtocolError("no"),
        httpx.ProxyError("no"),
        httpx.TooManyRedirects("no"),
    ]
)


def _one_of_each() -> Mapping[str, tuple[Exchange, Call]]:
    """A good exchange for each endpoint of the client."""
    found: dict[str, tuple[Exchange, Call]] = {}
    for exchange, call in covered():
        if exchange.is_good and exchange.scenario not in {"book-recurring", "book-wrong-version"}:
            found.setdefault(route_of(exchange), (exchange, call))
    return found


EACH = by_name(_one_of_each().values())


@st.composite
def _damaged(draw: st.DrawFn, whole: Any) -> Any:
    """A good answer in which one thing, somewhere, is missing or another."""
    damaged = copy.deepcopy(whole)
    place = damaged
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            return damaged
        key = draw(st.sampled_from(keys))
        deeper = isinstance(place[key], dict | list)
        if deeper and draw(st.integers(0, 4)):
            place = place[key]
            continue
        if draw(st.booleans()):
            del place[key]
        else:
            place[key] = draw(JSON)
        return damaged


async def _ask(call: Call, respond: Callable[[httpx.Request], httpx.Response]) -> None:
    http = open_http("https://api.cal.com", transport=httpx.MockTransport(respond))
    error: CalcomError | None = None
    try:
        await call(Client(http, api_key=KEY, limits=QUICK))
    except CalcomError as raised:
        error = raised
    if error is not None:
        assert str(error)
        assert isinstance(error, Refused | NotNow | OutcomeUnknown) or _is_read(error)


def _is_read(error: CalcomError) -> bool:
    """Writes have no other errors: the caller must know whether to look."""
    return error.endpoint.startswith("GET ")


def test_every_endpoint_is_tried() -> None:
    assert _one_of_each().keys() == set(ROUTES)


@EACH
@given(status=STATUSES, body=st.binary(max_size=200), headers=HEADERS)
@UNHURRIED
async def test_any_bytes(
    exchange: Exchange, call: Call, status: int, body: bytes, headers: Mapping[str, str]
) -> None:
    sent = [(name.encode(), value.encode()) for name, value in headers.items()]
    await _ask(call, lambda _: httpx.Response(status, headers=sent, content=body))


@EACH
@given(status=STATUSES, answer=JSON)
@UNHURRIED
async def test_any_json(exchange: Exchange, call: Call, status: int, answer: Any) -> None:
    body = json.dumps(answer).encode()
    await _ask(call, lambda _: httpx.Response(status, content=body))


@EACH
@given(choice=st.data())
@UNHURRIED
async def test_almost_good_answers(exchange: Exchange, call: Call, choice: st.DataObject) -> None:
    answer = choice.draw(_damaged(exchange.answer))
    body = json.dumps(answer).encode()
    await _ask(call, lambda _: httpx.Response(exchange.status, content=body))


@EACH
@given(failure=FAILURES)
@UNHURRIED
async def test_any_failure_of_the_network(
    exchange: Exchange, call: Call, failure: httpx.HTTPError
) -> None:
    def fail(_: httpx.Request) -> httpx.Response:
        raise failure

    await _ask(call, fail)


@EACH
@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize("opening", [b"[", b'{"data":'])
async def test_an_answer_that_only_opens(
    exchange: Exchange, call: Call, status: int, opening: bytes
) -> None:
    await _ask(call, lambda _: httpx.Response(status, content=opening * 100_000))
