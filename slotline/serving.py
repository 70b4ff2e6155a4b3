"""The commands that stay: the server and a worker."""

from collections.abc import Callable
from importlib.util import find_spec
from uuid import UUID

from db.database import Database
from server import journal, metrics_port
from server.app import create_app
from server.console.parts import Draft
from server.serve import listen, serve
from server.settings import Settings
from server.wiring import open_server, open_worker
from slotline.places import Places
from slotline.staying import address, until_told
from slotline.surroundings import Say, completed


async def serve_tools(*, host: str | None, port: int | None, say: Say) -> None:
    """Serve tool calls until SIGINT or SIGTERM, then finish what has been begun.

    Args:
        host: Instead of the setting.
        port: Instead of the setting; 0 takes any free one.
        say: Told the address.
    """
    settings = Settings.read()
    given = {"host": host, "port": port}
    changed = {name: value for name, value in given.items() if value is not None}
    own = settings.server.model_copy(update=changed)
    with listen(own.host, own.port) as listener, journal.opened(settings.log):
        async with (
            completed(settings, Places.here()) as whole,
            open_server(whole, drafting=_drafting()) as parts,
            until_told() as stop,
        ):
            say(f"Serving at {address(listener)}")
            await serve(
                create_app(parts),
                own,
                listener=listener,
                stop=stop,
                close_streams=parts.console.close if parts.console else lambda: None,
            )


async def work(*, say: Say) -> None:
    """Work off every queue until SIGINT or SIGTERM, then finish what has been begun."""
    settings = Settings.read()
    with journal.opened(settings.log):
        async with (
            completed(settings, Places.here()) as whole,
            open_worker(whole) as worker,
            until_told() as stop,
            metrics_port.opened(whole.worker),
        ):
            say("Working on what is due")
            await worker.run(stop)


def _drafting() -> Callable[[Database], Draft] | None:
    """What writes eval scenarios after calls; `None` in images, which have no evals."""
    if find_spec("evals") is None:
        return None
    from evals import from_call  # noqa: PLC0415 - see above

    def drafting(database: Database) -> Draft:
        async def draft(slug: str, call_id: UUID) -> str | None:
            try:
                return from_call.draft(await from_call.fetch(database, slug, call_id))
            except from_call.NoSuchCall:
                return None

        return draft

    return drafting
