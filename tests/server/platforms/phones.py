"""Platforms during one call from Marta to the practice, each speaking as it does."""

import json
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, ClassVar, Final

import httpx2
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client

from server.agent.model import Model
from server.settings import OpenAI
from tests.practice import LINE
from tests.server.agent.scripted import Says, ScriptedModel, served
from tests.server.platforms.switchboard import SECRETS, Switchboard

Told = dict[str, Any]

MARTA: Final = "+493023125099"
"""Nobody knows her yet."""
CALL: Final = "call_of_marta"

_PAYLOADS = Path(__file__).parent / "payloads"
_KEY = {"authorization": f"Bearer {SECRETS['api_key']}"}


def payload(name: str) -> Told:
    found: Told = json.loads((_PAYLOADS / f"{name}.json").read_text("utf-8"))
    return found


class Phone(ABC):
    """One platform during a call from Marta to the practice."""

    platform: ClassVar[str]
    tells: ClassVar[bool] = True
    """Whether it tells of its calls."""

    def __init__(self, switchboard: Switchboard) -> None:
        self.switchboard = switchboard

    @abstractmethod
    async def rings(self) -> Mapping[str, object]:
        """What the agent knows before its first word."""

    @abstractmethod
    async def ask(self, tool: str, /, **arguments: object) -> Told:
        """What a tool answers."""

    @abstractmethod
    async def hangs_up(self) -> None:
        """Tell what there is to tell after a call."""


class Neutral(Phone):
    """Our own interface, which tells nothing after calls."""

    platform = "neutral"
    tells = False

    async def rings(self) -> Mapping[str, object]:
        asked = {"caller": MARTA, "line": LINE}
        answer = await self.switchboard.http.get("/v1/praxis/context", params=asked, headers=_KEY)
        told: Told = answer.json()
        return told

    async def ask(self, tool: str, /, **arguments: object) -> Told:
        body = {"call_id": CALL, "caller": MARTA, "line": LINE, "arguments": arguments}
        answer = await self.switchboard.http.post(
            f"/v1/praxis/tools/{tool}", json=body, headers=_KEY
        )
        told: Told = answer.json()
        return told

    async def hangs_up(self) -> None:
        """Nobody tells us."""


class Retell(Phone):
    """Custom functions, and what Retell tells of calls."""

    platform = "retell"
    call: ClassVar[Told] = {"call_id": CALL, "from_number": MARTA, "to_number": LINE}

    async def rings(self) -> Mapping[str, object]:
        body = {"event": "call_inbound", "call_inbound": self.call}
        told = (await self.switchboard.retell("inbound", body)).json()
        await self._event("call-started")
        variables: Told = told["call_inbound"]["dynamic_variables"]
        return variables

    async def ask(self, tool: str, /, **arguments: object) -> Told:
        body = {"name": tool, "args": arguments, "call": self.call}
        told: Told = (await self.switchboard.retell("tools", body)).json()
        return told

    async def hangs_up(self) -> None:
        await self._event("call-ended")
        await self._event("call-analyzed")

    async def _event(self, name: str) -> None:
        body = payload(f"retell/{name}")
        body["call"] |= self.call
        assert (await self.switchboard.retell("events", body)).status_code == 200


class Vapi(Phone):
    """Function tools, and what Vapi tells of calls."""

    platform = "vapi"

    async def rings(self) -> Mapping[str, object]:
        told = (await self.switchboard.vapi(self._message("assistant-request"))).json()
        await self.switchboard.vapi(self._message("status-update"))
        variables: Told = told["assistantOverrides"]["variableValues"]
        return variables

    async def ask(self, tool: str, /, **arguments: object) -> Told:
        asked = {"id": f"call_{tool}", "function": {"name": tool, "arguments": arguments}}
        message = self._message("tool-calls-request") | {"toolCallList": [asked]}
        (result,) = (await self.switchboard.vapi(message)).json()["results"]
        assert result["toolCallId"] == asked["id"]
        told: Told = json.loads(result["result"])
        return told

    async def hangs_up(self) -> None:
        await self.switchboard.vapi(self._message("status-update") | {"status": "ended"})
        await self.switchboard.vapi(self._message("end-of-call-report"))

    def _message(self, name: str) -> Told:
        message: Told = payload(f"vapi/{name}")["message"]
        message["call"] |= {"id": CALL, "customer": {"number": MARTA}}
        return message | {"customer": {"number": MARTA}, "phoneNumber": {"number": LINE}}


