"""Somebody rings at an OpenAI project: `realtime.call.incoming`, with the headers of SIP."""

import re
from typing import Final

from calls.report import CallReport
from db.states import Direction
from server import reading
from server.adapter import EventAdapter, Told
from server.platforms.openai.signature import verify
from server.wire import NoCall, Unreadable

PLATFORM: Final = "openai"

_INCOMING: Final = "realtime.call.incoming"
_NUMBER: Final = re.compile(r"(?:sips?|tel):(\+[0-9]{6,15})\b")


def read(body: bytes) -> Told:
    """Which event it is.

    Raises:
        Unreadable: The body is not JSON or not of OpenAI's shape.
    """
    fields = reading.json_object(body)
    kind, event_id = reading.text(fields, "type"), reading.text(fields, "id")
    if kind is None or event_id is None:
        raise Unreadable("the body has no type, or no id")
    return Told(kind, event_id)


def incoming_call(body: bytes) -> tuple[str, str | None] | None:
    """The id of a call that rings, and the number that its SIP names; `None` for other events.

    Whoever can reach the project by SIP can write any number there.

    Raises:
        Unreadable: The body is not JSON or not of OpenAI's shape.
        NoCall: It rings, but it has no id.
    """
    fields = reading.json_object(body)
    if fields.get("type") != _INCOMING:
        return None
    told = reading.nested(fields, "data")
    call_id = reading.text(told, "call_id")
    if call_id is None:
        raise NoCall("data.call_id is missing")
    values = {
        str(header.get("name")).lower(): str(header.get("value"))
        for header in reading.entries(told, "sip_headers")
    }
    number = _NUMBER.search(values.get("from", ""))
    return call_id, number[1] if number else None


def report(body: bytes) -> CallReport | None:
    """That a call has begun. Its number is added by its tool calls, if it can be trusted."""
    call = incoming_call(body)
    if call is None:
        return None
    at = reading.moment(reading.json_object(body), "created_at")
    return CallReport(
        platform=PLATFORM,
        platform_call_id=call[0],
        direction=Direction.INBOUND,
        started_at=at,
    )


adapter = EventAdapter(PLATFORM, verify, read, report)
