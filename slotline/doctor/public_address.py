"""`SLOTLINE_PUBLIC_URL`: the address under which phone platforms and Cal.com reach us."""

from collections.abc import Collection
from ipaddress import ip_address

import httpx

from slotline.doctor.finding import Finding, broken, doubtful, fine, skipped

SUBJECT = "public address"


async def examine(
    url: str | None,
    *,
    wanted_by: Collection[str] = (),
    transport: httpx.AsyncBaseTransport | None = None,
) -> list[Finding]:
    """Whether others can reach us where we tell them to.

    Args:
        url: `SLOTLINE_PUBLIC_URL`.
        wanted_by: Platforms for whose API a key is set: somebody means to connect them.
        transport: In place of the network, for tests in process.
    """
    if not url:
        what = "SLOTLINE_PUBLIC_URL is not set; a phone platform needs it"
        if wanted_by:
            todo = "Set it to where platforms reach this server, such as https://phone.example.com."
            what = f"SLOTLINE_PUBLIC_URL is not set, though keys of {_names(wanted_by)} are"
            return [broken(SUBJECT, what, todo)]
        return [skipped(SUBJECT, what)]
    try:
        async with httpx.AsyncClient(transport=transport, trust_env=False) as http:
            answer = await http.get(f"{url}/healthz")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        what = f"{url} does not answer: {str(error) or type(error).__name__}"
        todo = "Start `slotline serve`, and let DNS and the proxy lead this address to it."
        return [broken(SUBJECT, what, todo)]
    return [judge(url, answer.status_code, wanted_by=wanted_by)]


def judge(url: str, status_code: int, *, wanted_by: Collection[str] = ()) -> Finding:
    """Judge an address by itself and by what `/healthz` answered there."""
    if status_code != httpx.codes.OK:
        todo = "Let the proxy hand on /healthz and /v1/ unchanged."
        return broken(SUBJECT, f"{url}/healthz answers {status_code}", todo)
    parts = httpx.URL(url)
    near = _is_local(parts.host)
    if near and wanted_by:
        todo = "Set SLOTLINE_PUBLIC_URL to an address of the Internet that leads here."
        what = f"{url} answers here, but {_names(wanted_by)} cannot get there"
        return doubtful(SUBJECT, what, todo)
    if parts.scheme != "https" and not near:
        todo = "Put a certificate in front: callers' names and numbers travel here."
        return broken(SUBJECT, f"{url} is not encrypted", todo)
    return fine(SUBJECT, f"{url} answers")


def _names(platforms: Collection[str]) -> str:
    return " and ".join(sorted(platforms))


def _is_local(host: str) -> bool:
    try:
        return ip_address(host).is_private
    except ValueError:
        return host == "localhost"
