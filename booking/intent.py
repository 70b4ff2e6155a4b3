"""Writing down what somebody wishes, also where the answer to the COMMIT is lost."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from booking.appointments import is_past
from db.errors import Contention, DatabaseUnavailable, OutcomeUnknown

T = TypeVar("T")

_AGAIN_SECONDS: Final = 0.1


async def written(write: Callable[[bool], Awaitable[T]], *, answer_by: float) -> T:
    """Commit an intent; where nobody knows whether it was, write it once more.

    That is the only question with an answer: a commit that is still under way is not to be seen
    from outside, but whoever writes the same row waits for it.

    Args:
        write: One transaction; told whether an earlier one may have been committed, whose rows it
            must then know again.
        answer_by: On the event loop's clock, in seconds.

    Raises:
        OutcomeUnknown: It cannot be found out in time. What stands falls due for a worker.
        DatabaseError: As `write` does; then nothing was committed, or nobody knows.
    """
    again = False
    while True:
        try:
            return await write(again)
        except (DatabaseUnavailable, Contention) as error:
            again = again or isinstance(error, OutcomeUnknown)
            if not again or is_past(answer_by):
                raise
        await asyncio.sleep(_AGAIN_SECONDS)
