"""Waiting for a committed wish to come true, but only while somebody on the phone can."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, Final

from booking.bookings import Booking
from booking.errors import BookingError

_log = logging.getLogger(__name__)

_CLOSES_WITHIN_SECONDS: Final = 4.0
"""The deadline of a write: longer than any work that was begun in time."""


class InTime:
    """Lets work on wishes go on when its caller has been answered, or has gone.

    The wish is committed: whatever becomes of the work, a worker finds it there. So what is slow or
    breaks is no fault to the caller, but a booking that is not settled yet.
    """

    def __init__(self) -> None:
        self._going_on: set[asyncio.Task[Booking]] = set()

    async def of(
        self, work: Coroutine[Any, Any, Booking], *, wish: Booking, answer_by: float
    ) -> Booking:
        """What became of a wish until `answer_by`, on the event loop's clock in seconds.

        Raises:
            BookingError: It was refused.
        """
        task = asyncio.create_task(work)
        self._going_on.add(task)
        task.add_done_callback(self._ended)
        left = answer_by - asyncio.get_running_loop().time()
        await asyncio.wait({task}, timeout=max(left, 0.0))
        if not task.done():
            _log.warning("answered_before_settled", extra={"booking": wish.id})
            return wish
        try:
            return task.result()
        except BookingError:
            raise
        except Exception:  # noqa: BLE001 - see above
            return wish

    async def aclose(self) -> None:
        """Let what goes on end, for as long as a booking may take; a worker takes over the rest."""
        if not self._going_on:
            return
        _, late = await asyncio.wait(self._going_on, timeout=_CLOSES_WITHIN_SECONDS)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def _ended(self, task: "asyncio.Task[Booking]") -> None:
        self._going_on.discard(task)
        if not task.cancelled() and (error := task.exception()):
            if isinstance(error, BookingError):
                _log.info("wish_refused", extra={"why": str(error)})
            else:
                _log.error("settling_broke_off", exc_info=error)
