"""What the keeper needs to know about a server."""

import random
import secrets
import signal
import socket
from typing import Protocol

from slotline.embedded.account import Account
from slotline.embedded.home import Home, read_note, write_note

HOST = "127.0.0.1"

_PORTS = range(15_000, 32_000)
"""Below those that systems lend to outgoing connections: nobody takes ours while it restarts."""
_ATTEMPTS = 100


class Server(Protocol):
    """A server that can be kept: PostgreSQL or Valkey."""

    name: str
    ends_by: signal.Signals

    def __init__(self, home: Home, account: Account) -> None: ...

    def prepare(self) -> None:
        """Find the programs, make the files if there are none, end a leftover server."""

    def command(self, port: int) -> list[str]:
        """How it is started."""

    def is_ready(self, pid: int, port: int) -> bool:
        """Whether the one that was just started takes commands. Does not wait."""

    def urls(self, port: int) -> dict[str, str]:
        """How it is reached, by the names of `Running`."""


def access(home: Home, *names: str) -> dict[str, str]:
    """The passwords of a server, made at its first start and kept."""
    note = read_note(home.access_note)
    passwords: dict[str, str] = note.setdefault("passwords", {})
    missing = [name for name in names if name not in passwords]
    if missing:
        passwords.update({name: secrets.token_urlsafe(24) for name in missing})
        write_note(home.access_note, note)
    return passwords


def preferred_port(home: Home) -> int:
    """The port of the last time if it is free, else any; remembered, so that clients find back."""
    note = read_note(home.access_note)
    wishes = [note.get("port", 0), *random.sample(_PORTS, k=_ATTEMPTS)]
    port = next((wish for wish in wishes if wish and _is_free(wish)), 0)
    write_note(home.access_note, note | {"port": port})
    return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True
