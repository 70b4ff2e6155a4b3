"""A business's agents at Retell: an LLM and an agent for each, published, and their numbers."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from booking.business import Line
from server.brief import Brief
from server.platforms.retell import configuration
from slotline.connect.account import Account

_LLM_ID: Final = "(id of the LLM)"
_AGENT_ID: Final = "(id of the agent)"


def document(brief: Brief, lines: tuple[Line, ...]) -> dict[str, Any]:
    """What would be made, by the address that it is sent to."""
    agent = configuration.agent(brief, llm_id=_LLM_ID)
    number = configuration.phone_number(brief, agent_id=_AGENT_ID)
    return {
        "POST /create-retell-llm": configuration.LLM_AT_FIRST | configuration.llm(brief),
        "POST /create-agent": configuration.AGENT_AT_FIRST | agent,
        **{f"PATCH /update-phone-number/{line.number}": number for line in lines},
    }


async def connect(account: Account, agents: Mapping[Brief, tuple[Line, ...]]) -> None:
    """Make Retell's side what it shall be.

    Raises:
        PlatformRefused: See `Account.ask`.
    """
    there = await _agents(account)
    for brief, lines in agents.items():
        agent_id = await _agent(account, brief, there.get(brief.name))
        for line in lines:
            await _number(account, brief, line, agent_id)


async def _agents(account: Account) -> dict[str, str]:
    """The ids of all agents, by name."""
    found: dict[str, str] = {}
    query = {"limit": "100"}
    while True:
        page = await account.ask("POST", "/v2/list-agents", body={}, query=query)
        found |= {one["agent_name"]: one["agent_id"] for one in page["items"]}
        if not page.get("has_more"):
            return found
        query |= {"pagination_key": page["pagination_key"]}


async def _agent(account: Account, brief: Brief, agent_id: str | None) -> str:
    agent, llm = await _read(account, agent_id)
    engine = agent["response_engine"] if agent else {}
    llm_id = engine.get("llm_id") or _LLM_ID
    wanted = configuration.llm(brief), configuration.agent(brief, llm_id=llm_id)
    changes = account.differs(llm, wanted[0]) or account.differs(agent, wanted[1])
    if agent and agent.get("is_published") and changes and account.writes:
        # What is published stays as it is; changes are made in a draft of the next version.
        version = {"base_version": agent["version"]}
        await account.ask("POST", f"/create-agent-version/{agent_id}", body=version)
        agent, llm = await _read(account, agent_id)
    settled = await account.settle(
        f"LLM of {brief.name}",
        there=llm,
        wanted=wanted[0],
        at_first=configuration.LLM_AT_FIRST,
        create="/create-retell-llm",
        update=f"/update-retell-llm/{llm_id}",
    )
    settled = await account.settle(
        f"agent {brief.name}",
        there=agent,
        wanted=configuration.agent(brief, llm_id=settled.get("llm_id", llm_id)),
        at_first=configuration.AGENT_AT_FIRST,
        create="/create-agent",
        update=f"/update-agent/{agent_id}",
    )
    if changes and account.writes:
        path = f"/publish-agent-version/{settled['agent_id']}"
        await account.ask("POST", path, body={"version": settled["version"]})
    return str(settled.get("agent_id", _AGENT_ID))


async def _read(
    account: Account, agent_id: str | None
) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """An agent and its LLM."""
    agent = await account.find(f"/get-agent/{agent_id}") if agent_id else None
    llm_id = agent and agent["response_engine"].get("llm_id")
    return agent, await account.find(f"/get-retell-llm/{llm_id}") if llm_id else None


async def _number(account: Account, brief: Brief, line: Line, agent_id: str) -> None:
    number = quote(line.number, safe="")
    there = await account.find(f"/get-phone-number/{number}")
    if there is None:
        account.missing.append(f"{line.number} is not at Retell: buy or import it there")
        return
    await account.settle(
        f"number {line.number}",
        there=there,
        wanted=configuration.phone_number(brief, agent_id=agent_id),
        create="",
        update=f"/update-phone-number/{number}",
    )
