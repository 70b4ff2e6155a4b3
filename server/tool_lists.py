"""The tools as somebody takes them: bare schemas, or all that a phone platform is told of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from booking.business import Business
from server.brief import Brief
from server.briefing import briefs
from server.platforms.elevenlabs import configuration as at_elevenlabs
from server.platforms.retell import configuration as at_retell
from server.platforms.vapi import configuration as at_vapi
from tools.catalogue import schemas

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Phone:
    """A platform whose tools have our addresses in them."""

    credential: str
    """What it shows at our doors, or signs with."""
    transfer_tool: str
    tools: Callable[[Brief], list[Body]]

    def secret_of(self, business: Business) -> str:
        """In place of the secret, where it is not to be shown: how to get it."""
        return f"(slotline key show {business.slug} {self.credential})"


PHONES: Final = {
    "retell": Phone("retell_key", at_retell.TRANSFER_TOOL, at_retell.tools),
    "vapi": Phone("vapi_secret", at_vapi.TRANSFER_TOOL, at_vapi.tools),
    "elevenlabs": Phone(
        "elevenlabs_secret",
        at_elevenlabs.TRANSFER_TOOL,
        lambda brief: at_elevenlabs.tools(brief, secret_id=at_elevenlabs.SECRET_ID),
    ),
}


def tools_for(whom: str, business: Business, *, public_url: str) -> list[Body]:
    """Every tool, without secrets.

    Args:
        whom: One of `PHONES`, or of `tools.catalogue.WRAPPINGS`.
        business: Whose; its first line's language is spoken.
        public_url: How platforms reach this server.

    Raises:
        ValueError: Nobody of that name.
    """
    phone = PHONES.get(whom)
    if phone is None:
        return schemas(whom)
    told = briefs(
        business,
        public_url=public_url,
        secret=phone.secret_of(business),
        transfer_tool=phone.transfer_tool,
    )
    return phone.tools(next(iter(told)))
