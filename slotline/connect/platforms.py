"""The platforms that can be connected, and what each has of its own."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from booking.business import Line
from server.brief import Brief
from server.settings import ElevenLabs, Retell, Settings, Vapi
from server.tool_lists import PHONES, Phone
from slotline.connect import elevenlabs, retell, vapi
from slotline.connect.account import Account
from slotline.connect.elevenlabs import Keep

Agents = Mapping[Brief, tuple[Line, ...]]


@dataclass(frozen=True, slots=True)
class Platform:
    """How one platform is spoken to."""

    name: str
    settings: Callable[[Settings], Retell | Vapi | ElevenLabs]
    headers: Callable[[str], Mapping[str, str]]
    """By the API key."""
    document: Callable[[Brief, tuple[Line, ...]], dict[str, Any]]
    connect: Callable[[Account, Agents, Keep], Awaitable[None]]

    @property
    def phone(self) -> Phone:
        """What the server knows of it."""
        return PHONES[self.name]


def _bearer(key: str) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {key}"}


PLATFORMS: Final = {
    each.name: each
    for each in (
        Platform(
            "retell",
            lambda settings: settings.retell,
            _bearer,
            retell.document,
            lambda account, agents, _keep: retell.connect(account, agents),
        ),
        Platform(
            "vapi",
            lambda settings: settings.vapi,
            _bearer,
            vapi.document,
            lambda account, agents, _keep: vapi.connect(account, agents),
        ),
        Platform(
            "elevenlabs",
            lambda settings: settings.elevenlabs,
            lambda key: {"xi-api-key": key},
            elevenlabs.document,
            elevenlabs.connect,
        ),
    )
}
