"""What is answered when no tool has spoken: still an envelope, still something to say."""

import json
from datetime import UTC, datetime
from typing import Final

from booking.business import Business
from calls.numbers import canonical
from server.wire import (
    CallRef,
    NoCall,
    Refused,
    TooLarge,
    ToolReply,
    ToolRequest,
    UnknownTool,
    Unreadable,
    WireError,
)
from tools.reply import Reply, Status
from tools.words import words_in

_REASONS: Final = {
    Refused: "credential",
    Unreadable: "unreadable",
    NoCall: "no_call",
    UnknownTool: "unknown_tool",
    TooLarge: "too_large",
}

FAULT: Final = "fault"
"""The reason of everything that nobody foresaw."""


def reason(error: WireError) -> str:
    """One word for metrics and logs."""
    return _REASONS.get(type(error), FAULT)


def language_of(business: Business, call: CallRef | None) -> str:
    """The request's language, else the line's, else the business's."""
    if call and call.language:
        return call.language
    line = business.line_of(canonical(call.line) if call and call.line else None)
    return line.language if line else business.language


def fault(business: Business, asked: ToolRequest | None, *, now: datetime) -> ToolReply:
    """The reply of a tool that could not run, for somebody with a valid credential."""
    language = language_of(business, asked.call if asked else None)
    return ToolReply(
        id=asked.id if asked else None,
        tool=asked.tool if asked else "",
        status=Status.TECHNICAL_FAULT,
        line=_apology(language).line(now=now.astimezone(business.timezone)),
    )


def _apology(language: str) -> Reply:
    return Reply(Status.TECHNICAL_FAULT, say=words_in(language).technical_fault, ok=False)


def _for_strangers() -> bytes:
    envelope = json.loads(_apology("en").line(now=datetime.now(UTC)))
    del envelope["now"]
    return json.dumps(envelope, separators=(",", ":")).encode()


STRANGER: Final = _for_strangers()
"""The body for whoever has shown no credential: always the same, so that it tells nothing."""
