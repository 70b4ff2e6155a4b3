"""Stand-ins for the platforms' own APIs: they check the key, keep what they get and return it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from server.serve import listen, serve
from server.settings import Server

KEY = "the key of an account at a platform"

Body = dict[str, Any]
Kept = dict[str, Body]
"""By id."""


@dataclass(slots=True)
class Vendor:
    """What one platform has, and what was asked of it."""

    header: str
    expected: str
    kept: dict[str, Kept] = field(default_factory=dict)
    """By kind, such as `agents`."""
    writes: list[str] = field(default_factory=list)
    """Method and path of everything that changed something."""
    routes: list[Route] = field(default_factory=list)

    def kind(self, name: str) -> Kept:
        return self.kept.setdefault(name, {})

    def on(self, method: str, path: str, *, reads: bool = False) -> Callable[..., None]:
        """Answer requests with what a function makes of (path parameters, body)."""

        def register(answer: Callable[[dict[str, str], Body], Any]) -> None:
            async def endpoint(request: Request) -> Response:
                if request.headers.get(self.header) != self.expected:
                    return JSONResponse({"error": "unauthorized"}, 401)
                if not reads:
                    self.writes.append(f"{method} {request.url.path}")
                body = await request.json() if await request.body() else {}
                found = answer(dict(request.path_params), body)
                if found is None:
                    return JSONResponse({"error": "not found"}, 404)
                return JSONResponse(found)

            self.routes.append(Route(path, endpoint, methods=[method]))

        return register

    def add(self, kind: str, id_name: str, body: Body) -> Body:
        """Keep a new thing under an id of our own."""
        made = f"{kind}-{len(self.kind(kind)) + 1}"
        self.kind(kind)[made] = body | {id_name: made}
        return self.kind(kind)[made]

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[str]:
        """On a port of its own, under the address that is yielded."""
        stop = asyncio.Event()
        with listen("127.0.0.1", 0) as listener:
            app = Starlette(routes=self.routes)
            task = asyncio.create_task(serve(app, Server(), listener=listener, stop=stop))
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
            stop.set()
            await task


def changed(kept: Kept, id_: str, body: Body) -> Body | None:
    """A thing with what a PATCH says, whole fields at a time."""
    if id_ not in kept:
        return None
    kept[id_] |= body
    return kept[id_]


def retell(*numbers: str) -> Vendor:
    """Retell: agents are published by version, and what is published does not change."""
    vendor = Vendor("authorization", f"Bearer {KEY}")
    agents, llms, phones = (vendor.kind(name) for name in ("agents", "llms", "numbers"))
    phones.update({number: {"phone_number": number} for number in numbers})

    def page(_: object, __: Body) -> Body:
        names = [{key: one[key] for key in ("agent_id", "agent_name")} for one in agents.values()]
        return {"items": names, "has_more": False}

    def make_agent(_: object, body: Body) -> Body:
        return vendor.add("agents", "agent_id", body | {"version": 0, "is_published": False})

    def change_agent(path: dict[str, str], body: Body) -> Body | None:
        assert not agents[path["id"]]["is_published"], "a published version stays as it is"
        return changed(agents, path["id"], body)

    def change_llm(path: dict[str, str], body: Body) -> Body | None:
        users = [one for one in agents.values() if one["response_engine"]["llm_id"] == path["id"]]
        assert not any(one["is_published"] for one in users), "a published version stays as it is"
        return changed(llms, path["id"], body)

    def draft(path: dict[str, str], body: Body) -> Body | None:
        assert body["base_version"] == agents[path["id"]]["version"]
        next_one = {"version": body["base_version"] + 1, "is_published": False}
        return changed(agents, path["id"], next_one)

    def publish(path: dict[str, str], body: Body) -> Body | None:
        assert body["version"] == agents[path["id"]]["version"]
        return changed(agents, path["id"], {"is_published": True})

    vendor.on("POST", "/v2/list-agents", reads=True)(page)
    vendor.on("POST", "/create-agent")(make_agent)
    vendor.on("GET", "/get-agent/{id}", reads=True)(lambda path, _: agents.get(path["id"]))
    vendor.on("PATCH", "/update-agent/{id}")(change_agent)
    vendor.on("POST", "/create-agent-version/{id}")(draft)
    vendor.on("POST", "/publish-agent-version/{id}")(publish)
    vendor.on("POST", "/create-retell-llm")(lambda _, body: vendor.add("llms", "llm_id", body))
    vendor.on("GET", "/get-retell-llm/{id}", reads=True)(lambda path, _: llms.get(path["id"]))
    vendor.on("PATCH", "/update-retell-llm/{id}")(change_llm)
    vendor.on("GET", "/get-phone-number/{id}", reads=True)(lambda path, _: phones.get(path["id"]))
    vendor.on("PATCH", "/update-phone-number/{id}")(
        lambda path, body: changed(phones, path["id"], body)
    )
    return vendor


def vapi(*numbers: str) -> Vendor:
    """Vapi: an assistant is one document, and a PATCH replaces its `model` as a whole."""
    vendor = Vendor("authorization", f"Bearer {KEY}")
    assistants, phones = vendor.kind("assistants"), vendor.kind("numbers")
    for position, number in enumerate(numbers):
        one = {"number": number, "provider": "twilio", "assistantId": "somebody else"}
        phones[f"p{position}"] = one | {"id": f"p{position}"}

    def change_number(path: dict[str, str], body: Body) -> Body | None:
        assert body["provider"] == phones[path["id"]]["provider"]
        return changed(phones, path["id"], body)

    vendor.on("GET", "/assistant", reads=True)(lambda *_: list(assistants.values()))
    vendor.on("POST", "/assistant")(lambda _, body: vendor.add("assistants", "id", body))
    vendor.on("PATCH", "/assistant/{id}")(lambda path, body: changed(assistants, path["id"], body))
    vendor.on("GET", "/phone-number", reads=True)(lambda *_: list(phones.values()))
    vendor.on("PATCH", "/phone-number/{id}")(change_number)
    return vendor


def elevenlabs(*numbers: str) -> Vendor:
    """ElevenLabs: secrets cannot be read back, and an agent comes with its tools spelled out."""
    vendor = Vendor("xi-api-key", KEY)
    agents, tools, phones = (vendor.kind(name) for name in ("agents", "tools", "numbers"))
    webhooks = vendor.kind("webhooks")
    for position, number in enumerate(numbers):
        phones[f"p{position}"] = {"phone_number": number, "phone_number_id": f"p{position}"}

    def make_secret(_: object, body: Body) -> Body:
        made = vendor.add("secrets", "secret_id", body)
        return {"secret_id": made["secret_id"], "name": made["name"]}

    def make_webhook(_: object, body: Body) -> Body:
        made = vendor.add("webhooks", "webhook_id", body["settings"])
        return {"webhook_id": made["webhook_id"], "webhook_secret": "wsec_of_elevenlabs"}

    def agent(path: dict[str, str], _: Body) -> Body | None:
        found = agents.get(path["id"])
        if found is None:
            return None
        config = found["conversation_config"]
        prompt = config["agent"]["prompt"]
        spelled = [tools[id_]["tool_config"] for id_ in prompt["tool_ids"]]
        inner = config["agent"] | {"prompt": prompt | {"tools": spelled}}
        return found | {"conversation_config": config | {"agent": inner}}

    def change_agent(path: dict[str, str], body: Body) -> Body | None:
        assert "tools" not in body["conversation_config"]["agent"]["prompt"]
        return changed(agents, path["id"], body)

    def change_number(path: dict[str, str], body: Body) -> Body | None:
        return changed(phones, path["id"], {"assigned_agent": body})

    def listed(kind: str) -> Callable[..., Any]:
        return lambda *_: {kind: list(vendor.kind(kind).values()), "next_cursor": None}

    for kind in ("agents", "tools", "secrets"):
        vendor.on("GET", f"/v1/convai/{kind}", reads=True)(listed(kind))
    vendor.on("POST", "/v1/convai/secrets")(make_secret)
    vendor.on("GET", "/v1/workspace/webhooks", reads=True)(
        lambda *_: {"webhooks": list(webhooks.values())}
    )
    vendor.on("POST", "/v1/workspace/webhooks")(make_webhook)
    vendor.on("POST", "/v1/convai/tools")(lambda _, body: vendor.add("tools", "id", body))
    vendor.on("PATCH", "/v1/convai/tools/{id}")(lambda path, body: changed(tools, path["id"], body))
    vendor.on("POST", "/v1/convai/agents/create")(
        lambda _, body: {"agent_id": vendor.add("agents", "agent_id", body)["agent_id"]}
    )
    vendor.on("GET", "/v1/convai/agents/{id}", reads=True)(agent)
    vendor.on("PATCH", "/v1/convai/agents/{id}")(change_agent)
    vendor.on("GET", "/v1/convai/phone-numbers", reads=True)(lambda *_: list(phones.values()))
    vendor.on("PATCH", "/v1/convai/phone-numbers/{id}")(change_number)
    return vendor
