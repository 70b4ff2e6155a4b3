"""Delivery of webhooks: signed, inside the request that caused them, never again."""

import asyncio
import hashlib
import hmac
import json
import ssl
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any, Literal

import httpx
from pydantic import BaseModel, ConfigDict

from calcom.sandbox.instants import millis
from calcom.sandbox.records import Webhook
from calcom.sandbox.world import World

UNSIGNED = "no-secret-provided"


class PostalFault(BaseModel):
    """What goes wrong with the next deliveries."""

    model_config = ConfigDict(extra="forbid")

    do: Literal["duplicate", "late", "reorder", "lose"]
    times: int = 1
    seconds: float = 2.0
    """How late a late one comes."""


class Courier:
    """Sends to every active subscription of a trigger, and waits for the receivers.

    A receiver's status does not matter, and a broken connection is not repeated.
    """

    def __init__(
        self,
        world: World,
        *,
        clock: Callable[[], datetime],
        transport: httpx.AsyncBaseTransport | None,
    ) -> None:
        self._world = world
        self._clock = clock
        self._transport = transport
        self._held: list[tuple[Webhook, bytes]] = []
        self._on_the_way: set[asyncio.Task[None]] = set()
        self.faults: list[PostalFault] = []
        self.struck: Counter[str] = Counter()

    async def announce(self, trigger: str, payload: dict[str, Any]) -> None:
        """Tell all who subscribed; returns when they have answered."""
        subscribers = [
            w for w in self._world.webhooks.values() if w.active and trigger in w.triggers
        ]
        if not subscribers:
            return
        created_at = millis(self._clock())
        envelope = {"triggerEvent": trigger, "createdAt": created_at, "payload": payload}
        body = json.dumps(envelope, ensure_ascii=False, separators=(",", ":")).encode()
        await asyncio.gather(*(self._dispatch(w, body) for w in subscribers))

    async def settle(self) -> None:
        """Wait until late deliveries have arrived."""
        await asyncio.gather(*self._on_the_way)

    async def _dispatch(self, webhook: Webhook, body: bytes) -> None:
        fault = self._next_fault()
        match fault.do if fault else None:
            case "lose":
                return
            case "late" if fault:
                task = asyncio.create_task(self._send_later(webhook, body, fault.seconds))
                self._on_the_way.add(task)
                task.add_done_callback(self._on_the_way.discard)
                return
            case "reorder":
                self._held.append((webhook, body))
                return
            case "duplicate":
                await self._send(webhook, body)
        await self._send(webhook, body)
        held, self._held = self._held, []
        for earlier in held:
            await self._send(*earlier)

    async def _send_later(self, webhook: Webhook, body: bytes, delay_seconds: float) -> None:
        await asyncio.sleep(delay_seconds)
        await self._send(webhook, body)

    async def _send(self, webhook: Webhook, body: bytes) -> None:
        if not webhook.url.startswith(("http://", "https://")):
            return
        headers = {
            "content-type": "application/json",
            "x-cal-signature-256": sign(webhook.secret, body),
            "user-agent": "node",
        }
        try:
            async with httpx.AsyncClient(
                transport=self._transport,
                timeout=None,  # noqa: S113 - Cal.com has none either
                verify=_tls(),
            ) as http:
                await http.post(webhook.url, content=body, headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL):  # lost, and not sent again
            return

    def _next_fault(self) -> PostalFault | None:
        if not self.faults:
            return None
        fault = self.faults[0]
        fault.times -= 1
        self.struck[f"webhook: {fault.do}"] += 1
        self.faults = [f for f in self.faults if f.times > 0]
        return fault


def sign(secret: str | None, body: bytes) -> str:
    """The value of `X-Cal-Signature-256`."""
    if not secret:
        return UNSIGNED
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


@cache
def _tls() -> ssl.SSLContext:
    """One context for all deliveries: making one takes longer than a delivery."""
    return ssl.create_default_context()
