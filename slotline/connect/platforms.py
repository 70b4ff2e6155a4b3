"""The platforms that can be connected, and what each has of its own."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from booking.business import Line
from server.brief import Brief
from server.platforms.elevenlabs import configuration as at_elevenlabs
from server.platforms.retell import configuration as at_retell
from server.platforms.vapi import configuration as at_vapi
from server.settings import ElevenLabs, Retell, Settings, Vapi
from slotline.connect import elevenlabs, retell, vapi
from slotline.connect.account import Account
from slotline.connect.elevenlabs import Keep

Agents = Mapping[Brief, tuple[Line, ...]]


@dataclass(frozen=True, slots=True)
class Platform:
    """How one platform is spoken to."""

    name: str
    credential: str
    """The business's credential that the platform shows us, or signs with."""
    transfer_tool: str
    settings: Callable[[Settings], Retell | Vapi | ElevenLabs]
    headers: Callable[[str], Mapping[str, str]]
    """By the API key."""
    document: Callable[[Brief, tuple[Line, ...]], dict[str, Any]]
    tools: Callable[[Brief], list[dict[str, Any]]]
    connect: Callable[[Account, Agents, Keep], Awaitable[None]]


def _bearer(key: str) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {key}"}


PLATFORMS: Final = {
    each.name: each
    for each in (
        Platform(
            "retell",
            "retell_key",
            retell.TRANSFER_TOOL,
            lambda settings: settings.retell,
            _bearer,
            retell.document,
            at_retell.tools,
            lambda account, agents, _keep: retell.connect(account, agents),
        ),
        Platform(
            "vapi",
            "vapi_secret",
            vapi.TRANSFER_TOOL,
            lambda settings: settings.vapi,
            _bearer,
            vapi.document,
            at_vapi.tools,
            lambda account, agents, _keep: vapi.connect(account, agents),
        ),
        Platform(
            "elevenlabs",
            "elevenlabs_secret",
            elevenlabs.TRANSFER_TOOL,
            lambda settings: settings.elevenlabs,
            lambda key: {"xi-api-key": key},
            elevenlabs.document,
            lambda brief: at_elevenlabs.tools(brief, secret_id=elevenlabs.SECRET_ID),
            elevenlabs.connect,
        ),
    )
}
