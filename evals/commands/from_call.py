"""`python -m evals from-call`: a scenario drafted from a call of yours."""

import asyncio
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from db.database import Database
from evals import from_call as drafting
from evals.commands.runs import Unusable, plainly
from server.settings import Settings
from slotline.places import Places
from slotline.surroundings import completed, plain


def from_call(
    call_id: Annotated[str, typer.Argument(help="Our id of the call, as the console shows it.")],
    business: Annotated[str, typer.Option(help="Its slug.")],
    suite: Annotated[str, typer.Option(help="The folder it will be in.")] = "core",
    out: Annotated[Path | None, typer.Option(help="Write it here instead of printing it.")] = None,
) -> None:
    """Draft a scenario from a real call, with names replaced; a human finishes it."""
    with plainly():
        try:
            call = asyncio.run(_fetched(business, UUID(call_id)))
        except ValueError:
            raise Unusable(f"{call_id!r} is no id of a call") from None
        except drafting.NoSuchCall as error:
            raise Unusable(str(error)) from None
        text = drafting.draft(call, suite=suite)
        if out is None:
            typer.echo(text, nl=False)
            return
        if out.exists():
            raise Unusable(f"{out} exists already")
        out.write_text(text, encoding="utf-8")
    typer.echo(f"{out}: read it, finish it, then commit it", err=True)


async def _fetched(slug: str, call_id: UUID) -> drafting.RealCall:
    async with completed(Settings.read(), Places.here(), ["postgres"]) as settings:
        url = plain(settings.database.url)
        async with Database.connect(url) as database:
            return await drafting.fetch(database, slug, call_id)
