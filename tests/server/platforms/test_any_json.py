"""Whatever JSON a platform may send one day: it is read, or refused with a reason."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.platforms import elevenlabs, neutral, openai, retell, vapi
from server.wire import WireError

_PAYLOADS: Final = Path(__file__).parent / "payloads"

READ: Final[dict[str, tuple[Callable[[bytes], object], ...]]] = {
    "retell/tool-call": (lambda body: retell.tools.parse(body, None),),
    "retell/inbound": (retell.inbound.parse,),
    "retell/call-analyzed": (retell.events.read, retell.events.report),
    "retell/transfer-started": (retell.events.read, retell.events.report),
    "vapi/tool-calls-request": (vapi.kind_of, lambda body: vapi.tools.parse(body, None)),
    "vapi/assistant-request": (vapi.inbound.parse,),
    "vapi/status-update": (vapi.events.read, vapi.events.report),
    "vapi/end-of-call-report": (vapi.events.read, vapi.events.report),
    "elevenlabs/tool-request": (lambda body: elevenlabs.tools.parse(body, "book"),),
    "elevenlabs/initiation-request": (elevenlabs.inbound.parse,),
    "elevenlabs/post-call-transcription": (elevenlabs.events.read, elevenlabs.events.report),
    "elevenlabs/call-initiation-failure": (elevenlabs.events.read, elevenlabs.events.report),
    "openai/incoming": (openai.events.read, openai.events.report, openai.incoming_call),
    "neutral": (lambda body: neutral.adapter.parse(body, "book"),),
}
_NEUTRAL: Final = {"call_id": "c", "caller": "+49", "line": "+49", "arguments": {"slot": "A"}}

# The first text loads the tables of Unicode, which may take seconds.
_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


def recorded(name: str) -> Any:
    if name == "neutral":
        return dict(_NEUTRAL)
    return json.loads((_PAYLOADS / f"{name}.json").read_text("utf-8"))


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container in some JSON, with each of its keys or positions."""
    inside = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in list(inside):
        yield value, key
        if isinstance(inner, dict | list):
            yield from places(inner)


def accept(name: str, body: bytes) -> None:
    for read in READ[name]:
        with suppress(WireError):
            read(body)


@pytest.mark.parametrize("name", READ)
@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(spoilt=st.lists(st.tuples(st.integers(min_value=0), _ANY), min_size=1, max_size=3))
def test_a_known_body_with_anything_in_any_place(name: str, spoilt: list[tuple[int, Any]]) -> None:
    """Types change between versions of a platform, one field at a time."""
    body = recorded(name)
    for number, value in spoilt:
        if known := list(places(body)):
            container, key = known[number % len(known)]
            container[key] = value
    accept(name, json.dumps(body).encode())


@pytest.mark.parametrize("name", READ)
@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(body=st.binary() | _ANY.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_and_any_json(name: str, body: bytes) -> None:
    accept(name, body)
