"""Retell's WebSocket: `WS /v1/{business}/retell/llm/{secret}/{call_id}`.

The secret in the path is the credential: Retell signs no handshake. Whoever has not the right one
is turned away before the socket opens, and cannot tell why.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final

import structlog
from starlette.websockets import WebSocket, WebSocketDisconnect

from booking.business import Business
from server import faults, journal, metrics, reading
from server.access import Gate, same, valid_values
from server.adapter import Secrets
from server.agent.agent import Agent
from server.agent.retell import LiveCall
from server.wire import Refused, WireError

_log = structlog.get_logger("slotline.retell_llm")

PATH: Final = "/v1/{business}/retell/llm/{secret}/{call_id}"
CREDENTIAL: Final = "retell_llm_secret"

_PLATFORM: Final = "retell"
_LONGEST_SLUG: Final = 63


class RetellSocket:
    """Lets Retell in, and the agent speak with it."""

    def __init__(self, gate: Gate, agent: Agent, *, clock: Callable[[], datetime]) -> None:
        self._gate = gate
        self._agent = agent
        self._clock = clock

    async def answer(self, websocket: WebSocket) -> None:
        """Serve one socket until it closes; never raises."""
        path: dict[str, object] = dict(websocket.path_params)
        slug = str(path["business"])[:_LONGEST_SLUG]
        with journal.story(business=slug, platform=_PLATFORM):
            try:
                business, call_id = await self._admit(path)
            except WireError as error:
                metrics.refused(_PLATFORM, faults.reason(error))
                _log.warning("turned_away", why=error.why)
                await websocket.close()
                return
            except Exception:  # noqa: BLE001 - whatever broke: Retell connects again
                metrics.refused(_PLATFORM, faults.FAULT)
                _log.exception("fault")
                await websocket.close()
                return
            journal.bind(platform_call=call_id)
            await self._talk(websocket, business, call_id)

    async def _admit(self, path: dict[str, object]) -> tuple[Business, str]:
        given = str(path["secret"])

        def verify(secrets: Secrets) -> None:
            matches = [same(given, value) for value in valid_values(secrets, CREDENTIAL)]
            if not any(matches):
                raise Refused(f"the path does not hold {CREDENTIAL}")

        business = await self._gate.admit(str(path["business"]), verify)
        call_id = reading.text(path, "call_id")
        if call_id is None:
            raise Refused("the path names no call")
        return business, call_id

    async def _talk(self, websocket: WebSocket, business: Business, call_id: str) -> None:
        async def send(frame: str) -> None:
            try:
                await websocket.send_text(frame)
            except (WebSocketDisconnect, RuntimeError):  # it has gone; `receive` tells us, too
                _log.debug("frame_lost")

        call = LiveCall(self._agent, business, call_id, send=send, clock=self._clock)
        try:
            await websocket.accept()
            _log.info("line_open")
            await call.begin()
            while (message := await websocket.receive())["type"] != "websocket.disconnect":
                text = message.get("text")
                await call.hear(text if isinstance(text, str) else "")
        except WebSocketDisconnect:
            pass
        except Exception:  # noqa: BLE001 - a call shall not take the server's log for itself
            _log.exception("fault")
        finally:
            await call.end()
            _log.info("line_closed")
