"""Tests reach nothing beyond this machine."""

from ipaddress import ip_address


class OutsideWorld(Exception):
    """A test wanted to leave the machine. No `OSError`: code that survives a cut line must fail."""


def only_this_machine(event: str, args: tuple[object, ...]) -> None:
    """An audit hook that refuses connections and look-ups of names, except to ourselves.

    It sees what Python's sockets do, not libpq's; that one only gets the addresses of fixtures.

    Raises:
        OutsideWorld: The address is another machine's.
    """
    match event, args:
        case ("socket.connect", (_, (str() | bytes() as host, *_))):
            pass
        case ("socket.getaddrinfo", (str() | bytes() as host, *_)):
            pass
        case _:
            return
    name = host if isinstance(host, str) else host.decode(errors="replace")
    if name != "localhost" and not _is_loopback(name):
        raise OutsideWorld(f"{event}: {name}")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
