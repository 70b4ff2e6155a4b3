"""Under which account the servers run.

PostgreSQL refuses to run as root, for good reasons that hold for Valkey as well. Started by root,
both run as `nobody`: an account that is on every machine, so that none has to be added.
"""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Self, TypedDict


class PopenOptions(TypedDict, total=False):
    """What `subprocess` needs to be told to start a program under another account."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True, slots=True)
class Account:
    """Who runs the servers."""

    uid: int
    gid: int
    is_ours: bool
    """Nothing has to be changed: we are not root."""

    @classmethod
    def for_servers(cls) -> Self:
        """Ourselves, or `nobody` when we are root."""
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid(), is_ours=True)
        nobody = pwd.getpwnam("nobody")
        return cls(nobody.pw_uid, nobody.pw_gid, is_ours=False)

    @property
    def popen_options(self) -> PopenOptions:
        """For `subprocess.Popen` and `subprocess.run`."""
        if self.is_ours:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can_enter(self, folder: Path) -> bool:
        """Whether the account reaches a folder; asked by trying, so access lists count too."""
        return self._succeeds("/bin/sh", "-c", 'cd -- "$0"', str(folder))

    def can_run(self, program: Path) -> bool:
        """Whether the account may start a program, and the program finds its libraries."""
        return self._succeeds(str(program), "--version")

    def own(self, path: Path, mode: int) -> None:
        """Hand over a file or folder of ours."""
        if not self.is_ours:
            os.chown(path, self.uid, self.gid)
        path.chmod(mode)

    def _succeeds(self, *command: str) -> bool:
        try:
            attempt = subprocess.run(  # noqa: S603 - our own words and a path that we made
                command, cwd="/", capture_output=True, check=False, **self.popen_options
            )
        except OSError:
            return False
        return attempt.returncode == 0
