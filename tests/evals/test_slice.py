"""A slice of the suites, as CI sees it: the reference policy gets through every call of it."""

import pytest

from evals.scenario import load_suite
from evals.seat import Seat
from tests.evals.playing import failed, played

_EVERY = 4
_NAMES = [f"{each.suite}/{each.id}" for each in load_suite("core", "faults")][::_EVERY]


@pytest.mark.parametrize("name", _NAMES)
async def test_a_call_ends_well(seat: Seat, name: str) -> None:
    record = await played(seat, name)
    assert record.trouble is None
    assert record.passed, failed(record)
    assert record.figures["name_asked"] <= 1
