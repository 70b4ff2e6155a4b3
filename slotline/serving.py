"""The commands that stay: the server and a worker."""

from server import journal, metrics_port
from server.app import create_app
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
            open_server(whole) as parts,
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
