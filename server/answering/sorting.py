"""For a platform that sends everything to one address: each kind of message to its own answer."""

from collections.abc import Callable, Mapping

import structlog
from starlette.responses import Response

from server import faults, metrics
from server.admission import Admitted
from server.door import Answer, envelope
from server.wire import WireError

_log = structlog.get_logger("slotline.sorting")


class Sorted:
    """Hands a request on by what its body says it is."""

    def __init__(
        self,
        kind_of: Callable[[bytes], str],
        answers: Mapping[str, Answer],
        *,
        otherwise: Answer,
        platform: str,
    ) -> None:
        """`kind_of` raises `WireError`s only; `otherwise` answers every kind not named."""
        self._kind_of = kind_of
        self._answers = answers
        self._otherwise = otherwise
        self._platform = platform

    async def __call__(self, admitted: Admitted) -> Response:
        """Answer a message, or say that it is none; never raises."""
        try:
            kind = self._kind_of(admitted.raw)
        except WireError as error:
            metrics.refused(self._platform, faults.reason(error))
            _log.warning("refused", status_code=error.status_code, why=error.why)
            return envelope(faults.STRANGER, error.status_code)
        return await self._answers.get(kind, self._otherwise)(admitted)
