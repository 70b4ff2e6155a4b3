"""Valkey, or the system's Redis: starting it. Only commands of Redis 7.0 are used anywhere."""

import signal
import socket

from slotline.embedded import programs
from slotline.embedded.account import Account
from slotline.embedded.home import Home
from slotline.embedded.leftover import end_leftover
from slotline.embedded.server import HOST, access

_ANSWER_SECONDS = 1.0


class Valkey:
    """One server with an append-only file: what a call knows survives a crash."""

    name = "valkey"
    ends_by = signal.SIGTERM

    def __init__(self, home: Home, account: Account) -> None:
        self._home = home
        self._account = account

    def prepare(self) -> None:
        """Write the configuration, end a leftover server.

        Raises:
            EmbeddedError: There is no program or no place.
        """
        self._home.make_files(self._account)
        self._files = self._home.files.resolve()
        found = programs.valkey()
        name = "valkey-server" if (found.folder / "valkey-server").exists() else "redis-server"
        self._program = found.runnable_by(self._account, name, copies=self._files).folder / name
        self._password = access(self._home, "default")["default"]
        end_leftover(self._files / "server.pid", program=name, ends_by=self.ends_by)

    def command(self, port: int) -> list[str]:
        """The password goes into a file: everyone on the machine can read a command line."""
        configuration = self._files / "server.conf"
        configuration.unlink(missing_ok=True)
        configuration.touch(mode=0o600)
        configuration.write_text(
            f"bind {HOST}\n"
            "protected-mode yes\n"
            f"requirepass {self._password}\n"
            f'dir "{self._files}"\n'
            f'pidfile "{self._files}/server.pid"\n'
            "set-proc-title no\n"
            "appendonly yes\n"
            'save ""\n'
            "databases 64\n"
        )
        self._account.own(configuration, 0o600)
        return [str(self._program), str(configuration), "--port", str(port)]

    def is_ready(self, pid: int, port: int) -> bool:  # noqa: ARG002 - the port is its own
        """Whether it answers a ping; while it still reads its file it says LOADING."""
        try:
            with socket.create_connection((HOST, port), timeout=_ANSWER_SECONDS) as connection:
                connection.sendall(f"AUTH {self._password}\r\nPING\r\n".encode())
                answer = b""
                while answer.count(b"\r\n") < 2:  # noqa: PLR2004 - one line for each command
                    answer += connection.recv(1024) or b"\r\n\r\n"
        except OSError:
            return False
        return b"+PONG" in answer

    def urls(self, port: int) -> dict[str, str]:
        """The first of its databases."""
        return {"redis_url": f"redis://:{self._password}@{HOST}:{port}/0"}
