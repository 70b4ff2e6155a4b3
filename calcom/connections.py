"""The connections to a Cal.com: shared by all clients, opened and closed at the edge."""

import socket
import ssl
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

from calcom.veil import veil_http_logs


def open_http(
    base_url: str,
    *,
    transport: httpx.AsyncBaseTransport | None = None,
    proxy: str | None = None,
    trust: ssl.SSLContext | None = None,
) -> httpx.AsyncClient:
    """Connections to a Cal.com, to be shared by all clients and closed by whoever opened them.

    HTTP/2 where the server offers it. The environment is not read, redirects are not followed and
    no cookie is kept: the connections serve several businesses.

    Args:
        base_url: Such as `https://api.cal.com`.
        transport: Instead of the network, for tests in process.
        proxy: URL of a proxy to go through.
        trust: Whose certificates count, where they are not the public ones.
    """
    veil_http_logs()
    limits = httpx.Limits(
        max_connections=100,
        max_keepalive_connections=20,
        keepalive_expiry=60.0,  # a call pauses for longer than httpx's 5 s between two questions
    )
    return httpx.AsyncClient(
        base_url=base_url,
        headers={"accept": "application/json", "user-agent": "slotline"},
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
        follow_redirects=False,
        trust_env=False,
        transport=transport
        or httpx.AsyncHTTPTransport(
            verify=trust or True,
            http2=True,
            trust_env=False,
            limits=limits,
            proxy=proxy,
            socket_options=list(_notice_dead_peers()),
        ),
    )


def _notice_dead_peers() -> list[tuple[int, int, int]]:
    """A connection whose peer went silent is dropped in seconds, not in a quarter of an hour.

    Over HTTP/2 all requests share one connection, and each of them would wait on it in vain.
    """
    options = [(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)]
    if (milliseconds := getattr(socket, "TCP_USER_TIMEOUT", None)) is not None:
        options.append((socket.IPPROTO_TCP, milliseconds, 10_000))
    return options
