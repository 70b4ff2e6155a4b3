"""What a platform's adapter adds to a tool call: the credential checked, read, and rendered.

In process, and the time that this thread computes: an adapter waits for nothing, and what others do
on the machine is not its own. The requests are as long as they become: Retell and
Vapi send along what was said so far, Retell each word with its times.
"""

import hmac
import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from typing import Any, Final

from evals.bench.load import BadAnswer, Measured
from server.adapter import Adapter
from server.platforms import elevenlabs, neutral, retell, vapi
from server.wire import ToolReply
from tools.reply import Reply, SpokenSlot, Status

ROUNDS: Final = 1_000
_WARM_UP: Final = 100

_SECRET: Final = "a secret for the benchmark"  # noqa: S105 - of nobody
_SECRETS: Final = dict.fromkeys(
    ("api_key", "retell_key", "vapi_secret", "elevenlabs_secret"), (_SECRET,)
)
_CALLER, _LINE = "+493023125099", "+493023125010"
_TOOL: Final = "check_availability"
_ARGUMENTS: Final = {"service": "check-up", "date": "tomorrow", "time": "half past two"}

_TURNS: Final = 24
"""Said in two minutes."""
_SAID: Final = (
    "Good morning, this is the practice. How can I help you today?",
    "Hello, I would like to come in for a check-up, tomorrow in the afternoon if you can.",
)


@dataclass(frozen=True, slots=True)
class Request:
    """One tool call on the wire."""

    adapter: Adapter
    body: bytes
    headers: Mapping[str, str]
    tool: str | None = None
    """The path's, where the platform has it there."""
    kind_of: Callable[[bytes], str] | None = None
    """Reads what it is about, where everything comes to one address."""


def measure(rounds: int = ROUNDS) -> dict[str, Measured]:
    """By platform: how long one tool call takes, so many times.

    Raises:
        BadAnswer: An adapter did not read what its platform sends.
    """
    now = datetime.now(UTC)
    reply = ToolReply("call_1", _TOOL, Status.AVAILABLE, _offer(now))
    return {
        request.adapter.platform: _measured(request, reply, now, rounds)
        for request in _requests(now)
    }


def _measured(request: Request, reply: ToolReply, now: datetime, rounds: int) -> Measured:
    latencies_ms = []
    began = time.perf_counter()
    for number in range(_WARM_UP + rounds):
        started = time.thread_time()
        request.adapter.verify(request.headers, request.body, _SECRETS, now)
        if request.kind_of:
            request.kind_of(request.body)
        parsed = request.adapter.parse(request.body, request.tool)
        request.adapter.render([reply])
        if number >= _WARM_UP:
            latencies_ms.append((time.thread_time() - started) * 1000)
        (asked,) = parsed.requests
        if asked.arguments != _ARGUMENTS or asked.call is None or asked.call.caller != _CALLER:
            raise BadAnswer(f"{request.adapter.platform}: {asked}")
    return Measured(time.perf_counter() - began, latencies_ms, ())


def _requests(now: datetime) -> Iterator[Request]:
    bearer = {"authorization": f"Bearer {_SECRET}"}
    call = {"call_id": "call_1", "caller": _CALLER, "line": _LINE, "arguments": _ARGUMENTS}
    yield Request(neutral.adapter, _json(call), bearer, _TOOL)
    yield _of_retell(now)
    yield _of_vapi(now)
    trusted = {"conversation_id": "conv_1", "caller_number": _CALLER, "called_number": _LINE}
    yield Request(elevenlabs.tools, _json(_ARGUMENTS | trusted), bearer, _TOOL)


def _of_retell(now: datetime) -> Request:
    """The live call, with its transcript three times over."""
    said = [_turn(number, text) for number, text in enumerate(islice(cycle(_SAID), _TURNS))]
    invocation = {
        "role": "tool_call_invocation",
        "tool_call_id": "tool_call_1",
        "name": _TOOL,
        "arguments": json.dumps(_ARGUMENTS),
    }
    call = {
        "call_id": "call_1",
        "direction": "inbound",
        "from_number": _CALLER,
        "to_number": _LINE,
        "transcript": "\n".join(f"{turn['role']}: {turn['content']}" for turn in said),
        "transcript_object": said,
        "transcript_with_tool_calls": [*said, invocation],
    }
    body = _json({"name": _TOOL, "args": _ARGUMENTS, "call": call})
    return Request(retell.tools, body, retell.sign(body, _SECRET, at=now))


def _of_vapi(now: datetime) -> Request:
    """Signed, which takes longer than a secret in a header."""
    function = {"name": _TOOL, "arguments": _ARGUMENTS}
    said = [
        {"role": "bot" if number % 2 else "user", "message": text, "secondsFromStart": number * 5}
        for number, text in enumerate(islice(cycle(_SAID), _TURNS))
    ]
    message = {
        "type": "tool-calls",
        "toolCallList": [{"id": "call_1", "type": "function", "function": function}],
        "artifact": {"messages": said},
        "call": {"id": "call_1", "type": "inboundPhoneCall"},
        "customer": {"number": _CALLER},
        "phoneNumber": {"number": _LINE},
    }
    body = _json({"message": message})
    stamp = str(round(now.timestamp()))
    signed = f"{stamp}.".encode() + body
    digest = hmac.digest(_SECRET.encode(), signed, "sha256").hex()
    headers = {"x-signature": digest, "x-timestamp": stamp}
    return Request(vapi.tools, body, headers, kind_of=vapi.kind_of)


def _turn(number: int, text: str) -> dict[str, Any]:
    words = [
        {"word": word, "start": number * 5 + nth * 0.3, "end": number * 5 + nth * 0.3 + 0.25}
        for nth, word in enumerate(text.split())
    ]
    return {"role": "user" if number % 2 else "agent", "content": text, "words": words}


def _offer(now: datetime) -> str:
    """A reply as long as they become: three times."""
    starts = [now + timedelta(days=day) for day in (1, 2, 3)]
    slots = [
        SpokenSlot(letter, start, f"{start:%A, %B} at half past two in the afternoon", "Dr. Berger")
        for letter, start in zip("ABC", starts, strict=True)
    ]
    said = " or ".join(slot.spoken for slot in slots)
    return Reply(Status.AVAILABLE, said, slots=slots, known=_ARGUMENTS).line(now=now)


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
