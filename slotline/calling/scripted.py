"""A server of our own for one call, whose model is the policy of the evals: it needs no key."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from evals.policy import serving
from server import journal
from server.app import create_app
from server.serve import listen, serve
from server.settings import Calcom, OpenAI, Settings
from server.wiring import open_server
from slotline.calling.whom import NobodyToCall, Options, Whom, demo_note
from slotline.places import Places
from slotline.staying import address
from slotline.surroundings import completed


@asynccontextmanager
async def own_server(options: Options, places: Places) -> AsyncIterator[Whom]:
    """Serve a business as `slotline serve` would, with the demo's calendar if it is the demo's.

    Raises:
        NobodyToCall: There is no such business.
    """
    settings = Settings.read()
    slug = options.business
    if slug is None:
        note = demo_note(places.directory / "demo.json")
        slug = note["business"]
        settings = settings.model_copy(update={"calcom": Calcom(base_url=note["calcom_base_url"])})
    log = places.directory / "log" / "call.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    stop = asyncio.Event()
    with log.open("w", encoding="utf-8") as sink, journal.opened(settings.log, sink):
        async with serving() as model, completed(settings, places) as whole:
            scripted = whole.model_copy(update={"openai": OpenAI(base_url=model)})
            async with open_server(scripted) as parts:
                access = await parts.directory.access(slug)
                if access is None:
                    raise NobodyToCall(f"there is no business {slug!r}: `slotline business apply`")
                listener = listen("127.0.0.1", 0)
                running = asyncio.create_task(
                    serve(create_app(parts), whole.server, listener=listener, stop=stop)
                )
                try:
                    yield Whom(
                        address(listener),
                        slug,
                        access.secrets["api_key"][0],
                        options.caller,
                        options.line,
                        options.language,
                    )
                finally:
                    stop.set()
                    await running