class ElevenLabs(Phone):
    """Server tools, and what ElevenLabs tells after calls."""

    platform = "elevenlabs"

    async def rings(self) -> Mapping[str, object]:
        body = payload("elevenlabs/initiation-request")
        body |= {"caller_id": MARTA, "called_number": LINE}
        told = (await self.switchboard.elevenlabs("init", body)).json()
        variables: Told = told["dynamic_variables"]
        return variables

    async def ask(self, tool: str, /, **arguments: object) -> Told:
        trusted = {"conversation_id": CALL, "caller_number": MARTA, "called_number": LINE}
        body = {**arguments, **trusted}
        told: Told = (await self.switchboard.elevenlabs(f"tools/{tool}", body)).json()
        return told

    async def hangs_up(self) -> None:
        body = payload("elevenlabs/post-call-transcription")
        body["data"]["conversation_id"] = CALL
        phone = {"external_number": MARTA, "agent_number": LINE}
        body["data"]["metadata"]["phone_call"] |= phone
        assert (await self.switchboard.elevenlabs_event(body)).status_code == 200


class OverMcp:
    """Tools over MCP; a new session for each, as platforms have it."""

    switchboard: Switchboard
    platform: ClassVar[str]
    mode: ClassVar[str]

    async def ask(self, tool: str, /, **arguments: object) -> Told:
        of_call = {"x-call-id": CALL, "x-caller": MARTA, "x-line": LINE}
        headers = {**_KEY, **of_call, "x-platform": self.platform}
        inside = httpx2.ASGITransport(self.switchboard.app)
        url = "http://slotline.test/v1/praxis/mcp"
        async with (
            httpx2.AsyncClient(transport=inside, headers=headers) as http,
            Client(streamable_http_client(url, http_client=http), mode=self.mode) as client,
        ):
            result = await client.call_tool(tool, arguments)
        told: Told = result.structured_content
        return told


class RetellOverMcp(OverMcp, Retell):
    """Retell with our MCP server instead of custom functions."""

    mode = "legacy"


class ElevenLabsOverMcp(OverMcp, ElevenLabs):
    """ElevenLabs with our MCP server instead of server tools."""

    mode = "2026-07-28"


class OpenAIOverMcp(OverMcp, Phone):
    """OpenAI's Realtime API over SIP, which tells that a call rings, and nothing after it."""

    platform = "openai"
    mode = "2026-07-28"
    tells = False

    async def rings(self) -> Mapping[str, object]:
        body = payload("openai/incoming")
        body["data"]["call_id"] = CALL
        assert (await self.switchboard.openai(body)).status_code == 200
        return await Neutral(self.switchboard).rings()

    async def hangs_up(self) -> None:
        """Nobody tells us."""


class VapiOverChat(Vapi):
    """Vapi with us as its model; what the caller says is left to the script."""

    script: list[Says]
    model: ScriptedModel

    async def ask(self, tool: str, /, **arguments: object) -> Told:
        self.script += [{tool: arguments}, "One thing more."]
        call = {"id": CALL, "customer": {"number": MARTA}}
        answer = await self.switchboard.http.post(
            "/v1/praxis/chat/completions",
            json={
                "model": "x",
                "messages": [{"role": "user", "content": "Go on."}],
                "call": call,
                "customer": call["customer"],
                "phoneNumber": {"number": LINE},
            },
            headers=_KEY,
        )
        said = answer.json()["choices"][0]["message"]["content"]
        assert said.strip().endswith("One thing more.")  # a filler may come first
        last = self.model.heard[-1]["messages"][-1]
        told: Told = json.loads(last["content"])
        return told


@asynccontextmanager
async def talking(phone: Phone) -> AsyncIterator[None]:
    """Puts a scripted model behind the agent of a phone that has us as its model."""
    if not isinstance(phone, VapiOverChat):
        yield
        return
    phone.script = []
    phone.model = ScriptedModel(lambda _messages: phone.script.pop(0))
    async with served(phone.model) as url:
        ours = Model(OpenAI(base_url=url), name="scripted")
        phone.switchboard.practice.parts.agent.model = ours
        yield
        await ours.aclose()
