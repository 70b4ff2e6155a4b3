"""A business's agents at ElevenLabs: a secret, a webhook, tools, agents, and its numbers."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any, Final

from booking.business import Line
from server.brief import Brief
from server.platforms.elevenlabs import configuration
from slotline.connect.account import Account

Keep = Callable[[str], Awaitable[None]]
"""Stores a secret that ElevenLabs has made."""

_WEBHOOK_ID: Final = "(id of the webhook)"


def document(brief: Brief, lines: tuple[Line, ...]) -> dict[str, Any]:
    """What would be made, by the address that it is sent to."""
    tools = configuration.tools(brief, secret_id=configuration.SECRET_ID)
    agent = configuration.agent(
        brief,
        tool_ids=[f"(id of {tool['name']})" for tool in tools],
        secret_id=configuration.SECRET_ID,
        webhook_id=_WEBHOOK_ID,
    )
    number = configuration.phone_number(agent_id="(id of the agent)")
    return {
        "POST /v1/convai/secrets": _secret(brief),
        "POST /v1/workspace/webhooks": _webhook(brief),
        "POST /v1/convai/tools": [{"tool_config": tool} for tool in tools],
        "POST /v1/convai/agents/create": agent,
        **{f"PATCH /v1/convai/phone-numbers/(id of {line.number})": number for line in lines},
    }


async def connect(account: Account, agents: Mapping[Brief, tuple[Line, ...]], keep: Keep) -> None:
    """Make ElevenLabs' side what it shall be.

    Args:
        account: Where.
        agents: What for.
        keep: ElevenLabs signs what it tells of calls with a secret that it shows once, when the
            webhook is made; from then on that is the business's `elevenlabs_secret`.

    Raises:
        PlatformRefused: See `Account.ask`.
    """
    first = next(iter(agents))
    webhook_id, made = await _settle_webhook(account, first)
    if made:
        await keep(made)
        first = replace(first, secret=made)
    secret_id = await _settle_secret(account, first)
    tool_ids = await _settle_tools(account, first, secret_id)
    there = {one["name"]: one["agent_id"] for one in await _all(account, "agents")}
    numbers = await account.ask("GET", "/v1/convai/phone-numbers")
    by_number = {one["phone_number"]: one for one in numbers}
    for brief, lines in agents.items():
        wanted = configuration.agent(
            brief, tool_ids=tool_ids, secret_id=secret_id, webhook_id=webhook_id
        )
        agent_id = await _settle_agent(account, brief, wanted, there.get(brief.name))
        for line in lines:
            await _settle_number(account, line, by_number.get(line.number), agent_id)


async def _settle_webhook(account: Account, brief: Brief) -> tuple[str, str | None]:
    """The id of the webhook, and its secret if it was made now."""
    address = configuration.events_address(brief)
    found = await account.ask("GET", "/v1/workspace/webhooks")
    there = next((one for one in found["webhooks"] if one["webhook_url"] == address), None)
    if there:
        return str(there["webhook_id"]), None
    made = await account.settle(
        "webhook",
        there=None,
        wanted=_webhook(brief),
        create="/v1/workspace/webhooks",
        update="",
    )
    return made.get("webhook_id", _WEBHOOK_ID), made.get("webhook_secret")


async def _settle_secret(account: Account, brief: Brief) -> str:
    wanted = _secret(brief)
    there = {one["name"]: one["secret_id"] for one in await _all(account, "secrets")}
    if wanted["name"] in there:
        return str(there[wanted["name"]])
    made = await account.settle(
        "secret",
        there=None,
        wanted=wanted,
        create="/v1/convai/secrets",
        update="",
    )
    return str(made.get("secret_id", configuration.SECRET_ID))


async def _settle_tools(account: Account, brief: Brief, secret_id: str) -> list[str]:
    """The ids of our tools; other businesses have tools of the same names at other addresses."""
    there = {_address_of(one): one for one in await _all(account, "tools")}
    ids = []
    for wanted in configuration.tools(brief, secret_id=secret_id):
        found = there.get(wanted["api_schema"]["url"])
        settled = await account.settle(
            f"tool {wanted['name']}",
            there=found,
            wanted={"tool_config": wanted},
            create="/v1/convai/tools",
            update=f"/v1/convai/tools/{found['id'] if found else ''}",
        )
        ids.append(str(settled.get("id", f"(id of {wanted['name']})")))
    return ids


async def _settle_agent(
    account: Account, brief: Brief, wanted: dict[str, Any], agent_id: str | None
) -> str:
    there = await account.find(f"/v1/convai/agents/{agent_id}") if agent_id else None
    if there:
        # Told beside the ids of the tools, and refused when both come back.
        there["conversation_config"]["agent"]["prompt"].pop("tools", None)
    settled = await account.settle(
        f"agent {brief.name}",
        there=there,
        wanted=wanted,
        at_first=configuration.AGENT_AT_FIRST,
        create="/v1/convai/agents/create",
        update=f"/v1/convai/agents/{agent_id}",
    )
    return str(settled.get("agent_id", "(id of the agent)"))


async def _settle_number(
    account: Account, line: Line, there: dict[str, Any] | None, agent_id: str
) -> None:
    if there is None:
        account.missing.append(f"{line.number} is not at ElevenLabs: import it there")
        return
    answers = there.get("assigned_agent") or {}
    await account.settle(
        f"number {line.number}",
        there={"agent_id": answers.get("agent_id")},
        wanted=configuration.phone_number(agent_id=agent_id),
        create="",
        update=f"/v1/convai/phone-numbers/{there['phone_number_id']}",
    )


async def _all(account: Account, kind: str) -> list[dict[str, Any]]:
    """Every page of a list."""
    found: list[dict[str, Any]] = []
    query = {"page_size": "100"}
    while True:
        page = await account.ask("GET", f"/v1/convai/{kind}", query=query)
        found += page[kind]
        if not page.get("next_cursor"):
            return found
        query |= {"cursor": page["next_cursor"]}


def _address_of(tool: Mapping[str, Any]) -> str | None:
    return (tool["tool_config"].get("api_schema") or {}).get("url")


def _secret(brief: Brief) -> dict[str, str]:
    """Named by a digest of its value, which nobody can read back: a new value is a new secret."""
    digest = sha256(brief.secret.encode()).hexdigest()[:8]
    slug = brief.address.rpartition("/")[2]
    return {"type": "new", "name": f"slotline-{slug}-{digest}", "value": f"Bearer {brief.secret}"}


def _webhook(brief: Brief) -> dict[str, Any]:
    slug = brief.address.rpartition("/")[2]
    return {
        "settings": {
            "auth_type": "hmac",
            "name": f"slotline {slug}",
            "webhook_url": configuration.events_address(brief),
        }
    }
