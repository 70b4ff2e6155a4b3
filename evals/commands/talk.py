"""`python -m evals talk`: be the caller of a scenario, and be judged as one."""

import asyncio
import sys
from typing import Annotated, Final

import typer

from evals import transcript
from evals.callers import Utterance
from evals.cassette import NoCassettes
from evals.commands.run import choice_of
from evals.commands.runs import Unusable
from evals.records import AgentKind
from evals.scenario import SCENARIOS, Scenario, load
from evals.trial import Job
from slotline.embedded import EmbeddedError
from slotline.evaluating import play_here
from toml_files import Refused

_HANG_UP: Final = "/end"


class TypedCaller:
    """Somebody at the keyboard: what is typed is said, word for word."""

    async def greet(self, greeting: str) -> Utterance:
        """The first words."""
        return await self.answer(greeting)

    async def answer(self, said: str) -> Utterance:
        """Hear the agent, and say something; the end of the input hangs up."""
        typer.echo(f"Agent  {said}")
        try:
            text = (await asyncio.to_thread(input, "You    ")).strip()
        except EOFError:
            text = _HANG_UP
        hangs_up = text == _HANG_UP
        words = "" if hangs_up else text
        return Utterance(words, words, hangs_up=hangs_up)


def talk(
    scenario: Annotated[str, typer.Argument(help="Such as core/cancel.")],
    agent: Annotated[AgentKind, typer.Option(help="Who answers.")] = AgentKind.REFERENCE,
    model: Annotated[str, typer.Option(help="The model, by its server's name for it.")] = "",
    base_url: Annotated[str, typer.Option(envvar="OPENAI_BASE_URL")] = "",
    seed: Annotated[int, typer.Option(help="Of names and times.")] = 1,
) -> None:
    """Ring the agent in a scenario's world; afterwards the checks say what came of it."""
    try:
        job = Job(load(SCENARIOS / f"{scenario}.toml"), 0, 0.0, seed)
        filled = job.filled()
        typer.echo(
            f"You want {filled.caller.goal}, and are {filled.caller.name}. {_HANG_UP} hangs up."
        )
        choice = choice_of(agent, model, base_url, None, None)
        trial = asyncio.run(play_here(job, choice, _typed))
    except Refused as refused:
        for fault in refused.faults:
            typer.echo(fault, err=True)
        sys.exit(2)
    except (Unusable, NoCassettes, EmbeddedError) as error:
        typer.echo(f"evals: {error}", err=True)
        sys.exit(2)
    typer.echo(f"\n{transcript.markdown(trial)}")


def _typed(_scenario: Scenario, _job: Job) -> TypedCaller:
    return TypedCaller()
