"""The phone platform's side of the demo: what Retell sends for a tool call, signed as it does."""

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx

from server.platforms import retell
from slotline.demo.script import ToolCall


class CallFailed(Exception):
    """Our own server did not answer as it promises."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A reply envelope and how long the platform waited for it."""

    reply: dict[str, Any]
    milliseconds: float


@dataclass(frozen=True, slots=True)
class RetellCall:
    """One phone call as Retell sees it. Format: custom function, `docs/platforms` of Retell."""

    http: httpx.AsyncClient
    url: str
    key: str
    call_id: str
    caller: str
    line: str

    async def ask(self, call: ToolCall, *, number: int) -> Answered:
        """Send one tool call over HTTP.

        Raises:
            CallFailed: The answer is not a reply envelope with status 200.
        """
        tool_call_id = f"{self.call_id}-{number}"
        body = json.dumps(
            {
                "name": call.tool,
                "args": call.arguments,
                "call": {
                    "call_type": "phone_call",
                    "call_id": self.call_id,
                    "direction": "inbound",
                    "from_number": self.caller,
                    "to_number": self.line,
                    "call_status": "ongoing",
                    "transcript_with_tool_calls": [
                        {
                            "role": "tool_call_invocation",
                            "tool_call_id": tool_call_id,
                            "name": call.tool,
                            "arguments": json.dumps(call.arguments),
                        }
                    ],
                },
            },
            ensure_ascii=False,
        ).encode()
        signed = retell.sign(body, self.key, at=datetime.now(UTC))
        headers = {"content-type": "application/json", **signed}
        started = time.perf_counter()
        response = await self.http.post(self.url, content=body, headers=headers)
        waited = (time.perf_counter() - started) * 1000
        if response.status_code != httpx.codes.OK:
            raise CallFailed(f"{call.tool} was answered with HTTP {response.status_code}")
        reply = response.json()
        if not reply.get("ok"):
            raise CallFailed(f"{call.tool}: {reply.get('status')}: {reply.get('say')}")
        return Answered(reply, waited)
