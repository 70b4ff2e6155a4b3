"""Starting a server so that it cannot outlive us, and ending it in its own way."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from slotline.embedded.account import Account

_PR_SET_PDEATHSIG = 1
_STOP_SECONDS = 30.0
"""PostgreSQL writes a checkpoint before it goes; a slow disk may need a while."""

ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
"""Servers see nothing of ours: no PG* variables, no passwords, no language of the desk."""


def spawn(
    command: list[str], *, account: Account, log: Path, ends_by: signal.Signals
) -> subprocess.Popen[bytes]:
    """Start a server as our child, under the account, with its words in the log.

    On Linux the kernel sends `ends_by` when we die, even by SIGKILL. Elsewhere a server may be
    left over then; whoever starts next finds and ends it (`leftover.py`).
    """
    with log.open("ab") as words:
        return subprocess.Popen(  # noqa: S603 - our own words and paths that we made
            command,
            cwd="/",
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=subprocess.STDOUT,
            preexec_fn=_die_with_parent(ends_by),  # noqa: PLW1509 - the keeper has one thread
            start_new_session=True,
            **account.popen_options,
        )


def stop(child: subprocess.Popen[bytes], *, ends_by: signal.Signals) -> None:
    """End a server cleanly; one that does not listen is killed."""
    if child.poll() is not None:
        return
    child.send_signal(ends_by)
    try:
        child.wait(timeout=_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _die_with_parent(ends_by: signal.Signals) -> Callable[[], None] | None:
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def between_fork_and_exec() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(ends_by))
        if os.getppid() != parent:  # it died before we could ask to be told
            os._exit(1)

    return between_fork_and_exec
