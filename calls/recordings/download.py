"""Fetches a recording from wherever a platform has put it, and believes nothing that it is told."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus

import httpx

from calls.recordings.audio import HEAD_BYTES, Format, may_be_audio, recognise
from outgoing import TargetRefused


class NotThere(Exception):
    """It cannot be had now; it may be later. The words hold nothing of the link but its host."""


class NotWanted(Exception):
    """It will never be taken. The words hold nothing of the link but its host."""


@dataclass(frozen=True, slots=True)
class Download:
    """A recording on its way."""

    format: Format
    pieces: AsyncIterator[bytes]
    """All of it, once; raises as `download` does."""


@asynccontextmanager
async def download(http: httpx.AsyncClient, url: str, *, at_most: int) -> AsyncIterator[Download]:
    """Begin to fetch a recording; leave the context when it has been read.

    How long it takes is the caller's to limit: a server may send a byte now and then for ever.

    Args:
        http: A client that checks where it goes.
        url: Where it is said to be.
        at_most: Bytes.

    Raises:
        NotThere: Nobody answers, or not with a recording, or breaks off.
        NotWanted: It is somewhere where we do not ask, too large, or no sound.
    """
    try:
        async with http.stream("GET", url) as answer:
            _check(answer, at_most)
            pieces = _limited(answer, at_most)
            head = b""
            async for piece in pieces:
                head += piece
                if len(head) >= HEAD_BYTES:
                    break
            if not head:
                raise NotThere("the answer is empty")
            found = recognise(head)
            if found is None:
                raise NotWanted("it does not begin as any sound file does")
            yield Download(found, _after(head, pieces))
    except TargetRefused as error:
        raise NotWanted(f"refused: {error}") from None
    except httpx.TooManyRedirects:
        raise NotWanted("refused: it leads from one address to the next") from None
    except (httpx.InvalidURL, httpx.UnsupportedProtocol):
        raise NotWanted("refused: the link is none") from None
    except httpx.HTTPError as error:
        raise NotThere(type(error).__name__) from None


def _check(answer: httpx.Response, at_most: int) -> None:
    if answer.status_code == HTTPStatus.GONE:
        raise NotWanted("it has been deleted there")
    if answer.status_code != HTTPStatus.OK:
        raise NotThere(f"the answer was {answer.status_code}")
    announced = answer.headers.get("content-length", "")
    if announced.isdigit() and int(announced[:20]) > at_most:
        raise NotWanted(f"it has {announced[:20]} bytes; {at_most} are allowed")
    if not may_be_audio(answer.headers.get("content-type", "")):
        raise NotWanted("it is not announced as sound")


async def _limited(answer: httpx.Response, at_most: int) -> AsyncIterator[bytes]:
    """As they came: what is packed is no sound file, and never unpacked."""
    received = 0
    async for piece in answer.aiter_raw():
        received += len(piece)
        if received > at_most:
            raise NotWanted(f"it has more than {at_most} bytes")
        yield piece


async def _after(head: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield head
    async for piece in rest:
        yield piece
