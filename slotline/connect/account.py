"""A business's account at a platform, over HTTP: read, compare, and write only what differs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx

from slotline.connect.merging import Difference, Document, differences, merged

_SECONDS: Final = 20.0
_LONGEST_EXCUSE: Final = 300


class PlatformRefused(Exception):
    """A platform's API said no, or nothing. The words hold no secret of ours."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is different at the platform, or was until we wrote it."""

    subject: str
    """Such as `agent slotline salon-mitte de`."""
    differences: tuple[Difference, ...] = ()
    """None of them if the whole thing is missing."""


class Account:
    """Reads and, unless it only shall look, writes."""

    def __init__(
        self, http: httpx.AsyncClient, *, platform: str, secret: str, writes: bool
    ) -> None:
        """`http` has the base address and the key in its headers; `secret` is never shown."""
        self._http = http
        self._secret = secret
        self._platform = platform
        self.writes = writes
        self.changes: list[Change] = []
        self.missing: list[str] = []
        """What nobody can make from here, as sentences."""

    async def ask(
        self,
        method: str,
        path: str,
        *,
        body: Document | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Any:
        """The answer to a request.

        Raises:
            PlatformRefused: The platform cannot be reached or answers with an error.
        """
        found = await self._send(method, path, body, query)
        self._check(found, method, path)
        return found.json() if found.content else {}

    async def find(self, path: str) -> Any:
        """What is there, `None` if nothing is. Raises as `ask` does."""
        found = await self._send("GET", path, None, None)
        if found.status_code == httpx.codes.NOT_FOUND:
            return None
        self._check(found, "GET", path)
        return found.json()

    def veiled(self, text: str) -> str:
        """The text without our secret."""
        return text.replace(self._secret, "(secret)") if self._secret else text

    def differs(self, there: Document | None, wanted: Document) -> bool:
        """Whether something would have to be written."""
        return there is None or any(differences(there, merged(there, wanted)))

    async def settle(
        self,
        subject: str,
        *,
        there: Document | None,
        wanted: Document,
        at_first: Document | None = None,
        create: str,
        update: str,
    ) -> dict[str, Any]:
        """Make a thing what it shall be.

        Args:
            subject: What it is called in the report.
            there: As the platform has it, `None` if it has none.
            wanted: What it shall say; what else is there stays.
            at_first: What it says besides when it is made.
            create: Where it is made by POST.
            update: Where it is changed by PATCH.

        Returns:
            The thing as it is now; as it would be, if we only look.

        Raises:
            PlatformRefused: As `ask`.
        """
        if there is None:
            body = merged(at_first or {}, wanted)
            self.changes.append(Change(subject))
            return dict(await self.ask("POST", create, body=body) if self.writes else body)
        whole = merged(there, wanted)
        found = tuple(differences(there, whole))
        if not found:
            return dict(there)
        self.changes.append(Change(subject, found))
        if self.writes:
            # Some platforms replace a nested document as a whole, so it is sent as a whole.
            await self.ask("PATCH", update, body={key: whole[key] for key in wanted})
        return dict(whole)

    async def _send(
        self, method: str, path: str, body: Document | None, query: Mapping[str, str] | None
    ) -> httpx.Response:
        try:
            return await self._http.request(method, path, json=body, params=query, timeout=_SECONDS)
        except httpx.HTTPError as error:
            why = str(error) or type(error).__name__
            raise PlatformRefused(f"{self._platform} cannot be reached: {why}") from error

    def _check(self, answer: httpx.Response, method: str, path: str) -> None:
        if answer.is_success:
            return
        said = self.veiled(answer.text)[:_LONGEST_EXCUSE]
        raise PlatformRefused(
            f"{self._platform} answers {answer.status_code} to {method} {path}: {said}"
        )
