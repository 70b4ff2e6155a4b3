"""A stand-in for Cal.com's API v2, faithful where it matters and naughty on request.

`create_app` builds an ASGI application, to be served by uvicorn or called in process through
`httpx.ASGITransport(app)`. Its parts are at `app.state.sandbox`; `await app.settle()` waits for
requests whose clients gave up, and for late webhooks.

Told what to do over HTTP, without a key and without being counted or throttled:

    POST   /_sandbox/faults       {"on": "create_booking|reschedule|cancel|slots|list|...|*",
                                   "do": "error_before|error_after|drop_answer|hang|429|latency",
                                   "times": 1, "seconds": 30, "late": false}
    DELETE /_sandbox/faults       behave again
    POST   /_sandbox/latency      {"profile": "none|fixed|lognormal|calcom",
                                   "seconds": 0.2, "sigma": 0.5, "seed": 0}
    POST   /_sandbox/webhooks     {"do": "duplicate|late|reorder|lose", "times": 1, "seconds": 2}
    POST   /_sandbox/bookings     {"start", "name", "email", "eventTypeId"?}, as on the booking page
    POST   /_sandbox/bookings/{uid}/move    {"start"}, as the host does on the web
    POST   /_sandbox/bookings/{uid}/cancel  likewise
    POST   /_sandbox/engagements  {"userId", "start", "end"}: a host's connected calendar is busy
    POST   /_sandbox/users        {"name", "email", "username", "timeZone", "availability"?}
    POST   /_sandbox/event-types  {"hostIds": [1, 2], ...} and a body of POST /v2/event-types
    GET    /_sandbox/state        {"bookings": [...], "requests": {"slots": 12, ...},
                                   "struck": {"create_booking: hang": 1, ...}}

`error_after` and `drop_answer` do the work first, so a refusal stays a refusal. `drop_answer`
closes the connection under uvicorn, and raises `httpx.RemoteProtocolError` in process. `hang` does
the work at once and answers `seconds` later; with `late` it works later, too.
"""

from calcom.sandbox.app import SandboxApp, create_app
from calcom.sandbox.records import Seed

__all__ = ["SandboxApp", "Seed", "create_app"]
