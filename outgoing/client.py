"""An HTTP client for such addresses: each hop is checked, and connected to where it was checked."""

import ssl
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Final

import httpx

from outgoing.targets import Targets

_REDIRECTS: Final = 3
"""Storage behind a CDN needs one, a short link in front of it another."""


class _Checked(httpx.AsyncBaseTransport):
    """Sends a request to the address that its host was found to have a moment ago."""

    def __init__(self, targets: Targets, trust: ssl.SSLContext | None) -> None:
        self._targets = targets
        # A connection is known by its address, and one address serves many names: none is kept.
        self._inner = httpx.AsyncHTTPTransport(
            verify=trust or True,
            trust_env=False,
            limits=httpx.Limits(max_connections=32, max_keepalive_connections=0),
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        try:
            found = await self._targets.addresses(request.url)
        except OSError:
            raise httpx.ConnectError("the host has no address", request=request) from None
        host = request.url.raw_host.decode("ascii")
        for address in found:
            try:
                return await self._inner.handle_async_request(
                    httpx.Request(
                        request.method,
                        request.url.copy_with(host=address),
                        headers=request.headers,  # `Host` is the name
                        stream=request.stream,
                        extensions={**request.extensions, "sni_hostname": host},
                    )
                )
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                failure = error
        raise failure

    async def aclose(self) -> None:
        await self._inner.aclose()


def open_client(
    targets: Targets,
    *,
    timeout_seconds: float = 10.0,
    trust: ssl.SSLContext | None = None,
) -> httpx.AsyncClient:
    """A client that refuses what `targets` refuses, with `TargetRefused`; close it.

    Three redirects are followed. The environment is not read and no cookie is kept. Nothing is
    unpacked unless the caller asks for it.

    Args:
        targets: Which URLs may be asked.
        timeout_seconds: To connect, and between two pieces of an answer: whoever reads an answer
            must limit it as a whole.
        trust: Whose certificates count, where they are not the public ones.
    """
    return httpx.AsyncClient(
        transport=_Checked(targets, trust),
        headers={"user-agent": "slotline", "accept-encoding": "identity"},
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
        timeout=timeout_seconds,
        follow_redirects=True,
        max_redirects=_REDIRECTS,
        trust_env=False,
    )
