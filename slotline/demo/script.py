"""The demo's actors: a caller and an agent who follow rules, in English and German.

No model is involved. The agent sees what a model would see (the reply envelopes) and speaks the
sentence in `say`; the caller answers what is asked. So the tools and the calendar decide the call.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

_FRIDAY: Final = 4


@dataclass(frozen=True, slots=True)
class Lines:
    """What the two say that no tool says for them."""

    wish: str
    name: str
    yes: str
    first_one: str
    goodbye: str
    thanks: str
    service: str
    time: str
    tomorrow: str
    monday: str
    first_names: tuple[str, ...]
    surnames: tuple[str, ...]


LINES: Final = {
    "en": Lines(
        wish="Hello, I'd like {service} {day} at half past two, please.",
        name="{name}.",
        yes="Yes, please.",
        first_one="The first one, please.",
        goodbye="See you then. Goodbye.",
        thanks="Thank you, goodbye.",
        service="a check-up",
        time="half past two",
        tomorrow="tomorrow",
        monday="on Monday",
        first_names=("Mary", "Tom", "Ellen", "Hugh", "Nora", "Walter", "Ruth", "Simon"),
        surnames=("Ashdown", "Birkett", "Calloway", "Denholm", "Everly", "Farrow", "Garland"),
    ),
    "de": Lines(
        wish="Guten Tag, ich hätte gern {service}, {day} um halb drei.",
        name="{name}.",
        yes="Ja, bitte.",
        first_one="Der erste, bitte.",
        goodbye="Bis dann. Auf Wiederhören.",
        thanks="Danke, auf Wiederhören.",
        service="eine Kontrolluntersuchung",
        time="halb drei",
        tomorrow="morgen",
        monday="am Montag",
        first_names=("Marta", "Henrik", "Elke", "Jonas", "Nele", "Walter", "Ruth", "Simon"),
        surnames=("Ahlers", "Brinkmann", "Classen", "Dettmer", "Ehlers", "Feddersen", "Gerdes"),
    ),
}


@dataclass(frozen=True, slots=True)
class ToolCall:
    """What the agent asks of us."""

    tool: str
    arguments: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Turn:
    """What the caller says next, and the tool that the agent uses for it. No tool: goodbye."""

    caller: str
    call: ToolCall | None = None


class Unexpected(Exception):
    """The call took a way that the script does not know."""


@dataclass(frozen=True, slots=True)
class Script:
    """One caller with one wish."""

    lines: Lines
    name: str
    today: date

    def opening(self) -> Turn:
        """Everything in one sentence."""
        wish = self.lines.wish.format(service=self.lines.service, day=self._day())
        arguments = {"service": self.lines.service, "date": self._day(), "time": self.lines.time}
        return Turn(wish, ToolCall("check_availability", arguments))

    def after(self, reply: dict[str, Any]) -> Turn:
        """What comes after a reply.

        Raises:
            Unexpected: Nothing that would end in a booking.
        """
        slots = [slot["id"] for slot in reply.get("slots", [])]
        match reply["status"]:
            case "booked":
                return Turn(self.lines.thanks)
            case "available" | "need_name" if "name" in reply.get("missing", []):
                spoken = self.lines.name.format(name=self.name)
                return Turn(spoken, ToolCall("verify_name", {"name": self.name}))
            case "available" | "need_confirmation" | "identified" | "new_caller" if len(slots) == 1:
                return Turn(self.lines.yes, _book(slots[0], confirmed=True))
            case "available" | "none_free" | "slot_taken" | "closed" | "outside_hours" if slots:
                return Turn(self.lines.first_one, _book(slots[0], confirmed=False))
            case status:
                raise Unexpected(f"the demo's caller has no answer to {status!r}: {reply['say']}")

    def _day(self) -> str:
        """Tomorrow, or Monday where tomorrow is a weekend: the practice is closed then."""
        tomorrow = self.today + timedelta(days=1)
        return self.lines.tomorrow if tomorrow.weekday() <= _FRIDAY else self.lines.monday


def _book(slot: str, *, confirmed: bool) -> ToolCall:
    return ToolCall("book", {"slot": slot, "confirmed": confirmed})
