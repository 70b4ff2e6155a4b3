"""Phone platforms on one side of our own application, in process, with every credential set."""

import base64
import hmac
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final, LiteralString
from uuid import UUID, uuid4

import httpx
from fastapi import FastAPI
from retell.lib.webhook_auth import symmetric

from booking.vault import Vault
from db import businesses, call_reports
from db.call_reports import TurnRow
from db.database import Database
from server.app import create_app
from server.wiring import open_worker
from tests.practice import SECRET_KEY, Practice
from tests.servers import Addresses

SECRETS: Final[Mapping[str, str]] = {
    "api_key": "an api key of the practice",
    "retell_key": "key_of_the_practice",
    "retell_llm_secret": "a-secret-of-a-websocket",
    "vapi_secret": "a secret shared with vapi",
    "elevenlabs_secret": "a secret shared with elevenlabs",
    "openai_webhook_secret": "whsec_YSBzZWNyZXQgc2hhcmVkIHdpdGggb3BlbmFp",
}


@dataclass(slots=True)
class Switchboard:
    """Where platforms reach the practice."""

    practice: Practice
    app: FastAPI
    http: httpx.AsyncClient
    signed: int = 0
    """How many requests of Retell: no two of them are signed in the same millisecond."""

    async def retell(self, route: str, body: object) -> httpx.Response:
        """POST what Retell would, signed by its own software."""
        text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
        self.signed += 1
        at = int(self.practice.clock().timestamp() * 1000) + self.signed
        signature = symmetric["sign"](text, SECRETS["retell_key"], at)
        return await self.http.post(
            f"/v1/praxis/retell/{route}",
            content=text.encode(),
            headers={"x-retell-signature": signature},
        )

    async def vapi(self, message: Mapping[str, object]) -> httpx.Response:
        """POST what Vapi would."""
        return await self.http.post(
            "/v1/praxis/vapi",
            json={"message": dict(message)},
            headers={"x-vapi-secret": SECRETS["vapi_secret"]},
        )

    async def elevenlabs(self, route: str, body: object) -> httpx.Response:
        """POST what an agent of ElevenLabs would during a call."""
        return await self.http.post(
            f"/v1/praxis/elevenlabs/{route}",
            json=body,
            headers={"authorization": f"Bearer {SECRETS['elevenlabs_secret']}"},
        )

    async def elevenlabs_event(self, body: object) -> httpx.Response:
        """POST what ElevenLabs tells after a call."""
        raw = json.dumps(body, ensure_ascii=False).encode()
        signature = elevenlabs_signature(raw, at=int(self.practice.clock().timestamp()))
        return await self.http.post(
            "/v1/praxis/elevenlabs/events",
            content=raw,
            headers={"elevenlabs-signature": signature},
        )

    async def openai(self, body: object) -> httpx.Response:
        """POST what OpenAI tells of a call."""
        raw = json.dumps(body).encode()
        at = int(self.practice.clock().timestamp())
        return await self.http.post(
            "/v1/praxis/openai/webhook", content=raw, headers=standard_webhook(raw, at=at)
        )

    async def settle(self) -> None:
        """Wait for what is done behind the answers."""
        await self.practice.parts.afterwards.done()
        await self.practice.bookkeeping_done()

    async def calls(self) -> list[dict[str, Any]]:
        """The call log, oldest first."""
        return await self._rows("SELECT json_agg(c ORDER BY created_at)::text FROM call c")

    async def recordings(self) -> list[dict[str, Any]]:
        """What can be heard."""
        return await self._rows("SELECT json_agg(r ORDER BY channel)::text FROM recording r")

    async def events(self) -> list[dict[str, Any]]:
        """What was told, as stored."""
        return await self._rows("SELECT json_agg(e ORDER BY received_at)::text FROM inbox_event e")

    async def turns(self, call_id: str) -> list[TurnRow]:
        """What was said, in order."""
        async with self.practice.database.single(self.practice.id) as tx:
            return await call_reports.turns_of(tx, call_id=UUID(call_id))

    async def work(self) -> None:
        """Let a worker do what is due."""
        practice = self.practice
        async with open_worker(
            practice.settings, clock=practice.clock, transport=practice.transport, gated=False
        ) as worker:
            while await worker.work_once():
                pass

    async def _rows(self, query: LiteralString) -> list[dict[str, Any]]:
        async with self.practice.database.single(self.practice.id) as tx:
            text = await tx.one(query, into=str)
        return json.loads(text or "[]")  # type: ignore[no-any-return]


def elevenlabs_signature(raw: bytes, *, at: int) -> str:
    """The header that ElevenLabs signs events with; `at` is seconds since 1970."""
    signed = f"{at}.".encode() + raw
    digest = hmac.digest(SECRETS["elevenlabs_secret"].encode(), signed, "sha256").hex()
    return f"t={at},v0={digest}"


def standard_webhook(raw: bytes, *, at: int, message_id: str = "msg_1") -> dict[str, str]:
    """The headers of Standard Webhooks; `at` is seconds since 1970."""
    key = base64.b64decode(SECRETS["openai_webhook_secret"].removeprefix("whsec_"))
    digest = hmac.digest(key, f"{message_id}.{at}.".encode() + raw, "sha256")
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(at),
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


@asynccontextmanager
async def connected(practice: Practice, addresses: Addresses) -> AsyncIterator[Switchboard]:
    """Give the practice its credentials and open its doors."""
    vault = Vault(SECRET_KEY)
    async with (
        Database.connect(addresses.database_owner_url, role=None) as owner,
        owner.transaction(practice.id) as tx,
    ):
        for name, secret in SECRETS.items():
            await businesses.put_credential(
                tx,
                id=uuid4(),
                name=name,
                secret_encrypted=vault.seal(secret),
                now=practice.clock(),
            )
    practice.parts.directory.forget(practice.slug)
    app = create_app(practice.parts)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://slotline.test"
    ) as http:
        yield Switchboard(practice, app, http)
