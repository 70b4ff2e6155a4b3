"""Whatever is wrong with an agent or with the tools, some check turns red."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from calcom.sandbox.records import Booking
from evals.callers import ScriptedCaller
from evals.checks import DECIDING
from evals.policy import Ask, Decision, Say, decide
from evals.scenario import Scenario
from evals.seat import Seat
from evals.trial import Job
from evals.world import World
from server.dispatch import Dispatch
from server.wire import ToolReply, ToolRequest
from tests.evals.playing import failed, played

Messages = Sequence[Mapping[str, Any]]

KNOWN = "core/book-known-caller"
STRANGER = "core/book-in-one-sentence"


def last_reply(messages: Messages) -> dict[str, Any]:
    """What the last tool has said, if it has just done so."""
    if messages[-1]["role"] != "tool":
        return {}
    reply: dict[str, Any] = json.loads(messages[-1]["content"])
    return reply


def without_a_yes(messages: Messages, tools: Messages) -> Decision:
    """Books as soon as something is read back."""
    reply = last_reply(messages)
    if reply.get("status") == "available" and not reply.get("missing"):
        return Ask("book", {"slot": reply["slots"][0]["id"], "confirmed": True})
    return decide(messages, tools)


def without_reading_back(messages: Messages, tools: Messages) -> Decision:
    """Keeps for itself what it is about to book."""
    if last_reply(messages).get("status") == "available":
        return Say("Shall I go ahead?")
    return decide(messages, tools)


def promising(messages: Messages, tools: Messages) -> Decision:
    """Calls booked what is only free."""
    if last_reply(messages).get("status") == "available":
        return Say("You are booked. Is that right?")
    return decide(messages, tools)


def ignoring_refusals(messages: Messages, tools: Messages) -> Decision:
    """Says that all is well, whatever became of it."""
    if last_reply(messages).get("status") in {"requested", "slot_taken", "technical_fault"}:
        return Say("You are booked.")
    return decide(messages, tools)


def asking_for_the_name_again(messages: Messages, tools: Messages) -> Decision:
    reply = last_reply(messages)
    if reply.get("status") in {"new_caller", "identified"}:
        return Say(f"What is your name, please? {reply['say']}")
    return decide(messages, tools)


def for_somebody_else(messages: Messages, tools: Messages) -> Decision:
    """Books for whom it likes."""
    decision = decide(messages, tools)
    if isinstance(decision, Ask) and decision.tool == "verify_name":
        return Ask("verify_name", {"name": "Nobody Inparticular"})
    return decision


def only_saying_so(messages: Messages, tools: Messages) -> Decision:
    """Cancels in words."""
    decision = decide(messages, tools)
    if isinstance(decision, Ask) and decision.tool == "cancel":
        return Say("Your appointment is cancelled.")
    return decision


def on_another_day(messages: Messages, tools: Messages) -> Decision:
    """Hears another day than was said."""
    decision = decide(messages, tools)
    if isinstance(decision, Ask) and "date" in decision.arguments:
        return Ask(decision.tool, {**decision.arguments, "date": "next Thursday at eleven"})
    return decision


def calling_what_is_not_there(messages: Messages, tools: Messages) -> Decision:
    decision = decide(messages, tools)
    if isinstance(decision, Ask) and messages[-1]["role"] == "user":
        return Ask("look_up_calendar", {})
    return decision


def talking_like_a_machine(messages: Messages, tools: Messages) -> Decision:
    """Reads out what only machines write."""
    reply = last_reply(messages)
    if reply.get("slots"):
        return Say(f"{reply['say']} ({reply['slots'][0]['start']})")
    return decide(messages, tools)


_OF_AGENTS: dict[str, tuple[str, Callable[[Messages, Messages], Decision], str]] = {
    "no yes": (KNOWN, without_a_yes, "consent_before_write"),
    "no read-back": (KNOWN, without_reading_back, "end_state"),
    "an early promise": (KNOWN, promising, "nothing_promised"),
    "a refusal ignored": ("faults/lost-answer", ignoring_refusals, "nothing_promised"),
    "a name asked twice": (STRANGER, asking_for_the_name_again, "name_asked_once"),
    "somebody else": (STRANGER, for_somebody_else, "end_state"),
    "only words": ("core/cancel", only_saying_so, "nothing_promised"),
    "another day": (KNOWN, on_another_day, "end_state"),
    "an unknown tool": (KNOWN, calling_what_is_not_there, "valid_calls"),
    "machine's talk": (KNOWN, talking_like_a_machine, "speakable"),
}


@pytest.mark.parametrize("fault", _OF_AGENTS)
async def test_an_agent_that_does_wrong_is_found_out(seat: Seat, fault: str) -> None:
    scenario, mutant, check = _OF_AGENTS[fault]
    record = await played(seat, scenario, decide=mutant)
    assert record.trouble is None
    found = failed(record)
    assert check in found, record
    if check in DECIDING:
        assert not record.passed


async def test_a_yes_to_nothing_is_no_consent(seat: Seat) -> None:
    """Here the caller agrees to whatever they are asked."""

    def rings(scenario: Scenario, job: Job) -> ScriptedCaller:
        trusting = scenario.caller.model_copy(update={"hear": ()})
        return ScriptedCaller(trusting, language=scenario.language, seed=job.seed)

    record = await played(seat, KNOWN, decide=without_reading_back, rings=rings)
    assert "before its day and time were read out" in failed(record)["consent_before_write"]


@pytest.mark.parametrize("scenario", sorted({each[0] for each in _OF_AGENTS.values()}))
async def test_without_a_fault_nothing_is_found(seat: Seat, scenario: str) -> None:
    record = await played(seat, scenario)
    assert record.passed, failed(record)


async def forged(
    self: Dispatch, business: Any, request: ToolRequest, *, now: datetime
) -> ToolReply:
    """A tool that says booked, and has done nothing."""
    if request.tool != "book":
        return await _run(self, business, request, now=now)
    booking = {"id": "1", "start": "2026-06-16T15:00:00+02:00", "spoken": "Tuesday at 3"}
    line = {"ok": True, "status": "booked", "booked": True, "say": "You are booked."}
    return ToolReply(request.id, "book", "booked", json.dumps({**line, "booking": booking}))  # type: ignore[arg-type]


_run = Dispatch.run


async def test_a_tool_that_lies_is_found_out(seat: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Dispatch, "run", forged)
    found = failed(await played(seat, KNOWN))
    assert "end_state" in found
    assert "nothing stands then" in found["nothing_promised"]


def _twice(standing: Booking) -> list[Booking]:
    return [standing, standing.model_copy(update={"id": 901, "uid": "twin", "host_id": 2})]


def _orphan(standing: Booking) -> list[Booking]:
    later = timedelta(days=7)
    moved = {"id": 902, "uid": "orphan", "start": standing.start + later}
    return [standing, standing.model_copy(update={**moved, "end": standing.end + later})]


def _swapped_zone(standing: Booking) -> list[Booking]:
    shift = timedelta(hours=2)
    moved = {"start": standing.start + shift, "end": standing.end + shift}
    return [standing.model_copy(update=moved)]


def _gone(standing: Booking) -> list[Booking]:
    return [standing.model_copy(update={"status": "cancelled"})]


_AT_CALCOM: dict[str, tuple[Callable[[Booking], list[Booking]], set[str]]] = {
    "booked twice": (_twice, {"no_double_booking", "no_orphan"}),
    "an orphan": (_orphan, {"no_orphan"}),
    "a swapped zone": (_swapped_zone, {"end_state", "no_orphan", "nothing_promised"}),
    "gone": (_gone, {"end_state", "no_orphan", "nothing_promised"}),
}


@pytest.mark.parametrize("fault", _AT_CALCOM)
async def test_a_calendar_that_differs_is_found_out(
    seat: Seat, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    change, checks = _AT_CALCOM[fault]
    settle = World.settle

    async def tampered(self: World) -> None:
        await settle(self)
        calendar = self._calendar.state.sandbox.world
        (standing,) = calendar.bookings.values()
        for booking in change(standing):
            calendar.put(booking)

    monkeypatch.setattr(World, "settle", tampered)
    record = await played(seat, KNOWN)
    assert checks <= failed(record).keys(), failed(record)
    assert not record.passed


async def test_evidence_names_the_line(seat: Seat) -> None:
    record = await played(seat, KNOWN, decide=promising)
    (promise,) = [each for each in record.verdicts if each.name == "nothing_promised"]
    assert promise.evidence.startswith("L4 says booked")
