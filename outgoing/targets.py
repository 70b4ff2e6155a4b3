"""Which URLs may be asked, and at which addresses: checked each time, right before connecting.

A name that led outside yesterday may lead inside today, so what was checked once counts for
nothing, and what is connected to is the address that was checked.
"""

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable, Collection, Sequence
from ipaddress import ip_address
from typing import Final

import httpx

from outgoing.addresses import is_public

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""(host, port): its IP addresses; raises `OSError` if it has none."""

_NUMERIC: Final = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)\.?", re.IGNORECASE)
"""What resolvers read as an IPv4 address, in whatever notation; no top-level domain is a number."""


class TargetRefused(Exception):
    """A URL that is never asked, whoever wants it. The words hold its host and nothing else."""


async def resolve(host: str, port: int) -> Sequence[str]:
    """What this machine's resolver says."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class Targets:
    """Tells what may be asked: public addresses over https, and what the operator has named."""

    def __init__(
        self, private_origins: Collection[str] = (), *, resolve: Resolve = resolve
    ) -> None:
        """Know the exceptions.

        Args:
            private_origins: Such as `http://minio:9000`: asked wherever they are, and as they are.
            resolve: Finds a host's addresses.
        """
        self._private = {_origin(httpx.URL(origin)) for origin in private_origins}
        self._resolve = resolve

    async def addresses(self, url: httpx.URL) -> Sequence[str]:
        """Where a URL may be asked right now; never empty.

        Raises:
            TargetRefused: It is not https, or some address of its host is not public.
            OSError: Its host has no address.
        """
        is_private = _origin(url) in self._private
        if not is_private:
            check(url)
        host = url.raw_host.decode("ascii")
        try:
            found = await self._resolve(host, _port(url))
        except UnicodeError:
            raise TargetRefused(f"{host} is not a name") from None
        if not found:
            raise OSError(f"{host} has no address")
        if not is_private and not all(map(is_public, found)):
            raise TargetRefused(f"{host} is not on the public internet")
        return found


def check(url: str | httpx.URL) -> None:
    """Refuse what can be refused without a look at the network, such as when it is set up.

    Raises:
        TargetRefused: It is no URL, not https, has a user in it, or names an address that is not
            public.
    """
    try:
        url = httpx.URL(url)
    except httpx.InvalidURL:
        raise TargetRefused("the address is no URL") from None
    host = url.raw_host.decode("ascii")
    if url.scheme != "https":
        raise TargetRefused(f"{host or 'the address'} is not asked over https")
    if not host or url.userinfo:
        raise TargetRefused(f"{host or 'the address'}: no host, or a user in front of it")
    if _NUMERIC.fullmatch(host) or ":" in host:
        try:
            ip_address(host)
        except ValueError:
            raise TargetRefused(f"{host} is an address in disguise") from None
        if not is_public(host):
            raise TargetRefused(f"{host} is not on the public internet")


def _origin(url: httpx.URL) -> tuple[str, bytes, int]:
    return url.scheme, url.raw_host, _port(url)


def _port(url: httpx.URL) -> int:
    return url.port or (443 if url.scheme == "https" else 80)
