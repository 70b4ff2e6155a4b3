"""A server that outlived its keeper: found by the pid that it left, and ended.

A pid alone proves nothing: after a reboot it may belong to anybody. So the process behind it must
run the program and work in the folder that we expect.
"""

import os
import signal
import subprocess
import time
from pathlib import Path

_PROC = Path("/proc")
_END_SECONDS = 30.0
_PAUSE_SECONDS = 0.05


def end_leftover(pid_file: Path, *, program: str, ends_by: signal.Signals) -> None:
    """End the server that a pid file names, if it still runs; remove a file that misleads.

    Args:
        pid_file: Its first line is the pid; its folder is where the server works.
        program: Start of the program's name, such as `postgres`.
        ends_by: The signal that ends it cleanly.
    """
    try:
        pid = int(pid_file.read_text().split(maxsplit=1)[0])
    except (FileNotFoundError, ValueError, IndexError):
        return
    if not _is_alive(pid):
        return
    if not _is_server(pid, program, pid_file.parent):
        pid_file.unlink()  # PostgreSQL would take the stranger for a server and refuse to start
        return
    os.kill(pid, ends_by)
    give_up = time.monotonic() + _END_SECONDS
    while _is_alive(pid):
        if time.monotonic() > give_up:
            os.kill(pid, signal.SIGKILL)
        time.sleep(_PAUSE_SECONDS)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    """Dead, but not yet buried: in a container without an init this can last."""
    try:
        return (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def _is_server(pid: int, program: str, folder: Path) -> bool:
    if _PROC.is_dir():
        own = _PROC / str(pid)
        try:
            works_here = (own / "cwd").resolve() == folder.resolve()
            return works_here and (own / "comm").read_text().startswith(program)
        except OSError:
            return False
    ask = ["/bin/ps", "-ww", "-o", "command=", "-p", str(pid)]
    told = subprocess.run(ask, capture_output=True, text=True, check=False).stdout  # noqa: S603
    return program in told and str(folder) in told
