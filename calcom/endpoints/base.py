from calcom.versions import Versions
from calcom.wire import Wire


class Endpoints:
    """A part of the client: a family of endpoints over one wire."""

    def __init__(self, wire: Wire, versions: Versions) -> None:
        self._wire = wire
        self._versions = versions
