"""Cal.com as we use it: one method for each endpoint, typed answers, one tree of errors.

Every method raises `calcom.errors` and nothing else: reads `Refused`, `NotNow` or `Fault`, writes
`Refused`, `NotNow` (both: it did not happen) or `OutcomeUnknown` (look before asking again).
`timeout_seconds` is for the whole call, retries included; without it `TimeLimits` hold.
Starts and bounds are aware datetimes, time zones IANA names.
"""

import httpx

from calcom.connections import open_http
from calcom.endpoints.account import AccountEndpoints
from calcom.endpoints.bookings import BookingEndpoints
from calcom.endpoints.slots import SlotEndpoints
from calcom.gate import NO_GATE, Gate, Priority
from calcom.request import LIVE, PATIENT, TimeLimits
from calcom.versions import PINNED, Versions
from calcom.wire import Observer, Wire, observe_nothing

__all__ = ["Client", "open_http"]


class Client(SlotEndpoints, BookingEndpoints, AccountEndpoints):
    """Speaks to Cal.com with one key. Cheap: one for each business, over shared connections."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        *,
        api_key: str,
        versions: Versions = PINNED,
        gate: Gate = NO_GATE,
        limits: TimeLimits = LIVE,
        reads: Priority = Priority.READ,
        observe: Observer = observe_nothing,
    ) -> None:
        """`http` is from `open_http`; at the `gate` stand rate budget and circuit breaker."""
        self._http = http
        self._api_key = api_key
        self._gate = gate
        self._observe = observe
        wire = Wire(http, api_key=api_key, gate=gate, limits=limits, reads=reads, observe=observe)
        super().__init__(wire, versions)

    def in_background(self) -> "Client":
        """The same client where nobody waits: its reads yield to live calls and have more time."""
        return Client(
            self._http,
            api_key=self._api_key,
            versions=self._versions,
            gate=self._gate,
            limits=PATIENT,
            reads=Priority.BACKGROUND,
            observe=self._observe,
        )
