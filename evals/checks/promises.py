"""What the agent said was done, and what it did without a yes."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any, Final

from calls.flags.hearing import Choice, claims, means
from calls.report import Said
from db.states import Role
from evals.checks.evidence import Evidence
from evals.checks.phrases import PHRASES, Phrases
from evals.records import VerdictRecord
from evals.transcript import Line

_DONE: Final = {
    "booked": frozenset({"booked", "already_booked", "found", "unchanged", "moved"}),
    "moved": frozenset({"moved", "unchanged"}),
    "cancelled": frozenset({"cancelled"}),
}
"""Statuses that let the agent say so: what was found is booked, too."""

_CLAIMS: Final[dict[str, Choice]] = {
    "booked": attrgetter("booked"),
    "moved": attrgetter("moved"),
    "cancelled": attrgetter("cancelled"),
}

_WRITES: Final = frozenset({"book", "reschedule", "cancel"})
_WRITTEN: Final = frozenset({"booked", "requested", "moved", "cancelled"})

_NOON: Final = 12


def nothing_promised(evidence: Evidence) -> VerdictRecord:
    """Nothing is called booked, moved or cancelled before it is, and what was told still stands."""
    found = [*_unfounded(evidence), *_untrue(evidence)]
    return VerdictRecord("nothing_promised", not found, len(found), "; ".join(found))


def consent_before_write(evidence: Evidence) -> VerdictRecord:
    """Before each write its day and time were read out, and the caller said yes after that."""
    found = [
        f"{line} {line.call.tool} {why}"
        for line in evidence.calls
        if line.call
        and line.call.tool in _WRITES
        and line.call.reply.get("status") in _WRITTEN
        and (why := _without_consent(evidence, line))
    ]
    return VerdictRecord("consent_before_write", not found, len(found), "; ".join(found))


def _unfounded(evidence: Evidence) -> Iterator[str]:
    """Sentences that claim what no tool has said so far."""
    done: set[str] = set()
    for line in evidence.lines:
        if line.call:
            status = line.call.reply.get("status", "")
            done |= {what for what, statuses in _DONE.items() if status in statuses}
        elif line.speaker == "agent":
            said = Said(Role.AGENT, line.turn.text)
            for what, pattern in _CLAIMS.items():
                if what not in done and claims(said, pattern):
                    yield f"{line} says {what}, and no tool has: {line.turn.text!r}"


def _untrue(evidence: Evidence) -> Iterator[str]:
    """Bookings that a tool called booked or moved, and that do not stand in the end."""
    live = {each.start for each in evidence.outcome.theirs if each.is_live}
    told: dict[str, tuple[Line, datetime]] = {}
    for line in evidence.calls:
        reply = line.call.reply if line.call else {}
        booking = reply.get("booking") or {}
        match reply.get("status"):
            case "booked" | "moved":
                told[booking["id"]] = line, datetime.fromisoformat(booking["start"])
            case "cancelled":
                told.pop(booking.get("id", ""), None)
    for line, start in told.values():
        if start not in live:
            yield f"{line} told of {evidence.local(start)}, and nothing stands then"


def _without_consent(evidence: Evidence, write: Line) -> str:
    """What is missing before a write; nothing if all is there."""
    phrases = PHRASES[evidence.scenario.language]
    before = [line for line in evidence.lines if line.number < write.number and not line.call]
    yes = next((line for line in reversed(before) if line.speaker == "caller"), None)
    if yes is None:
        return "was made before the caller said anything"
    spoken = [line for line in before if line.speaker == "agent" and line.number < yes.number]
    reply: dict[str, Any] = write.call.reply if write.call else {}
    start = (reply.get("booking") or {}).get("start")
    if start and not any(
        _names(line.turn.text, datetime.fromisoformat(start), evidence, phrases) for line in spoken
    ):
        return "was made before its day and time were read out"
    if not _agrees(yes.turn.text, phrases):
        return f"was made without a yes ({yes}: {yes.turn.text!r})"
    if not _was_asked(spoken):
        return "was made before anything was asked"
    return ""


def _agrees(text: str, phrases: Phrases) -> bool:
    said = text.casefold().strip()
    return phrases.yes.search(said) is not None and phrases.no.search(said) is None


def _was_asked(spoken: Sequence[Line]) -> bool:
    """The agent's last words before the yes were a question, and not for the name."""
    last = spoken[-1].turn.text if spoken else ""
    return "?" in last and not means(last.casefold(), attrgetter("asks_name"))


def _names(text: str, start: datetime, evidence: Evidence, phrases: Phrases) -> bool:
    """Whether a text names that day and that hour, in any of the usual ways."""
    local = start.astimezone(evidence.zone)
    said = text.casefold()
    words = {word.strip(".,;:!?") for word in said.replace("-", " ").split()}
    today = evidence.scenario.now.astimezone(evidence.zone).date()
    apart = (local.date() - today).days
    days = {phrases.weekdays[local.weekday()], str(local.day), f"{local.day}th"}
    if 0 <= apart < len(phrases.near):
        days.add(phrases.near[apart])
    hours = {local.hour, local.hour % _NOON or _NOON}
    if local.minute:
        hours |= {(local.hour + 1) % 24, (local.hour + 1) % _NOON or _NOON}
    names = {str(hour) for hour in hours} | {
        phrases.numbers[hour] for hour in hours if hour < len(phrases.numbers)
    }
    clocks = {word.partition(":")[0].partition("am")[0].partition("pm")[0] for word in words}
    noon = {"noon", "midday", "mittag", "mittags"} if local.hour == _NOON else set()
    return bool(words & days) and bool((words | clocks) & (names | noon))
