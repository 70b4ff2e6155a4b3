"""The agent for a call whose platform has chosen none, as `slotline connect` would make it."""

import structlog

from booking.business import Business
from booking.directory import Directory
from calls.numbers import canonical
from server.adapter import InboundCall
from server.brief import Brief
from server.briefing import brief_for

_log = structlog.get_logger("slotline.bringing")


class Bringing:
    """Brings agents to one platform."""

    def __init__(
        self,
        directory: Directory,
        *,
        public_url: str | None,
        credential: str,
        transfer_tool: str,
    ) -> None:
        self._directory = directory
        self._public_url = public_url
        self._credential = credential
        self._transfer_tool = transfer_tool

    async def __call__(self, business: Business, call: InboundCall) -> Brief | None:
        """The agent of the line that rings; `None` if nobody could reach us from outside.

        Raises:
            DatabaseUnavailable: The credential cannot be looked up now.
        """
        access = await self._directory.access(business.slug)
        secrets = access.secrets.get(self._credential, ()) if access else ()
        if not (self._public_url and secrets):
            _log.error(
                "no_agent", why=f"SLOTLINE_PUBLIC_URL or the business's {self._credential} is unset"
            )
            return None
        return brief_for(
            business,
            business.line_of(canonical(call.line)),
            public_url=self._public_url,
            secret=secrets[0],
            transfer_tool=self._transfer_tool,
        )
