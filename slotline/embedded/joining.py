"""Joining a server: whoever comes first has it started, whoever leaves last has it stopped."""

import contextlib
import fcntl
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from slotline.embedded.errors import DidNotStart
from slotline.embedded.home import Home, read_note

_SOURCE = Path(__file__).resolve().parents[2]
_GONE_SECONDS = 40.0
_POLL_SECONDS = 0.02


@contextlib.contextmanager
def joined(folder: Path, name: str) -> Iterator[dict[str, str]]:
    """Use a server for as long as the context lasts.

    The promise to be there is a lock of the kernel's: also a user that is killed has left.

    Args:
        folder: The server's home, such as `.slotline/postgres`.
        name: `postgres` or `valkey`.

    Yields:
        The server's addresses by their names in `Running`.

    Raises:
        EmbeddedError: The server cannot be had; the message says why and what helps.
    """
    home = Home(folder)
    home.open()
    with home.lock("users", fcntl.LOCK_SH) as users:
        with home.lock("starting", fcntl.LOCK_EX):
            urls = _running(home) or _start(home, name)
        try:
            yield urls
        finally:
            with home.lock("starting", fcntl.LOCK_EX):
                _leave(home, users.fileno())


def _running(home: Home) -> dict[str, str] | None:
    """What the keeper wrote down; it may be starting its server again after a crash."""
    give_up = time.monotonic() + _GONE_SECONDS
    while home.is_locked("keeper"):
        if note := read_note(home.run_note):
            urls: dict[str, str] = note["urls"]
            return urls
        if time.monotonic() > give_up:
            raise DidNotStart(f"the keeper of {home.folder} does not answer; see {home.log}")
        time.sleep(_POLL_SECONDS)
    return None


def _start(home: Home, name: str) -> dict[str, str]:
    """Start a keeper, which is nobody's child, and wait for its word."""
    command = [sys.executable, "-m", "slotline.embedded.keeper", str(home.folder), name]
    with (home.folder / "keeper.log").open("wb") as complaints:
        keeper = subprocess.Popen(  # noqa: S603 - our own module
            command,
            cwd=_SOURCE,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=complaints,
            start_new_session=True,
        )
    assert keeper.stdout is not None  # noqa: S101 - it is a pipe
    with keeper.stdout as words:
        word = words.readline()
    # From here on it lives longer than we care to watch; Popen would complain that it still runs.
    keeper.returncode = keeper.poll() or 0
    if not word:
        raise DidNotStart(f"the keeper of {name} died; see {home.folder / 'keeper.log'}")
    if error := json.loads(word).get("error"):
        raise DidNotStart(error)
    urls: dict[str, str] = read_note(home.run_note)["urls"]
    return urls


def _leave(home: Home, users: int) -> None:
    """Let go; if nobody else is there, wait until the server has stopped.

    While we ask for the lock alone, the keeper may get it first; then it is stopping already.
    """
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        last = True
    except BlockingIOError:
        last = home.is_locked("users", fcntl.LOCK_SH)
    fcntl.flock(users, fcntl.LOCK_UN)
    give_up = time.monotonic() + _GONE_SECONDS
    while last and home.is_locked("keeper") and time.monotonic() < give_up:
        time.sleep(_POLL_SECONDS)
