"""A business's assistants at Vapi, and its numbers, which ask us who shall answer."""

from collections.abc import Mapping
from typing import Any, Final

from booking.business import Line
from server.brief import Brief
from server.platforms.vapi import configuration
from slotline.connect.account import Account

_ALL: Final = {"limit": "1000"}
"""Vapi's lists have no pages."""


def document(brief: Brief, lines: tuple[Line, ...]) -> dict[str, Any]:
    """What would be made, by the address that it is sent to."""
    number = configuration.phone_number(brief)
    return {
        "POST /assistant": configuration.transient(brief),
        **{f"PATCH /phone-number/(id of {line.number})": number for line in lines},
    }


async def connect(account: Account, agents: Mapping[Brief, tuple[Line, ...]]) -> None:
    """Make Vapi's side what it shall be.

    Raises:
        PlatformRefused: See `Account.ask`.
    """
    assistants = await account.ask("GET", "/assistant", query=_ALL)
    numbers = await account.ask("GET", "/phone-number", query=_ALL)
    by_name = {one.get("name"): one for one in assistants}
    by_number = {one.get("number"): one for one in numbers}
    for brief, lines in agents.items():
        there = by_name.get(brief.name)
        await account.settle(
            f"assistant {brief.name}",
            there=there,
            wanted=configuration.assistant(brief),
            at_first=configuration.assistant_at_first(brief),
            create="/assistant",
            update=f"/assistant/{there['id'] if there else ''}",
        )
        for line in lines:
            await _number(account, brief, line, by_number.get(line.number))


async def _number(account: Account, brief: Brief, line: Line, there: dict[str, Any] | None) -> None:
    if there is None:
        account.missing.append(f"{line.number} is not at Vapi: buy or import it there")
        return
    await account.settle(
        f"number {line.number}",
        there=there,
        # Vapi tells the kinds of numbers apart by their provider, also when one is changed.
        wanted=configuration.phone_number(brief) | {"provider": there["provider"]},
        create="",
        update=f"/phone-number/{there['id']}",
    )
