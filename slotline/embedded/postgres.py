"""PostgreSQL: making a cluster, and starting it."""

import re
import shutil
import signal
import subprocess
from importlib.resources import files

from slotline.embedded import programs
from slotline.embedded.account import Account
from slotline.embedded.child import ENVIRONMENT
from slotline.embedded.errors import DidNotStart
from slotline.embedded.home import Home
from slotline.embedded.leftover import end_leftover
from slotline.embedded.server import HOST, access

_BUILTIN_LOCALES_SINCE = 17
_STATUS_LINE = 7  # of postmaster.pid, counted from 0; pg_ctl waits for it as well


class Postgres:
    """A cluster with one database, `slotline`, and its logins (see `roles.sql`)."""

    name = "postgres"
    ends_by = signal.SIGINT  # "fast": open transactions are rolled back, nobody is waited for

    def __init__(self, home: Home, account: Account) -> None:
        self._home = home
        self._account = account
        self._cluster = home.files / "cluster"

    def prepare(self) -> None:
        """Make the cluster if there is none, end a leftover server.

        Raises:
            EmbeddedError: There are no programs, no place, or the cluster could not be made.
        """
        self._home.make_files(self._account)
        found = programs.postgres()
        self._programs = found.runnable_by(
            self._account, "postgres", copies=self._home.files.resolve()
        )
        self._passwords = access(self._home, "postgres", "slotline_owner", "slotline_app")
        if not self._cluster.exists():
            self._make_cluster()
        pid_file = self._cluster / "postmaster.pid"
        end_leftover(pid_file, program="postgres", ends_by=self.ends_by)

    def command(self, port: int) -> list[str]:
        """TCP on this machine only: in a deep folder a socket's path is too long for the system."""
        return [
            *(str(self._programs.folder / "postgres"), "-D", str(self._cluster.resolve())),
            *("-c", f"listen_addresses={HOST}", "-c", f"port={port}"),
            *("-c", "unix_socket_directories="),
            *("-c", "password_encryption=scram-sha-256"),
            *("-c", "timezone=UTC", "-c", "log_timezone=UTC"),
        ]

    def is_ready(self, pid: int, port: int) -> bool:  # noqa: ARG002 - the file knows
        """Whether the postmaster has written that it is; one that was killed left its file."""
        try:
            lines = (self._cluster / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return lines[:1] == [str(pid)] and lines[_STATUS_LINE:] == ["ready   "]

    def urls(self, port: int) -> dict[str, str]:
        """For the application, for the owner of the tables, and for the superuser."""

        def url(login: str, database: str) -> str:
            return f"postgresql://{login}:{self._passwords[login]}@{HOST}:{port}/{database}"

        return {
            "database_url": url("slotline_app", "slotline"),
            "database_owner_url": url("slotline_owner", "slotline"),
            "superuser_url": url("postgres", "postgres"),
        }

    def _make_cluster(self) -> None:
        """Make it beside its place and move it there when it is whole: half a cluster is none."""
        draft = self._cluster.resolve().with_name("cluster.draft")
        shutil.rmtree(draft, ignore_errors=True)
        options = ("--encoding=UTF8", "--data-checksums", "--no-sync", "--username=postgres")
        self._run("initdb", "-D", str(draft), "--auth=reject", *options, *self._locale())
        (draft / "pg_hba.conf").write_text(f"host all all {HOST}/32 scram-sha-256\n")
        single = ("--single", "-j", "-D", str(draft), "-c", "exit_on_error=on")
        scram = ("-c", "password_encryption=scram-sha-256")
        self._run("postgres", *single, *scram, "postgres", words=self._roles())
        draft.rename(self._cluster.resolve())

    def _roles(self) -> str:
        """`roles.sql` with the passwords filled in, as psql would."""
        template = (files("slotline.embedded") / "roles.sql").read_text()
        template = "".join(line for line in template.splitlines(True) if not line.startswith("--"))
        for name in ("owner", "app"):
            password = self._passwords[f"slotline_{name}"]
            template = template.replace(f":'{name}_password'", f"'{password}'")
        return f"ALTER ROLE postgres PASSWORD '{self._passwords['postgres']}';\n\n{template}\n\n"

    def _locale(self) -> list[str]:
        """The same order of letters everywhere; compose passes the same words to its initdb."""
        version = self._run("postgres", "--version")
        major = re.search(r"\d+", version)
        if major and int(major.group()) >= _BUILTIN_LOCALES_SINCE:
            return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        return ["--locale=C.UTF-8"]

    def _run(self, program: str, *arguments: str, words: str = "") -> str:
        """Run one of the programs as the account and return what it says.

        Raises:
            DidNotStart: It failed.
        """
        done = subprocess.run(  # noqa: S603 - our own words and paths that we made
            [str(self._programs.folder / program), *arguments],
            cwd="/",
            env=ENVIRONMENT,
            input=words,
            text=True,
            capture_output=True,
            check=False,
            **self._account.popen_options,
        )
        if done.returncode != 0:
            last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise DidNotStart(f"{program} failed: {last}")
        return done.stdout
