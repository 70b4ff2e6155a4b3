"""An application on a port of this machine, for whoever does not come in process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.applications import Starlette

from server.serve import listen


@asynccontextmanager
async def on_a_port(app: Starlette) -> AsyncIterator[str]:
    """Serve until the end of the block; tells the address."""
    listener = listen("127.0.0.1", 0)
    config = uvicorn.Config(app, log_config=None, lifespan="off", ws="none")
    config.load()  # imports for a while, and must not while somebody waits
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:  # the socket listens already: whoever connects before it serves waits a moment
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving
