"""What happens when the network or Cal.com fails: over real sockets, to a server of a few lines."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from calcom.client import Client, open_http
from calcom.errors import (
    CalcomError,
    NoAnswer,
    NotFound,
    NoTimeLeft,
    NotNow,
    OutcomeUnknown,
    RateLimited,
    ServerFault,
    SlotUnavailable,
    UnexpectedAnswer,
    Unreachable,
)
from calcom.gate import Priority
from calcom.outgoing import Attendee
from calcom.request import TimeLimits
from tests.calcom.recordings import KEY, exchanges

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

ME = json.dumps(next(e.answer for e in exchanges() if str(e) == "me-1")).encode()
TAKEN = json.dumps({"statusCode": 409, "message": "booking_conflict_error"}).encode()
BROKEN = json.dumps({"statusCode": 500, "message": "Internal server error"}).encode()

START = datetime(2027, 5, 24, 14, tzinfo=UTC)
ADA = Attendee("Ada Lovelace", "Europe/London", email="ada@example.com")


class Cal:
    """Answers request after request with the acts it is given, the last one for ever."""

    def __init__(self, *acts: Serve) -> None:
        self.requests = 0
        self.connections = 0
        self._acts = list(acts)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                self.requests += 1
                if length := _content_length(head):
                    await reader.readexactly(length)
                act = self._acts.pop(0) if len(self._acts) > 1 else self._acts[0]
                await act(reader, writer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


def _content_length(head: bytes) -> int:
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if line)
    return int(fields.get(b"content-length", 0))


def say(status: int, body: bytes, *headers: str) -> Serve:
    async def act(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines = [f"HTTP/1.1 {status} X", f"content-length: {len(body)}", *headers, "", ""]
        writer.write("\r\n".join(lines).encode() + body)

    return act


async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.close()


async def break_off(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 201 Created\r\ncontent-length: 1000\r\n\r\n{")
    await writer.drain()
    writer.close()


async def stay_silent(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.read()


async def drip(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Never silent for long, and never done: only a limit on the whole ends this."""
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n")
    while not writer.is_closing():
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.02)


@asynccontextmanager
async def calling(cal: Cal, **options: Any) -> AsyncIterator[Client]:
    server = await asyncio.start_server(cal.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, open_http(f"http://127.0.0.1:{port}") as http:
        yield Client(http, api_key=KEY, **options)


async def book(client: Client, **options: Any) -> object:
    return await client.create_booking(1, START, ADA, metadata={}, **options)


async def test_a_good_answer_is_read_over_one_connection() -> None:
    cal = Cal(say(200, ME))
    async with calling(cal) as client:
        for _ in range(3):
            assert (await client.me()).username == "drlee"
    assert (cal.requests, cal.connections) == (3, 1)


async def test_who_cannot_connect_knows_that_nothing_happened() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        async with open_http(f"http://127.0.0.1:{unused.getsockname()[1]}") as http:
            client = Client(http, api_key=KEY)
            with pytest.raises(Unreachable) as raised:
                await book(client)
            assert isinstance(raised.value, NotNow)
            assert raised.value.is_outage
            with pytest.raises(Unreachable):
                await client.me()


@pytest.mark.parametrize("fails", [hang_up, break_off, stay_silent, drip])
async def test_a_write_without_an_answer_is_undecided_and_sent_once(fails: Serve) -> None:
    cal = Cal(fails)
    async with calling(cal) as client:
        with pytest.raises(OutcomeUnknown) as raised:
            await book(client, timeout_seconds=0.3)
    assert isinstance(raised.value.fault, NoAnswer)
    assert raised.value.is_outage
    assert cal.requests == 1


@pytest.mark.parametrize("fails", [stay_silent, drip])
async def test_a_read_ends_with_its_time(fails: Serve) -> None:
    cal = Cal(fails)
    async with calling(cal) as client:
        with pytest.raises(NoAnswer, match="no answer within"):
            await client.me(timeout_seconds=0.2)
    assert cal.requests == 1


async def test_the_time_limits_of_the_client_hold_for_calls_that_name_none() -> None:
    limits = TimeLimits(read_seconds=0.1, write_seconds=0.1, connect_seconds=0.1)
    async with calling(Cal(stay_silent), limits=limits) as client:
        with pytest.raises(NoAnswer):
            await client.me()
        with pytest.raises(OutcomeUnknown):
            await book(client)


async def test_nothing_is_sent_when_the_time_is_up() -> None:
    cal = Cal(say(200, ME))
    async with calling(cal) as client:
        for ask in (client.me, lambda **options: book(client, **options)):
            with pytest.raises(NoTimeLeft):
                await ask(timeout_seconds=0)
    assert cal.requests == 0


@pytest.mark.parametrize("fails", [hang_up, break_off, say(500, BROKEN), say(503, b"<html>")])
async def test_a_read_is_tried_again(fails: Serve) -> None:
    cal = Cal(fails, fails, say(200, ME))
    async with calling(cal) as client:
        assert (await client.me()).id == 1
    assert cal.requests == 3


async def test_a_read_is_given_up_after_a_few_attempts() -> None:
    cal = Cal(say(500, BROKEN))
    async with calling(cal) as client:
        with pytest.raises(ServerFault) as raised:
            await client.me(timeout_seconds=30)
    assert raised.value.status == 500
    assert cal.requests == 3


async def test_a_write_is_not_tried_again_after_a_server_fault() -> None:
    cal = Cal(say(500, BROKEN), say(200, ME))
    async with calling(cal) as client:
        with pytest.raises(OutcomeUnknown) as raised:
            await book(client)
    assert isinstance(raised.value.fault, ServerFault)
    assert cal.requests == 1


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (say(409, TAKEN), SlotUnavailable),
        (say(500, TAKEN), SlotUnavailable),
        (say(404, b'{"statusCode": 404, "message": "gone"}'), NotFound),
        (say(429, b""), RateLimited),
    ],
)
async def test_a_definite_no_is_asked_once(answer: Serve, error: type[CalcomError]) -> None:
    cal = Cal(answer)
    async with calling(cal) as client:
        with pytest.raises(error) as raised:
            await client.me()
        with pytest.raises(error):
            await book(client)
    assert not raised.value.is_outage
    assert cal.requests == 2


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        (["x-ratelimit-reset-default: 17"], 17),
        (["retry-after: 5"], 5),
        (["x-ratelimit-reset-default: 17", "retry-after: 5"], 17),
        (["x-ratelimit-reset-default: soon", "retry-after: -1"], 60),
        (["x-ratelimit-reset-default: inf"], 60),
        ([], 60),
    ],
)
async def test_the_block_is_read_from_the_header(headers: list[str], seconds: float) -> None:
    async with calling(Cal(say(429, b"slow down", *headers))) as client:
        with pytest.raises(RateLimited) as raised:
            await client.me()
    assert raised.value.retry_after_seconds == seconds


