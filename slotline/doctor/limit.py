"""No check may keep the others' findings from being seen."""

import asyncio
from collections.abc import Coroutine

from slotline.doctor.finding import Finding, broken

LIMIT_SECONDS = 10.0
"""For one check; what takes longer to answer is no use on the phone either."""


async def limited(
    subject: str, check: Coroutine[None, None, list[Finding]], *, seconds: float = LIMIT_SECONDS
) -> list[Finding]:
    """The findings of a check, or that there was no end to it."""
    try:
        async with asyncio.timeout(seconds):
            return await check
    except TimeoutError:
        what = f"did not answer within {seconds:g} s"
        return [broken(subject, what, "Find out what makes it slow: callers wait for it too.")]
