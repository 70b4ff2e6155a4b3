"""A call rings at a Retell number: `{"event": "call_inbound", "call_inbound": {...}}`.

The phone goes on ringing until we answer; every variable must be a text.
Source: https://docs.retellai.com/, "Inbound call webhook".
"""

import json
from collections.abc import Mapping

from server import reading
from server.adapter import InboundAdapter, InboundCall
from server.brief import Brief
from server.platforms.retell.people import people
from server.platforms.retell.signature import verify
from server.wire import Unreadable


def parse(body: bytes) -> InboundCall:
    """Who rings whom.

    Raises:
        Unreadable: The body is not JSON or not of Retell's shape.
    """
    call = reading.json_object(body).get("call_inbound")
    if not isinstance(call, dict):
        raise Unreadable("the body has no call_inbound")
    caller, line = people(call)
    return InboundCall(caller, line)


def render(_call: InboundCall, known: Mapping[str, str], _brief: Brief | None) -> bytes:
    """What the prompt can use as `{{name}}`, `{{today}}` and so on."""
    answer = {"call_inbound": {"dynamic_variables": dict(known)}}
    return json.dumps(answer, ensure_ascii=False).encode()


adapter = InboundAdapter("retell", verify, parse, render)