@pytest.mark.parametrize(
    "answer",
    [
        say(404, b"<html>nginx"),
        say(403, b"Attention Required! | Cloudflare"),
        say(301, b"", "location: https://elsewhere.example/"),
        say(200, b"<html>"),
        say(200, b'{"status": "error", "data": null}'),
        say(200, b"\x1f\x8b broken", "content-encoding: gzip"),
        say(204, b""),
    ],
)
async def test_what_is_not_cal_coms_is_not_believed(answer: Serve) -> None:
    """A proxy's 404 must not pass for a booking that is gone."""
    cal = Cal(answer)
    async with calling(cal) as client:
        with pytest.raises(UnexpectedAnswer) as raised:
            await client.get_booking("82ZUxh5AiQnU9aUmWUWSLq")
        with pytest.raises(OutcomeUnknown):
            await book(client)
    assert raised.value.endpoint == "GET /v2/bookings/{uid}"
    assert cal.requests == 2


@pytest.mark.parametrize("uid", ["", ".", ".."])
async def test_an_id_that_would_lead_elsewhere_is_unknown(uid: str) -> None:
    cal = Cal(say(200, ME))
    async with calling(cal) as client:
        with pytest.raises(NotFound):
            await client.get_booking(uid)
        with pytest.raises(NotFound):
            await client.cancel(uid, reason="no more")
    assert cal.requests == 0


async def test_no_cookie_is_kept() -> None:
    """The connections serve several businesses."""
    cal = Cal(say(200, ME, "set-cookie: session=1; Path=/"))
    async with calling(cal) as client:
        await client.me()
        assert not list(client._http.cookies.jar)


async def test_the_environment_does_not_redirect_us(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the settings read it; a developer's proxy must not get the key."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    async with calling(Cal(say(200, ME))) as client:
        assert (await client.me()).id == 1


class Watching:
    """A gate that writes down what comes through, and what became of it."""

    def __init__(self, *, closed: bool = False) -> None:
        self.seen: list[tuple[Priority, str]] = []
        self._closed = closed

    @asynccontextmanager
    async def admit(self, priority: Priority) -> AsyncIterator[None]:
        if self._closed:
            await asyncio.Event().wait()
        try:
            yield
        except CalcomError as error:
            self.seen.append((priority, type(error).__name__))
            raise
        self.seen.append((priority, "answered"))


async def test_the_gate_sees_every_attempt_and_what_became_of_it() -> None:
    gate = Watching()
    cal = Cal(hang_up, say(200, ME), say(409, TAKEN), hang_up, say(429, b""))
    async with calling(cal, gate=gate) as client:
        await client.me()
        with pytest.raises(SlotUnavailable):
            await book(client)
        with pytest.raises(OutcomeUnknown):
            await book(client)
        with pytest.raises(RateLimited):
            await client.in_background().me()
    assert gate.seen == [
        (Priority.READ, "NoAnswer"),
        (Priority.READ, "answered"),
        (Priority.WRITE, "SlotUnavailable"),
        (Priority.WRITE, "NoAnswer"),
        (Priority.BACKGROUND, "RateLimited"),
    ]


async def test_a_gate_that_stays_closed_costs_no_more_than_the_time() -> None:
    cal = Cal(say(200, ME))
    async with calling(cal, gate=Watching(closed=True)) as client:
        with pytest.raises(NoTimeLeft):
            await client.me(timeout_seconds=0.05)
        with pytest.raises(NoTimeLeft):
            await book(client, timeout_seconds=0.05)
    assert cal.requests == 0
