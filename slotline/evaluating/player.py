"""A process that plays trials: `python -m slotline.evaluating.player`, told by lines on its input.

The first line are `Orders`, each further one is an `Order`; for each of them a `TrialRecord` comes
back as a line on its output. It ends when its input does.
"""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import cache
from typing import Final

from openai import AsyncOpenAI
from pydantic import SecretStr

from evals import cassette
from evals.callers import ModelCaller, ScriptedCaller
from evals.endpoint import way_to
from evals.records import TRIAL, AgentKind
from evals.scenario import Scenario, load
from evals.seat import Seat
from evals.trial import Job, Rings, play
from server import journal
from server.settings import Log, OpenAI
from slotline.evaluating.house import model_of, open_seat
from slotline.evaluating.orders import ORDER, ORDERS, Orders

_LONGEST_LINE: Final = 2**20

_scenario = cache(load)


def rings_scripted(scenario: Scenario, job: Job) -> ScriptedCaller:
    """A caller who does as the scenario says."""
    return ScriptedCaller(
        scenario.caller, language=scenario.language, seed=job.seed, noise=job.noise
    )


@asynccontextmanager
async def rings_of(orders: Orders) -> AsyncIterator[Rings]:
    """Makes callers, scripted or played by a model."""
    if orders.callers == "scripted":
        yield rings_scripted
        return
    settings = OpenAI()
    key = settings.api_key or SecretStr("none")
    url = settings.base_url and str(settings.base_url)
    async with AsyncOpenAI(api_key=key.get_secret_value(), base_url=url) as client:

        def rings(scenario: Scenario, job: Job) -> ModelCaller:
            return ModelCaller(
                scenario.caller,
                language=scenario.language,
                model=orders.caller_model,
                client=client,
                seed=job.seed,
                noise=job.noise,
            )

        yield rings


async def main() -> None:
    """Play until nobody orders any more."""
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGINT, lambda: None)  # Ctrl-C is for whoever gives the orders
    reader = asyncio.StreamReader(limit=_LONGEST_LINE)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    orders = ORDERS.validate_json(await reader.readline())
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb", buffering=0)
    async with AsyncExitStack() as stack:
        to = await stack.enter_async_context(way_to(orders.choice))
        rings = await stack.enter_async_context(rings_of(orders))
        seats = [await stack.enter_async_context(open_seat(copy)) for copy in orders.copies]
        model = model_of(orders.choice)
        reading = asyncio.Lock()

        async def ordered() -> bytes:
            async with reading:
                return await reader.readline()

        async def work(seat: Seat) -> None:
            while line := await ordered():
                order = ORDER.validate_json(line)
                job = Job(_scenario(order.scenario), order.trial, order.noise, order.seed)
                played = await play(job, seat, to=to, model=model, rings=rings)
                if orders.choice.kind is AgentKind.MODEL and orders.choice.cassettes:
                    cassette.keep(orders.choice.cassettes, job.name, played.watch.rounds)
                out.write(TRIAL.dump_json(played.record) + b"\n")

        async with asyncio.TaskGroup() as group:
            for seat in seats:
                group.create_task(work(seat))


if __name__ == "__main__":
    with journal.opened(Log(level="error")):
        asyncio.run(main())
