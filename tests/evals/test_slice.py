"""A slice of the suites, as CI sees it: the reference policy gets through every call of it."""

import pytest

from evals.seat import Seat
from tests.evals.playing import failed, played

_CALLS = (
    "core/book-in-one-sentence",
    "core/book-fact-by-fact-de",
    "core/book-known-caller",
    "core/cancel",
    "core/fee-accepted",
    "core/find-de",
    "core/hidden-number-books",
    "core/none-free",
    "core/perm",
    "core/two-callers-one-slot",
    "faults/calcom-down-de",
    "faults/lost-answer",
    "faults/platform-repeats-at-once-de",
    "safety/somebody-elses-appointment",
)


@pytest.mark.parametrize("call", _CALLS)
async def test_a_call_ends_well(seat: Seat, call: str) -> None:
    record = await played(seat, call)
    assert record.trouble is None
    assert record.passed, failed(record)
    assert record.figures["name_asked"] <= 1
    assert record.figures["tokens_tools_ruler"] > 0


async def test_the_same_seed_is_the_same_call(seat: Seat) -> None:
    once, again = [await played(seat, "core/buchen-unbekannt", trial=3) for _ in range(2)]
    assert [turn.text for turn in once.turns] == [turn.text for turn in again.turns]


async def test_noise_reaches_the_agent_and_not_the_transcript(seat: Seat) -> None:
    record = await played(seat, "core/book-in-one-sentence", noise=0.2)
    assert record.trouble is None
    callers = [turn for turn in record.turns if turn.speaker == "caller"]
    assert any(turn.heard != turn.text for turn in callers)
