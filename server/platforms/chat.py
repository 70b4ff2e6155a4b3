"""What whoever uses our agent over Chat Completions tells of a call: that it has ended.

Body: `{"event": "call_ended", "call_id", "caller", "line", "started_at", "ended_at", "reason",
"turns": [{"role": "user" | "assistant", "content"}]}`; all but the first two may be left out.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from calls.report import CallReport, Said
from db.states import Ending, Role
from server import reading
from server.access import check_bearer
from server.adapter import EventAdapter, Secrets, Told
from server.wire import NoCall, Unreadable

_ENDED: Final = "call_ended"
_ROLES: Final = {"assistant": Role.AGENT, "user": Role.CALLER}
_ENDINGS: Final = {"caller": Ending.CALLER_HUNG_UP, "agent": Ending.AGENT_HUNG_UP}


def verify(headers: Mapping[str, str], _body: bytes, secrets: Secrets, _now: datetime) -> None:
    """Check the bearer token.

    Raises:
        Refused: It is not the business's `api_key`.
    """
    check_bearer(headers, secrets, "api_key")


def read(body: bytes) -> Told:
    """Which event of which call it is.

    Raises:
        Unreadable: The body is not JSON, or tells something else.
        NoCall: It names no call.
    """
    _, call_id = _parts(body)
    return Told(_ENDED, f"{_ENDED}:{call_id}")


def report(body: bytes) -> CallReport:
    """What an event says of its call. Raises as `read` does."""
    fields, call_id = _parts(body)
    reason = reading.text(fields, "reason")
    turns = [
        Said(role, said)
        for turn in reading.entries(fields, "turns")
        if (role := _ROLES.get(str(turn.get("role")))) and (said := reading.prose(turn, "content"))
    ]
    return CallReport(
        platform=adapter.platform,
        platform_call_id=call_id,
        caller=reading.number(fields, "caller"),
        line=reading.text(fields, "line"),
        started_at=reading.moment(fields, "started_at"),
        ended_at=reading.moment(fields, "ended_at"),
        is_over=True,
        ending=_ENDINGS.get(reason, Ending.OTHER) if reason else None,
        end_reason=reason,
        turns=turns or None,
    )


def _parts(body: bytes) -> tuple[dict[str, object], str]:
    fields = reading.json_object(body)
    if reading.text(fields, "event") != _ENDED:
        raise Unreadable(f"event must be {_ENDED}")
    call_id = reading.text(fields, "call_id")
    if call_id is None:
        raise NoCall("call_id is missing")
    return fields, call_id


adapter = EventAdapter("chat", verify, read, report)
