"""A stand-in for Cal.com's API v2, faithful where it matters and naughty on request.

`create_app` builds an ASGI application that can be served by any ASGI server, or called in process
through `httpx.ASGITransport`.
"""

from calcom.sandbox.app import SandboxApp, create_app
from calcom.sandbox.records import Seed

__all__ = ["SandboxApp", "Seed", "create_app"]
