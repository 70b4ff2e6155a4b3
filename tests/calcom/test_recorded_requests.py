"""What the client sends is what a real Cal.com took, wherever the client can send it."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import httpx
import pytest

from calcom.errors import CalcomError, OutcomeUnknown
from calcom.outgoing import instant
from tests.calcom.calls import Call, covered, moment
from tests.calcom.recordings import KEY, Exchange, by_name, client_over, served

PAGING = {"take": "100"}
LATEST_FIRST = {"sortUpdatedAt": "desc"}
"""What the client adds to every list, unless it is told another size."""


def _spelt_as_ours(sent: Mapping[str, Any], *names: str) -> bool:
    return all(instant(moment(sent[name])) == sent[name] for name in names)


def _says_slots(exchange: Exchange) -> bool:
    return (
        isinstance(exchange.query.get("eventTypeId"), int)
        and "timeZone" in exchange.query
        and _spelt_as_ours(exchange.query, "start", "end")
    )


def _says_booking(exchange: Exchange) -> bool:
    number = exchange.body["attendee"].get("phoneNumber", "+1")
    return (
        exchange.body.keys() <= FIELDS
        and _spelt_as_ours(exchange.body, "start")
        and str(number).removeprefix("+").isdigit()
    )


def _always(_: Exchange) -> bool:
    return True


def _says_list(exchange: Exchange) -> bool:
    return not exchange.query.keys() & {"sortStart", "skip", "limit", "cursor"}


FIELDS = {"start", "eventTypeId", "attendee", "metadata", "lengthInMinutes", "location"}
FIELDS |= {"bookingFieldsResponses", "guests"}

SAYS: Mapping[str, Callable[[Exchange], bool]] = {
    "GET slots": _says_slots,
    "POST reservations": lambda exchange: exchange.scenario != "reserve-invalid",
    "POST bookings": _says_booking,
    "GET bookings": _says_list,
    "POST reschedule": lambda exchange: _spelt_as_ours(exchange.body, "start"),
    "POST cancel": lambda exchange: bool(exchange.body.get("cancellationReason")),
    "GET event-types": lambda exchange: not exchange.query,
}
"""By method and last word of the path: whether the client has words for this request. It never
says less than these, or says it differently. All other endpoints leave no choice of words."""

VERSIONS_OF_OTHERS = {*(f"book-wrong-version-{n}" for n in range(1, 10)), "event-types-read-9"}

SAYABLE = [
    (exchange, call)
    for exchange, call in covered()
    if exchange.is_good
    and str(exchange) not in VERSIONS_OF_OTHERS
    and "body_raw" not in exchange.request
    and SAYS.get(f"{exchange.method} {exchange.path.split('/')[-1]}", _always)(exchange)
]


@by_name(SAYABLE)
async def test_the_request_is_the_recorded_one(exchange: Exchange, call: Call) -> None:
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return served(exchange.response)

    try:
        await call(client_over(answer))
    except CalcomError:
        # Slots recorded in the other format, series: the request is what counts here.
        assert exchange.path == "/v2/slots" or exchange.scenario == "book-recurring"

    (request,) = sent
    assert request.method == exchange.method
    assert request.url.host == "api.cal.com"
    assert request.url.path == exchange.path
    assert dict(request.url.params) == _expected_query(exchange)
    recorded = exchange.request["headers"]
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.headers.get("cal-api-version") == recorded.get("cal-api-version")
    has_body = bool(request.content)
    assert (json.loads(request.content) if has_body else {}) == exchange.body
    assert request.headers.get("content-type") == ("application/json" if has_body else None)


def _expected_query(exchange: Exchange) -> dict[str, str]:
    query = {name: str(value) for name, value in exchange.query.items()}
    if exchange.path == "/v2/slots":
        return {**query, "format": "range"}
    if (exchange.method, exchange.path) == ("GET", "/v2/bookings"):
        order = LATEST_FIRST if "afterUpdatedAt" in query else {"sortCreated": "asc"}
        return {**PAGING, **order, **query}
    return query


@pytest.mark.parametrize(
    ("endpoint", "at_least"),
    [
        ("GET /v2/slots", 40),
        ("POST /v2/slots/reservations", 10),
        ("PATCH /v2/slots/reservations/", 1),
        ("DELETE /v2/slots/reservations/", 1),
        ("POST /v2/bookings", 80),
        ("GET /v2/bookings", 25),
        ("reschedule", 10),
        ("cancel", 3),
        ("confirm", 1),
        ("decline", 1),
        ("GET /v2/event-types", 2),
        ("GET /v2/schedules", 2),
        ("GET /v2/me", 1),
        ("GET /v2/webhooks", 1),
        ("POST /v2/webhooks", 1),
        ("PATCH /v2/webhooks/", 1),
        ("DELETE /v2/webhooks/", 1),
    ],
)
def test_enough_is_compared(endpoint: str, at_least: int) -> None:
    said = [f"{exchange.method} {exchange.path}" for exchange, _ in SAYABLE]
    assert sum(endpoint in each for each in said) >= at_least


async def test_an_answer_about_another_start_is_not_taken_for_ours() -> None:
    """Cal.com once answered a new request with an old booking of somebody else."""
    mine, call = next(pair for pair in SAYABLE if str(pair[0]) == "book-full-1")
    other = next(exchange for exchange, _ in covered() if str(exchange) == "book-phone-only-1")
    assert mine.body["start"] != other.body["start"]
    with pytest.raises(OutcomeUnknown, match="about another booking"):
        await call(client_over(lambda _: served(_answered_for(mine, other))))


def _answered_for(mine: Exchange, other: Exchange) -> Mapping[str, Any]:
    return {**mine.response, "json": other.answer}
