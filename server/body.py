"""A request's body, read once and never further than an honest one goes."""

import asyncio

from starlette.requests import ClientDisconnect, Request

from server.wire import TooLarge, Unreadable


async def read(request: Request, *, at_most: int, within_seconds: float) -> bytes:
    """Read the raw body.

    Args:
        request: Unread so far.
        at_most: Bytes.
        within_seconds: For the whole body; a platform sends it in one piece.

    Raises:
        TooLarge: It is announced or turns out to be larger than `at_most`.
        Unreadable: It did not arrive in time, or the sender left.
    """
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced[:20]) > at_most:
        raise TooLarge(f"the body has {announced[:20]} bytes; {at_most} are allowed")
    body = bytearray()
    try:
        async with asyncio.timeout(within_seconds):
            async for chunk in request.stream():
                body += chunk
                if len(body) > at_most:
                    raise TooLarge(f"the body has more than {at_most} bytes")
    except TimeoutError:
        raise Unreadable(f"the body did not arrive within {within_seconds} s") from None
    except ClientDisconnect:
        raise Unreadable("the sender left before the end of the body") from None
    return bytes(body)
