"""Prompts by their digest, and what evals said last."""

import asyncio
from typing import Final

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response

from prompts import Prompt, handover, receptionist
from server.console import eval_runs
from server.console.looks import headers
from server.console.parts import ConsoleParts
from server.console.visit import Visit
from server.console.words import LANGUAGES
from tools import catalogue

_MOST_RUNS: Final = 12

_REPORT_HEADERS: Final = {
    # One file with its styles in it, and words of callers: nothing may run or be fetched.
    "content-security-policy": (
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    # Browsers refuse a page that is in a sandbox and wants a group of windows of its own.
    "cross-origin-opener-policy": "unsafe-none",
}


async def show(parts: ConsoleParts, visit: Visit) -> Response:
    """What agents are told, in each language, and how the latest evals went."""
    prompts: list[tuple[str, Prompt]] = [
        (kind, read(language))
        for kind, read in (("receptionist", receptionist), ("handover", handover))
        for language in LANGUAGES
    ]
    evals = await asyncio.to_thread(eval_runs.latest, parts.eval_runs, at_most=_MOST_RUNS)
    return visit.page("prompts.html", prompts=prompts, tools=list(catalogue.TOOLS), evals=evals)


async def report(parts: ConsoleParts, visit: Visit) -> Response:
    """The report of a run, as it was written, harmless whatever stands in it."""
    run = str(visit.request.path_params["run"])
    page = await asyncio.to_thread(eval_runs.report, parts.eval_runs, run)
    if page is None:
        raise HTTPException(404)
    return HTMLResponse(page, headers={**headers(), **_REPORT_HEADERS})
