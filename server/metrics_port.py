"""What Prometheus asks of a worker, which has no other address."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from prometheus_client import start_http_server

from server.metrics import REGISTRY
from server.settings import Worker


@asynccontextmanager
async def opened(settings: Worker) -> AsyncIterator[int | None]:
    """Answer `/metrics` from a thread until the context is left; yields the port, if there is one.

    Raises:
        OSError: The port is somebody else's.
    """
    if settings.metrics_port is None:
        yield None
        return
    server, thread = start_http_server(
        settings.metrics_port, addr=settings.metrics_host, registry=REGISTRY
    )
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
