"""The caller's end of a call with the agent: OpenAI's wire, as platforms speak it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Self
from uuid import uuid4

from openai import (
    APIConnectionError,
    APIStatusError,
    AsyncOpenAI,
    DefaultAsyncHttpxClient,
    OpenAIError,
)
from openai.types.chat import ChatCompletionChunk

from slotline.calling.whom import Whom

_END_CALL: Final[Any] = {
    "type": "function",
    "function": {
        "name": "end_call",
        "description": "End the call. Only when the caller has nothing left; say goodbye.",
        "parameters": {"type": "object", "properties": {}},
    },
}


class NoAnswer(Exception):
    """The agent does not answer. The message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class ToolRun:
    """What one of the agent's tools did."""

    name: str
    status: str
    milliseconds: float


@dataclass(slots=True)
class Phone:
    """A call. Enter it to ring; leaving it hangs up, and tells the server so."""

    whom: Whom
    call_id: str = field(default_factory=lambda: f"terminal-{uuid4().hex[:12]}")
    turns: list[dict[str, Any]] = field(default_factory=list)
    hung_up: bool = False
    """By the agent."""
    _began: datetime = field(default_factory=lambda: datetime.now(UTC))
    _client: AsyncOpenAI = field(init=False, repr=False)

    def __post_init__(self) -> None:
        whom = self.whom
        told = {"X-Call-Id": self.call_id, "X-Caller": whom.caller, "X-Line": whom.line}
        told["X-Language"] = whom.language
        self._client = AsyncOpenAI(
            api_key=whom.api_key,
            base_url=f"{whom.url}/v1/{whom.business}",
            default_headers={name: value for name, value in told.items() if value},
            http_client=DefaultAsyncHttpxClient(trust_env=False),  # no proxy knows this machine
            max_retries=0,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        try:
            if self.turns:
                await self._tell_end()
        finally:
            await self._client.close()

    async def says(self, words: str) -> AsyncIterator[str | ToolRun]:
        """Say something.

        Yields:
            The agent's words as they come, and what its tools did.

        Raises:
            NoAnswer: The server cannot be reached, refuses, or has no model.
        """
        self.turns.append({"role": "user", "content": words})
        heard = ""
        create: Any = self._client.chat.completions.create  # of our own option it knows nothing
        try:
            chunks: AsyncIterator[ChatCompletionChunk] = await create(
                model="slotline",
                messages=self.turns,
                tools=[_END_CALL],
                stream=True,
                stream_options={"include_tools": True},
            )
            async for chunk in chunks:
                if run := (chunk.model_extra or {}).get("tool_run"):
                    yield ToolRun(run["name"], run["status"], run["milliseconds"])
                for choice in chunk.choices:
                    heard += choice.delta.content or ""
                    self.hung_up |= bool(choice.delta.tool_calls)
                    if choice.delta.content:
                        yield choice.delta.content
        except OpenAIError as error:
            raise NoAnswer(self._why(error)) from error
        finally:
            self.turns.append({"role": "assistant", "content": heard})

    async def _tell_end(self) -> None:
        now = datetime.now(UTC).isoformat()
        event = {
            "event": "call_ended",
            "call_id": self.call_id,
            "caller": self.whom.caller,
            "line": self.whom.line,
            "started_at": self._began.isoformat(),
            "ended_at": now,
            "reason": "agent" if self.hung_up else "caller",
            "turns": self.turns,
        }
        try:
            await self._client.post("/chat/events", body=event, cast_to=object)
        except OpenAIError as error:
            raise NoAnswer(self._why(error)) from error

    def _why(self, error: OpenAIError) -> str:
        match error:
            case APIConnectionError():
                return f"nobody answers at {self.whom.url}: is the server running?"
            case APIStatusError(status_code=401):
                return f"{self.whom.url} knows no business {self.whom.business!r} with this key"
            case APIStatusError(body={"message": str(message)}):
                return f"{message} Or ring a scripted one: slotline call --scripted"
            case _:
                return f"the server's answer is none: {type(error).__name__}"
