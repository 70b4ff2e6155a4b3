"""The stand-in answers as a real Cal.com did: every recorded scenario, played again.

All exchanges run on one account in their recorded order, with the recorded time as "now".
"""

import pytest

from tests.calcom.sandbox.replay import Outcome, Replay, scenarios, webhook_differences

SCENARIOS = scenarios()

RACE = "reserve-parallel"
"""Five reservations at the same moment: one got it when this was recorded, two at other times."""

NOT_RECORDED = {
    ("book-wrong-version", ".data.totalCount"): "counts bookings of other, unrecorded scenarios",
    ("cancel-ended", "BOOKING_CREATED"): "only webhooks after the booking's end were recorded",
}


@pytest.fixture(scope="session")
async def replay() -> Replay:
    replay = Replay()
    await replay.run()
    return replay


@pytest.mark.parametrize("scenario", SCENARIOS)
async def test_answers_as_recorded(replay: Replay, scenario: str) -> None:
    outcome = replay.outcomes[scenario]
    assert len(outcome.steps) == len(SCENARIOS[scenario]["steps"])
    assert _unexpected(scenario, outcome) == []


@pytest.mark.parametrize("scenario", SCENARIOS)
async def test_sends_the_recorded_webhooks(replay: Replay, scenario: str) -> None:
    sent = [
        delivery
        for delivery in replay.outcomes[scenario].webhooks
        if (scenario, delivery.trigger) not in NOT_RECORDED
    ]
    recorded = SCENARIOS[scenario]["webhooks"]
    assert list(webhook_differences(recorded, sent, replay.names)) == []


async def test_a_race_for_a_reservation_ends_as_observed(replay: Replay) -> None:
    """Read, then insert, without a constraint: at least one succeeds, the others are refused."""
    together = [replay.outcomes[RACE].statuses[number] for number in range(1, 6)]
    assert set(together) <= {201, 422}
    assert 201 in together


def _unexpected(scenario: str, outcome: Outcome) -> list[str]:
    return [
        f"step {number} {difference}"
        for number, found in sorted(outcome.steps.items())
        for difference in found
        if not (scenario == RACE and difference in {"status: 201 / 422", "status: 422 / 201"})
        and (scenario, difference.partition(":")[0]) not in NOT_RECORDED
    ]
