"""Which addresses are the public internet's, and not a machine's or a network's own."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final

_TRANSLATED: Final = IPv6Network("64:ff9b::/96")
"""IPv4 seen from a network that has only IPv6 (RFC 6052)."""

_TUNNELS: Final = (IPv6Network("2001::/32"), IPv6Network("2002::/16"))
"""Teredo and 6to4: both carry an IPv4 address, which may be a private one."""

_GLOBAL: Final = IPv6Network("2000::/3")
"""All that has been given out; the rest maps, embeds or reserves something."""

_METADATA: Final = IPv4Address("168.63.129.16")
"""A public number that is each virtual machine's own host at Azure."""


def is_public(address: str) -> bool:
    """Whether an IP address leads out of our network; false for what is none.

    Source: IANA's registries of special-purpose addresses, as `ipaddress` has them.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        if found in _TRANSLATED:
            return _is_public(IPv4Address(found.packed[-4:]))
        if found not in _GLOBAL or any(found in tunnel for tunnel in _TUNNELS):
            return False
    return _is_public(found)


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    return address.is_global and not address.is_multicast and address != _METADATA
