"""Proof that a scenario can be solved: its golden steps reach what it expects."""

from collections.abc import Sequence

from evals.checks import state
from evals.records import ToolCallRecord, TurnRecord, VerdictRecord
from evals.seat import Seat
from evals.trial import Job
from evals.world import World

_CHECKS = (state.end_state, state.no_double_booking, state.no_orphan)


async def proven(job: Job, seat: Seat) -> list[VerdictRecord]:
    """Ask the tools as the scenario's golden steps do, and look at what stands then.

    Args:
        job: Whose seed fills the scenario in.
        seat: Where.

    Raises:
        CannotBeFurnished: The world cannot be as the scenario says.
        NotInTheHouse: Likewise.
    """
    scenario = job.filled()
    async with seat.world(scenario) as world:
        turns = await _stepped(world)
        await world.settle()
        evidence = await world.evidence(turns)
    return [check(evidence) for check in _CHECKS]


async def _stepped(world: World) -> Sequence[TurnRecord]:
    scenario = world.scenario
    hidden = scenario.caller.number == "hidden"
    call = world.ring(None if hidden else scenario.number)
    turns: list[TurnRecord] = []
    for number, step in enumerate(scenario.golden, start=1):
        reply = await world.ask(call, step.tool, f"golden-{number}", **step.arguments)
        turns.append(
            TurnRecord(
                "agent",
                reply["say"],
                tool_calls=[ToolCallRecord(step.tool, dict(step.arguments), reply, 0.0, 0.0)],
            )
        )
        await world.after_tool(step.tool)
        await world.after_turn(number)
    return turns
