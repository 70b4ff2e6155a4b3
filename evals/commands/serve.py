"""`python -m evals serve`: the reference policy as a server of models."""

import asyncio
from typing import Annotated

import typer

from evals.policy.serving import serve_until_stopped


def serve(port: Annotated[int, typer.Option(help="On this machine only.")] = 8089) -> None:
    """Serve the reference policy as OpenAI's Chat Completions, until Ctrl-C."""
    asyncio.run(serve_until_stopped(port))
