"""Any model that speaks OpenAI's Chat Completions, through the `openai` SDK."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from pydantic import BaseModel

from server.agent.pieces import Asked, Text, Usage

if TYPE_CHECKING:
    import httpx2
    from openai import AsyncOpenAI, AsyncStream
    from openai.types.chat import ChatCompletionChunk, ChatCompletionMessageParam

    from server.settings import OpenAI

_KEY_OF_NOBODY: Final = "none"
"""For servers at home that want no key; the SDK insists on one."""

Shaped = TypeVar("Shaped", bound=BaseModel)

Message = dict[str, Any]
"""As in Chat Completions."""


class NoModel(Exception):
    """Nobody has said which model the agent is."""


class ModelFailed(Exception):
    """The model's server did not answer, or not as it should."""


class Model:
    """The model behind the agent. Close it when done."""

    def __init__(
        self,
        settings: OpenAI,
        *,
        name: str,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        """Connect to nothing yet: the SDK takes over a second to import.

        `transport` is for models in process, and for whoever watches what goes over the wire.
        """
        self._settings = settings
        self._name = name
        self._transport = transport
        self._client: AsyncOpenAI | None = None

    @property
    def name(self) -> str:
        return self._name

    @property
    def is_set(self) -> bool:
        """Whether there is a model at all."""
        return bool(self._settings.api_key or self._settings.base_url)

    @property
    def realtime_name(self) -> str:
        """The model that hears and speaks itself."""
        return self._settings.realtime_model

    @property
    def trusts_sip(self) -> bool:
        """Whether a number that SIP names is the caller's."""
        return self._settings.trust_sip_from

    async def accept(self, call_id: str, session: Mapping[str, Any]) -> None:
        """Take a call that rings at OpenAI.

        Raises:
            ModelFailed: It did not let us, for instance because the call is over or taken.
        """
        from openai import OpenAIError  # noqa: PLC0415 - see `warm`

        client = await self.warm()
        try:
            calls = await asyncio.to_thread(lambda: client.realtime.calls)  # which it imports now
            await calls.accept(call_id, **session)
        except OpenAIError as error:
            raise ModelFailed(f"{type(error).__name__}: {error}") from error

    async def aclose(self) -> None:
        """Close the connections, if there are any."""
        if self._client:
            await self._client.close()

    async def stream(
        self, messages: Sequence[Message], tools: Sequence[Mapping[str, Any]]
    ) -> AsyncIterator[Text | Asked | Usage]:
        """Generate one message.

        Yields:
            Words as they come, then the tool calls, then the tokens if the server counts them.

        Raises:
            NoModel: None is set.
            ModelFailed: It did not answer in time, or what it said is no answer.
        """
        from openai import OpenAIError  # noqa: PLC0415 - see `warm`

        if not self.is_set:
            raise NoModel("no model is set: give OPENAI_API_KEY, OPENAI_BASE_URL or both")
        client = await self.warm()
        wanted: dict[str, Any] = {"tools": list(tools)} if tools else {}
        asked: dict[int, list[str]] = {}
        try:
            chunks: AsyncStream[ChatCompletionChunk] = await client.chat.completions.create(
                model=self._name,
                messages=(),
                stream=True,
                stream_options={"include_usage": True},
                # As they are: the SDK takes 3 ms to look into what is plain JSON already.
                extra_body={"messages": list(messages), **wanted},
            )
            async with chunks:
                async for chunk in chunks:
                    if chunk.usage:
                        usage = Usage(chunk.usage.prompt_tokens, chunk.usage.completion_tokens)
                        yield usage
                    for choice in chunk.choices[:1]:
                        if choice.delta.content:
                            yield Text(choice.delta.content)
                        for call in choice.delta.tool_calls or ():
                            parts = asked.setdefault(call.index, ["", "", ""])
                            parts[0] = call.id or parts[0]
                            if call.function:
                                parts[1] += call.function.name or ""
                                parts[2] += call.function.arguments or ""
        except (OpenAIError, ValueError, AttributeError, TypeError) as error:
            raise ModelFailed(type(error).__name__) from error
        for _, (call_id, tool, arguments) in sorted(asked.items()):
            yield Asked(call_id, tool, arguments)

    async def structured(self, messages: Sequence[Message], into: type[Shaped]) -> Shaped:
        """Have the model fill in a form.

        Raises:
            ModelFailed: It did not answer in time, refused, or filled in something else.
        """
        from openai import OpenAIError  # noqa: PLC0415 - see `warm`

        client = await self.warm()
        try:
            answer = await client.chat.completions.parse(
                model=self._name,
                messages=cast("Iterable[ChatCompletionMessageParam]", messages),
                response_format=into,
            )
            filled = answer.choices[0].message.parsed if answer.choices else None
        except (OpenAIError, ValueError, AttributeError, TypeError) as error:
            raise ModelFailed(type(error).__name__) from error
        if filled is None:
            raise ModelFailed("it refused")
        return filled

    async def warm(self) -> AsyncOpenAI:
        """Have the SDK imported, which takes a second, without keeping anybody waiting."""
        if self._client is None:
            self._client = await asyncio.to_thread(self._connect)
        return self._client

    def _connect(self) -> AsyncOpenAI:
        import httpx2  # noqa: PLC0415 - as the SDK, which has it for its own
        from openai import AsyncOpenAI  # noqa: PLC0415 - most installations have no agent

        key = self._settings.api_key
        http = httpx2.AsyncClient(transport=self._transport) if self._transport else None
        client = AsyncOpenAI(
            api_key=key.get_secret_value() if key else _KEY_OF_NOBODY,
            base_url=self._settings.base_url,
            timeout=self._settings.timeout_seconds,
            max_retries=0,  # the caller has hung up by then
            http_client=http,
        )
        _ = client.chat.completions.create  # which it imports when it is first asked for
        return client
