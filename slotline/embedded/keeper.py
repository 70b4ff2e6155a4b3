"""The process that keeps one server: starts it, starts it again, stops it when nobody is left.

    python -m slotline.embedded.keeper .slotline/postgres postgres

It belongs to nobody: who came first may leave first. Everyone who uses the server holds
`users.lock` in shared mode; once the keeper gets it for itself alone, it is the last one here.
"""

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

from slotline.embedded import child
from slotline.embedded.account import Account
from slotline.embedded.errors import DidNotStart, EmbeddedError
from slotline.embedded.home import Home, write_note
from slotline.embedded.postgres import Postgres
from slotline.embedded.server import Server, preferred_port
from slotline.embedded.valkey import Valkey

SERVERS: dict[str, type[Server]] = {"postgres": Postgres, "valkey": Valkey}

_START_SECONDS = 60.0
"""Reading the log after a crash takes longer than any ordinary start."""
_POLL_SECONDS = 0.02
_WATCH_SECONDS = 0.2
_ATTEMPTS = 5
"""After `kill -9` the new PostgreSQL has to wait until the last process of the old one is gone."""


class Keeper:
    """One server and the folder that is its home."""

    def __init__(self, server: Server, home: Home, account: Account) -> None:
        self._server = server
        self._home = home
        self._account = account
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server and write down where it is.

        Raises:
            EmbeddedError: It cannot be started. What it said is in the message.
        """
        for attempt in range(1, _ATTEMPTS + 1):
            port = preferred_port(self._home)
            try:
                pid = self._start_at(port)
            except DidNotStart:
                if attempt == _ATTEMPTS:
                    raise
                time.sleep(_WATCH_SECONDS * attempt)
            else:
                break
        pids = {"keeper": os.getpid(), "server": pid}
        write_note(
            self._home.run_note, {"pids": pids, "port": port, "urls": self._server.urls(port)}
        )

    def keep(self) -> None:
        """Return when nobody uses the server any longer, having closed the door to newcomers.

        Raises:
            EmbeddedError: The server died and could not be started again.
        """
        with (self._home.folder / "users.lock").open("ab") as users:
            while not _taken(users.fileno()):
                if self._child and self._child.poll() is not None:
                    self._home.run_note.unlink(missing_ok=True)
                    self.start()
                time.sleep(_WATCH_SECONDS)
            self.stop()

    def stop(self) -> None:
        """Stop the server, if it runs."""
        self._home.run_note.unlink(missing_ok=True)
        if self._child:
            child.stop(self._child, ends_by=self._server.ends_by)

    def _start_at(self, port: int) -> int:
        said_before = self._home.log.stat().st_size if self._home.log.exists() else 0
        self._child = child.spawn(
            self._server.command(port),
            account=self._account,
            log=self._home.log,
            ends_by=self._server.ends_by,
        )
        give_up = time.monotonic() + _START_SECONDS
        while not self._server.is_ready(self._child.pid, port):
            if self._child.poll() is not None:
                said = (
                    self._home.log.read_bytes()[said_before:].decode(errors="replace").split("\n")
                )
                last = next((line for line in reversed(said) if line.strip()), "no reason given")
                raise DidNotStart(f"{self._server.name} did not start: {last.strip()}")
            if time.monotonic() > give_up:
                child.stop(self._child, ends_by=self._server.ends_by)
                raise DidNotStart(f"{self._server.name} was not ready in {_START_SECONDS:.0f} s")
            time.sleep(_POLL_SECONDS)
        return self._child.pid


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _leave(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
    sys.exit(128 + number)


def main(folder: Path, name: str) -> int:
    """Keep a server until nobody uses it; says `{}` or `{"error": ...}` once it has started."""
    signal.signal(signal.SIGTERM, _leave)
    home = Home(folder)
    with home.lock("keeper", fcntl.LOCK_EX | fcntl.LOCK_NB):
        account = Account.for_servers()
        server = SERVERS[name](home, account)
        keeper = Keeper(server, home, account)
        try:
            server.prepare()
            keeper.start()
            print(json.dumps({}), flush=True)  # noqa: T201 - this is how whoever started us is told
            keeper.keep()
        except EmbeddedError as error:
            print(json.dumps({"error": str(error)}), flush=True)  # noqa: T201
            return 1
        finally:
            keeper.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
