"""Prompts by their digest, and what evals said last."""

from starlette.responses import Response

from prompts import Prompt, handover, receptionist
from server.console.parts import ConsoleParts
from server.console.visit import Visit
from server.console.words import LANGUAGES
from tools import catalogue


async def show(_parts: ConsoleParts, visit: Visit) -> Response:
    """What agents are told, in each language."""
    prompts: list[tuple[str, Prompt]] = [
        (kind, read(language))
        for kind, read in (("receptionist", receptionist), ("handover", handover))
        for language in LANGUAGES
    ]
    return visit.page("prompts.html", prompts=prompts, tools=list(catalogue.TOOLS))
