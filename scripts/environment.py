"""Make `.venv` and install locked groups of packages into it; standard library only.

    python scripts/environment.py runtime embedded dev

A group is a file in `requirements/`: exact versions with hashes and no address, so that whatever
index pip is configured for is used. uv installs (2 s where pip takes a minute); if it cannot, pip
does. A second run has nothing to do and takes no time; groups that are there are never taken away.
SLOTLINE_VENV names another folder than `.venv`, for packages that nobody else should meet.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import time
import tomllib
import venv
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / os.environ.get("SLOTLINE_VENV", ".venv")
PYTHON = VENV / "bin" / "python"
NOTE = VENV / "slotline-setup.json"
BUILD = "build"
"""The group that builds our own package; always needed."""
UV = ROOT / "requirements" / "uv.txt"

_SYSTEM_CERTIFICATES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/cert.pem",
)


def main(asked: list[str]) -> None:
    """Bring `.venv` to the state that the locks describe, if it is not there yet."""
    with _one_at_a_time():
        note = _read_note()
        groups = sorted({BUILD, *asked, *note.groups})
        for group in groups:
            if not _lock(group).exists():
                _fail(f"there is no group {group!r}: {_lock(group)} is missing")
        if not _works():
            _make_venv()
            note = Note(ours=True)
            note.write()  # whatever interrupts us: next time we know that it is ours to change
        wanted = Note(ours=note.ours, groups=groups, root=str(ROOT), state=_state(groups))
        if note != wanted:
            began = time.monotonic()
            _install(groups, exactly=note.ours)
            wanted.write()
            _say(f"ready after {time.monotonic() - began:.0f} s")


@dataclass(frozen=True)
class Note:
    """What was done the last time; kept in `.venv`."""

    ours: bool = False
    """We made this `.venv`. In somebody else's we install, but remove nothing."""
    groups: list[str] = field(default_factory=list)
    root: str = ""
    state: str = ""

    def write(self) -> None:
        """Keep it for the next time."""
        NOTE.write_text(json.dumps(asdict(self)))


def _read_note() -> Note:
    try:
        return Note(**json.loads(NOTE.read_text()))
    except FileNotFoundError:
        return Note()


def _works() -> bool:
    """Whether `.venv` has a Python, and the scripts in it were written for this folder."""
    root = _read_note().root
    if root not in {"", str(ROOT)}:
        return False
    try:
        return subprocess.run([PYTHON, "-c", ""], check=False).returncode == 0
    except OSError:
        return False


def _make_venv() -> None:
    _need_ensurepip()
    _say(f"making {VENV.name} with Python {platform.python_version()}")
    venv.create(VENV, with_pip=True, clear=VENV.exists(), symlinks=True)


def _need_ensurepip() -> None:
    """Debian and Ubuntu ship Python without it.

    As root on a terminal, offer to install it; else say how and leave.
    """
    if _has_ensurepip():
        return
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    if not shutil.which("apt-get"):
        _fail(f"this {version} ({sys.executable}) comes without ensurepip; please install it")
    command = ["apt-get", "install", f"{version}-venv"]
    print(f"setup: this {version} comes without venv. One line installs it:", file=sys.stderr)
    print(f"       {' '.join(command)}", file=sys.stderr)
    if os.geteuid() != 0 or not sys.stdin.isatty():
        sys.exit(1)
    if input("       Shall I run it now? [y/N] ").strip().lower() not in {"y", "yes"}:
        sys.exit(1)
    if subprocess.run([*command, "--yes"], check=False).returncode != 0 or not _has_ensurepip():
        _fail(f"{version}-venv could not be installed")


