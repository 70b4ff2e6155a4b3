"""Callers who book through a platform that retries: the load under which things are broken."""

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

import httpx

from slotline.chaos.parts import Restarted
from slotline.chaos.verdict import Told

_PAUSES_SECONDS: Final = (0.3, 0.7, 1.5, 3.0)
"""Of the platform between its attempts; the last one is followed by an apology of its own."""
_BEST_FIRST: Final = ("booked", "requested", "technical_fault", "slot_taken")
"""What a caller believes who has heard several answers to one yes."""
_SATURDAY: Final = 5
_SERVICES: Final = ("check-up", "cleaning", "consultation")
_FIRST: Final = (
    *("Marta", "Henrik", "Elke", "Nele", "Walter"),
    *("Ruth", "Simon", "Tom", "Nora", "Hugh"),
)
_LAST: Final = ("Ahlers", "Brinkmann", "Classen", "Dettmer", "Ehlers", "Feddersen", "Gerdes")


@dataclass(slots=True)
class Switchboard:
    """Where calls arrive: several servers behind no balancer; a retry goes to another one."""

    http: httpx.AsyncClient
    servers: list[Restarted]
    path: str
    headers: dict[str, str]
    dice: random.Random
    longest_silence: float = 0.0
    """Seconds, of requests whose server lived from beginning to end."""
    unanswered: int = 0
    told: list[Told] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)

    async def ask(self, call_id: str, request_id: str, tool: str, **arguments: object) -> Any:
        """Send a tool call as a platform does: a failure is repeated with the same id.

        Returns:
            The reply; `None` if no server answered.
        """
        body = {
            "call_id": call_id,
            "caller": None,
            "line": None,
            "tool_call_id": request_id,
            "arguments": arguments,
        }
        first = self.dice.randrange(len(self.servers))
        for attempt, pause in enumerate((*_PAUSES_SECONDS, 0.0)):
            server = self.servers[(first + attempt) % len(self.servers)]
            if reply := await self._try(server, tool, body):
                self.statuses[reply["status"]] += 1
                return reply
            await asyncio.sleep(pause)
        self.unanswered += 1
        return None

    async def _try(self, server: Restarted, tool: str, body: dict[str, Any]) -> Any:
        url = f"http://127.0.0.1:{server.port}{self.path}/{tool}"
        life, started = server.lives, time.monotonic()
        reply = None
        try:
            answer = await self.http.post(url, json=body, headers=self.headers)
        except httpx.TimeoutException:  # nothing for ten seconds is silence, too
            pass
        except httpx.HTTPError:
            return None
        else:
            reply = answer.json() if answer.status_code == httpx.codes.OK else None
        if server.lives == life:
            self.longest_silence = max(self.longest_silence, time.monotonic() - started)
        return reply


async def ring(switchboard: Switchboard, number: int, dice: random.Random, today: date) -> None:
    """One caller with one wish, who says yes once, and once more if the line crackles."""
    call_id = f"chaos-{number}"
    name = f"{dice.choice(_FIRST)} {dice.choice(_LAST)}{_suffix(number)}"
    day = today + timedelta(days=dice.randrange(2, 30))
    day += timedelta(days=2 if day.weekday() >= _SATURDAY else 0)
    checked = await switchboard.ask(
        call_id, "1", "check_availability", service=dice.choice(_SERVICES), date=day.isoformat()
    )
    if not checked or not checked.get("slots"):
        return
    named = await switchboard.ask(call_id, "2", "verify_name", name=name)
    if not named:
        return
    slot = dice.choice(checked["slots"])
    asked = await switchboard.ask(call_id, "3", "book", slot=slot["id"])
    if not asked or asked["status"] != "need_confirmation":
        return
    start = datetime.fromisoformat(slot["start"])
    repeats = dice.choice((1, 1, 2))
    replies = await asyncio.gather(
        *(
            switchboard.ask(call_id, f"4{n}", "book", slot=slot["id"], confirmed=True)
            for n in range(repeats)
        )
    )
    heard = {reply["status"] for reply in replies if reply}
    if last := next((status for status in _BEST_FIRST if status in heard), None):
        switchboard.told.append(Told(asked["known"]["name"], start, last))


def _suffix(number: int) -> str:
    """Letters that make each caller's surname their own, so that wishes can be told apart."""
    letters = ""
    while True:
        number, rest = divmod(number, 26)
        letters += chr(ord("a") + rest)
        if number == 0:
            return f"-{letters.title()}berg"
