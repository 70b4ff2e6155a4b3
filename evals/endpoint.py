"""What stands behind the endpoint: the reference policy, a recorded run, or a real model."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import httpx2

from evals import cassette, policy
from evals.policy.serving import Decide, app
from evals.records import AgentKind, AgentRecord

POLICY_URL: Final = "http://policy.test/v1"
"""Nobody is asked there: the policy is called in process."""
REFERENCE: Final = "scripted"


@dataclass(frozen=True, slots=True)
class Choice:
    """Who answers the phone, as it was chosen on the command line."""

    kind: AgentKind = AgentKind.REFERENCE
    model: str = REFERENCE
    base_url: str | None = None
    """Of a server of models; `None` for OpenAI's own."""
    cassettes: Path | None = None
    """What is replayed; for a model, where its answers are recorded."""

    @property
    def record(self) -> AgentRecord:
        """What is written down of it."""
        host = None
        if self.kind is AgentKind.MODEL:
            host = urlsplit(self.base_url).hostname if self.base_url else "api.openai.com"
        return AgentRecord(self.kind, self.model, host)

    @property
    def url(self) -> str | None:
        """What the client is told; only for a model does anybody listen there."""
        return self.base_url if self.kind is AgentKind.MODEL else POLICY_URL


@asynccontextmanager
async def way_to(
    choice: Choice, decide: Decide = policy.decide
) -> AsyncIterator[httpx2.AsyncBaseTransport]:
    """Open the way to whoever answers.

    Args:
        choice: Who that is.
        decide: The policy, where it is the reference.
    """
    match choice.kind:
        case AgentKind.REFERENCE:
            yield httpx2.ASGITransport(app=app(decide))
        case AgentKind.REPLAY:
            yield cassette.Player(choice.cassettes or Path())
        case AgentKind.MODEL:
            async with httpx2.AsyncHTTPTransport(retries=0) as network:
                yield network
