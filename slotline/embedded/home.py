"""The folder of one server: its files, its locks, and the note that says where it listens.

.slotline/postgres/
  starting.lock   held while somebody starts, joins or leaves
  users.lock      shared by everyone who uses the server; the kernel lets go when they die
  keeper.lock     held by the keeper for as long as it lives
  access.json     passwords and the port to prefer, made once       (mode 600)
  run.json        where the running server is found, and its pids   (mode 600)
  server.log      what the server says
  files/          the server's own; a link when its account cannot reach this folder
"""

import contextlib
import fcntl
import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from slotline.embedded.account import Account
from slotline.embedded.errors import NoPlace

_ELSEWHERE = Path("/var/lib/slotline")
_LONG_LOG_BYTES = 10 << 20


class Home:
    """Paths, locks and notes of one server."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self.run_note = self.folder / "run.json"
        self.access_note = self.folder / "access.json"
        self.log = self.folder / "server.log"
        self.files = self.folder / "files"

    def open(self) -> None:
        """Make the folder, closed to others until the servers' account needs a way in."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.log.exists() and self.log.stat().st_size > _LONG_LOG_BYTES:
            self.log.replace(self.log.with_suffix(".log.1"))
        self.log.touch(mode=0o600)

    @contextlib.contextmanager
    def lock(self, name: str, mode: int) -> Iterator[IO[bytes]]:
        """Hold `NAME.lock`.

        Args:
            name: `starting`, `users` or `keeper`.
            mode: `fcntl.LOCK_EX` or `LOCK_SH`, with `LOCK_NB` not to wait.

        Raises:
            BlockingIOError: Somebody else holds it, and we were not to wait.
        """
        with (self.folder / f"{name}.lock").open("ab") as file:
            fcntl.flock(file, mode)
            yield file

    def is_locked(self, name: str, mode: int = fcntl.LOCK_EX) -> bool:
        """Whether somebody's lock is in the way of taking it in this mode."""
        try:
            with self.lock(name, mode | fcntl.LOCK_NB):
                return False
        except BlockingIOError:
            return True

    def make_files(self, account: Account) -> None:
        """Give the servers' account a folder that it can reach, here if possible.

        The link stands for the files: whoever deletes it, with the whole folder say, gets new ones.

        Raises:
            NoPlace: Neither here nor in `/var/lib/slotline`.
        """
        elsewhere = self._elsewhere()
        if self.files.is_symlink():
            if self.files.resolve() == elsewhere and account.can_enter(elsewhere):
                return
            self.files.unlink()  # a copied project: the link leads to the files of another one
        if self.files.is_dir():
            if account.can_enter(self.files):
                return
            raise NoPlace(f"{self.files} cannot be entered by uid {account.uid} any more")
        self._make(self.files, account)
        if account.can_enter(self.files):
            return
        self.files.rmdir()
        try:
            shutil.rmtree(elsewhere, ignore_errors=True)
            _ELSEWHERE.mkdir(mode=0o755, parents=True, exist_ok=True)
            self._make(elsewhere, account)
        except OSError as error:
            raise NoPlace(f"no folder for the servers: {error}") from error
        if not account.can_enter(elsewhere):
            raise NoPlace(f"neither {self.folder} nor {elsewhere} can be entered by the servers")
        self.files.symlink_to(elsewhere)

    def _make(self, files: Path, account: Account) -> None:
        files.mkdir(mode=0o700)
        account.own(files, 0o700)
        if not account.is_ours and files.parent == self.folder:
            self.folder.chmod(0o711)  # may be passed through, not listed; the notes stay closed

    def _elsewhere(self) -> Path:
        mark = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:16]
        return _ELSEWHERE / f"{self.folder.name}-{mark}"


def write_note(path: Path, note: dict[str, Any]) -> None:
    """Write a note for our eyes only; it appears whole or not at all."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(note, file, indent=2)
    draft.replace(path)


def read_note(path: Path) -> dict[str, Any]:
    """Read a note; an absent one is empty."""
    try:
        note: dict[str, Any] = json.loads(path.read_text())
    except FileNotFoundError:
        return {}
    return note