def _has_ensurepip() -> bool:
    probe = [sys.executable, "-c", "import ensurepip; ensurepip.version()"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


def _install(groups: list[str], *, exactly: bool) -> None:
    """Install the groups and our own package, with uv or, if that fails, with pip.

    Args:
        groups: Names of files in `requirements/`.
        exactly: Remove what is in none of them.
    """
    locks = [str(_lock(group)) for group in groups]
    verified = ["--require-hashes", "--no-deps", *(word for lock in locks for word in ("-r", lock))]
    ourselves = ["--no-deps", "--no-build-isolation", "--editable", str(ROOT)]
    _say("fetching uv, the installer")
    _run_pip("install", "--require-hashes", "-r", str(UV))
    _say(f"installing {_count(locks)} packages ({', '.join(groups)})")
    fast = ["sync", "--require-hashes", *locks, str(UV)] if exactly else ["install", *verified]
    if not _run_uv(*fast):
        _say("uv could not; pip can, but needs a minute")
        if not _run_pip("install", *verified):
            _fail("the packages could not be installed; the reason is above")
    if not _run_uv("install", *ourselves) and not _run_pip("install", *ourselves):
        _fail("our own package could not be installed; the reason is above")


def _run_uv(*words: str) -> bool:
    """`uv pip ...` for our environment, through the index that pip is configured for.

    Never `uv run` or `uv sync`: they would write a lock of their own that names an index.
    """
    uv = VENV / "bin" / "uv"
    if not uv.exists():
        return False
    command = [str(uv), "pip", words[0], "--quiet", "--python", str(PYTHON), *words[1:]]
    environment = _settings_of_pip() | {k: v for k, v in os.environ.items() if k != "VIRTUAL_ENV"}
    return subprocess.run(command, env=environment, cwd=ROOT, check=False).returncode == 0


def _run_pip(*words: str) -> bool:
    options = ["--quiet", "--disable-pip-version-check", "--no-input"]
    command = [str(PYTHON), "-m", "pip", *words, *options]
    return subprocess.run(command, cwd=ROOT, check=False).returncode == 0


def _settings_of_pip() -> dict[str, str]:
    """What pip knows about the way to packages, in uv's words."""
    settings: dict[str, str] = {}
    if index := _setting_of_pip("index-url"):
        settings["UV_DEFAULT_INDEX"] = index
    if certificates := _setting_of_pip("cert"):
        settings["SSL_CERT_FILE"] = certificates
    elif any(map(os.path.exists, _SYSTEM_CERTIFICATES)):
        settings["UV_SYSTEM_CERTS"] = "1"  # a company's own are among them
    return settings


def _setting_of_pip(name: str) -> str:
    if value := os.environ.get(f"PIP_{name.upper().replace('-', '_')}"):
        return value
    ask = [str(PYTHON), "-m", "pip", "config", "get", f"global.{name}"]
    return subprocess.run(ask, capture_output=True, text=True, check=False).stdout.strip()


def _state(groups: list[str]) -> str:
    """Changes when anything does that decides what has to be installed, and where."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    ours = [project["project"], project["build-system"], project["tool"]["hatch"]]
    digest = hashlib.sha256(f"{ROOT}\n{_python_of_venv()}\n{json.dumps(ours)}".encode())
    for lock in [*map(_lock, groups), UV]:
        digest.update(lock.read_bytes())
    return digest.hexdigest()


def _python_of_venv() -> str:
    """The version in `pyvenv.cfg`; before there is a `.venv`, our own."""
    with contextlib.suppress(FileNotFoundError):
        for line in (VENV / "pyvenv.cfg").read_text().splitlines():
            key, _, value = line.partition("=")
            if key.strip() == "version":
                return value.strip()
    return platform.python_version()


def _lock(group: str) -> Path:
    return ROOT / "requirements" / f"{group}.txt"


def _count(locks: list[str]) -> int:
    lines = (line for lock in locks for line in Path(lock).read_text().splitlines())
    return len({line.split("==")[0] for line in lines if "==" in line})


def _say(what: str) -> None:
    print(f"setup: {what}", flush=True)


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[None]:
    """`make demo` and `make test` may be started side by side."""
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _fail(why: str) -> NoReturn:
    print(f"setup: {why}", file=sys.stderr)
    sys.exit(1)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
