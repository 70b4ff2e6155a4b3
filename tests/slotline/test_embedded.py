"""The supervisor of PostgreSQL and Valkey, on the real programs, in folders of their own."""

import asyncio
import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from psycopg import errors
from redis import AuthenticationError, Redis

from slotline.embedded import DidNotStart, NoServer, Running, programs, servers, started
from slotline.embedded.account import Account
from slotline.embedded.home import Home
from slotline.embedded.leftover import end_leftover

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def directory() -> Iterator[Path]:
    """A folder that the servers' account reaches, unlike pytest's; its files are made once."""
    with tempfile.TemporaryDirectory(prefix="slotline-") as folder:
        Path(folder).chmod(0o711)
        with started(Path(folder)):
            pass
        yield Path(folder)


def _pid(directory: Path, name: str, who: str) -> int:
    """Of a server or its keeper; 0 while the server does not run."""
    try:
        note = json.loads((directory / name / "run.json").read_text())
    except FileNotFoundError:
        return 0
    pid: int = note["pids"][who]
    return pid


def _is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        if Path("/proc").is_dir():
            return False
        return subprocess.run(["/bin/kill", "-0", str(pid)], check=False).returncode == 0
    return state != "Z"


def _eventually(holds: Callable[[], bool]) -> None:
    """Wait for what another process does; fails after far more time than that takes."""
    give_up = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < give_up, "still not so after 20 s"
        time.sleep(0.02)


def _connects(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def test_they_start_keep_what_was_committed_and_stop(directory: Path) -> None:
    """Rows and keys are there after a restart, at the same addresses; nothing is left running."""
    with started(directory) as before, psycopg.connect(before.database_owner_url) as owner:
        owner.execute("CREATE TABLE kept AS SELECT 1 AS one")
        owner.commit()
        Redis.from_url(before.redis_url).set("kept", "1")
        pids = [_pid(directory, name, who) for name in ("postgres", "valkey") for who in _WHO]
    _eventually(lambda: not any(map(_is_alive, pids)))

    with started(directory) as after:
        assert after == before
        with psycopg.connect(after.database_owner_url) as owner:
            assert owner.execute("SELECT one FROM kept").fetchone() == (1,)
        assert Redis.from_url(after.redis_url).get("kept") == b"1"


_WHO = ("keeper", "server")


def test_the_logins_are_who_they_should_be(directory: Path) -> None:
    """The application owns nothing and inherits nothing; the owner can make what it needs."""
    with started(directory) as running:
        with psycopg.connect(running.database_owner_url, autocommit=True) as owner:
            owner.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
            owner.execute("CREATE TABLE owned ()")
            owner.execute("SET ROLE slotline_app")
            owner.execute("SET ROLE slotline_worker")
        with psycopg.connect(running.database_url, autocommit=True) as app:
            roles = app.execute(
                "SELECT current_user, rolinherit, rolsuper, rolbypassrls FROM pg_roles "
                "WHERE rolname = current_user"
            ).fetchone()
            assert roles == ("slotline_app", False, False, False)
            with pytest.raises(errors.InsufficientPrivilege):
                app.execute("CREATE TABLE mine ()")
            with pytest.raises(errors.InsufficientPrivilege):
                app.execute("SELECT FROM owned")
            app.execute("SET ROLE slotline_worker")


def test_nobody_gets_in_without_the_password(directory: Path) -> None:
    """Other users of this machine reach the ports, but not the files with the passwords."""
    with started(directory) as running:
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(running.database_url.replace("slotline_app:", "slotline_app:x"))
        address = running.redis_url.rpartition("@")[2]
        with pytest.raises(AuthenticationError, match="authenticate"):
            Redis.from_url(f"redis://{address}").ping()
        for name in ("postgres", "valkey"):
            for note in ("access.json", "run.json", "server.log"):
                mode = (directory / name / note).stat().st_mode
                assert stat.S_IMODE(mode) == 0o600, note
        command_line = Path(f"/proc/{_pid(directory, 'valkey', 'server')}/cmdline")
        if command_line.exists():
            assert running.redis_url.split(":")[2].split("@")[0] not in command_line.read_text()


def test_whoever_comes_second_joins_and_may_stay_longer(directory: Path) -> None:
    """The one who started the servers leaves first, and nothing happens to the other."""
    first = started(directory)
    urls = first.__enter__()
    with started(directory) as second:
        assert second == urls
        keeper = _pid(directory, "postgres", "keeper")
        first.__exit__(None, None, None)
        with psycopg.connect(second.database_url) as app:
            assert app.execute("SELECT 1").fetchone() == (1,)
        assert _is_alive(keeper)
    _eventually(lambda: not _is_alive(keeper))


_STARTER = """
    import sys, time
    from pathlib import Path
    from slotline.embedded import started
    with started(Path(sys.argv[1])) as running:
        print(running.database_url, flush=True)
        time.sleep(60)
"""


@pytest.fixture
def starters(directory: Path) -> Iterator[list[subprocess.Popen[str]]]:
    """Three processes that start the same servers at the same time, and stay."""
    command = [sys.executable, "-c", textwrap.dedent(_STARTER), str(directory)]
    starters = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    yield starters
    for starter in starters:
        starter.kill()
        starter.communicate()


def test_who_starts_at_once_shares_and_who_is_killed_has_left(
    directory: Path, starters: list[subprocess.Popen[str]]
) -> None:
    """One server for three starters; `kill -9` of all of them leaves no server behind."""
    urls = {starter.stdout.readline() for starter in starters if starter.stdout}
    assert len(urls) == 1
    server = _pid(directory, "postgres", "server")
    for starter in starters[1:]:
        starter.kill()
    assert _connects(urls.pop().strip())
    starters[0].kill()
    _eventually(lambda: not _is_alive(server))


@pytest.mark.parametrize("name", ["postgres", "valkey"])
def test_a_killed_server_comes_back_at_the_same_address(directory: Path, name: str) -> None:
    """`kill -9` of the server: the keeper starts it again, and what was committed is there."""
    with started(directory) as running:
        redis = Redis.from_url(running.redis_url)
        with psycopg.connect(running.database_owner_url) as owner:
            owner.execute("CREATE TABLE IF NOT EXISTS survivors (name text)")
            owner.execute("INSERT INTO survivors VALUES (%s)", [name])
        redis.set(f"survivor {name}", "1")

        killed = _pid(directory, name, "server")
        os.kill(killed, signal.SIGKILL)
        _eventually(lambda: _pid(directory, name, "server") not in {0, killed})

        with started(directory) as after:
            assert after == running
        with psycopg.connect(running.database_owner_url) as owner:
            assert (name,) in owner.execute("SELECT name FROM survivors").fetchall()
        assert redis.get(f"survivor {name}") == b"1"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of a death")
def test_servers_die_with_their_keeper(directory: Path) -> None:
    """`kill -9` of the keepers: the kernel ends the servers, and the next start goes well."""
    with started(directory) as before:
        pids = [_pid(directory, name, "server") for name in ("postgres", "valkey")]
        for name in ("postgres", "valkey"):
            os.kill(_pid(directory, name, "keeper"), signal.SIGKILL)
        _eventually(lambda: not any(map(_is_alive, pids)))
    with started(directory) as after:
        assert after == before
        assert _connects(after.database_url)


def test_another_port_is_taken_if_the_last_one_is_in_use(directory: Path) -> None:
    """The port of the last time is a wish."""
    with started(directory, ["valkey"]) as before:
        port = int(before.redis_url.rpartition(":")[2].split("/")[0])
    with socket.create_server(("127.0.0.1", port)), started(directory, ["valkey"]) as after:
        assert after.redis_url != before.redis_url
        assert Redis.from_url(after.redis_url).ping()


def test_a_pid_file_that_names_a_stranger_is_removed(tmp_path: Path) -> None:
    """After a reboot the pid may be anybody's: PostgreSQL would not start, and we kill nobody."""
    stranger = subprocess.Popen(["/bin/sleep", "60"])
    pid_file = tmp_path / "postmaster.pid"
    pid_file.write_text(f"{stranger.pid}\n{tmp_path}\n")
    try:
        end_leftover(pid_file, program="postgres", ends_by=signal.SIGINT)
        assert stranger.poll() is None
        assert not pid_file.exists()
    finally:
        stranger.kill()
        stranger.wait()


def test_a_server_that_outlived_its_keeper_is_ended(tmp_path: Path) -> None:
    """Where the kernel tells no child of a death, it is found by its pid file, folder and name."""
    program = tmp_path / "postgres"
    shutil.copy("/bin/sleep", program)
    server = subprocess.Popen([program, "60"], cwd=tmp_path)
    pid_file = tmp_path / "postmaster.pid"
    pid_file.write_text(f"{server.pid}\n{tmp_path}\n")
    end_leftover(pid_file, program="postgres", ends_by=signal.SIGTERM)
    assert server.wait() == -signal.SIGTERM


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs servers as somebody else")
def test_below_a_closed_folder_root_keeps_the_files_elsewhere(tmp_path: Path) -> None:
    """A project in `/root`: nothing is opened; the files go where the account can reach them."""
    tmp_path.chmod(0o700)
    home = Home(tmp_path / "postgres")
    account = Account.for_servers()
    home.open()
    try:
        home.make_files(account)
        assert home.files.is_symlink()
        assert account.can_enter(home.files.resolve())
        assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700
        (home.files / "row").touch()

        home.make_files(account)
        assert (home.files / "row").exists()

        home.files.unlink()
        home.make_files(account)
        assert not (home.files / "row").exists(), "who deletes the link wants to start afresh"
    finally:
        shutil.rmtree(home.files.resolve())


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs servers as somebody else")
def test_programs_out_of_reach_are_copied(tmp_path: Path) -> None:
    """A virtual environment below a closed folder: the copy runs, libraries and all."""
    account = Account.for_servers()
    found = programs.postgres()
    assert found.root
    closed = tmp_path / "closed"
    for tree in found.trees:
        shutil.copytree(found.root / tree, closed / tree, symlinks=True)
    closed.chmod(0o700)
    out_of_reach = replace(found, root=closed, folder=closed / found.folder.relative_to(found.root))
    assert not account.can_run(out_of_reach.folder / "postgres")
    with tempfile.TemporaryDirectory(prefix="slotline-") as copies:
        Path(copies).chmod(0o711)
        copied = out_of_reach.runnable_by(account, "postgres", copies=Path(copies))
        assert account.can_run(copied.folder / "initdb")


def test_without_wheels_the_systems_programs_are_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`pg_config` names the folder; `redis-server` is looked for on `PATH`."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("postgres", "initdb", "redis-server"):
        (folder / name).touch(mode=0o755)
    (folder / "pg_config").write_text(f"#!/bin/sh\necho {folder}\n")
    (folder / "pg_config").chmod(0o755)
    monkeypatch.setattr(programs, "_wheel", lambda _: None)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    assert programs.postgres().folder == folder
    assert programs.valkey().folder == folder


def test_without_any_program_one_line_says_what_helps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The line names the variable and the package."""
    monkeypatch.setattr(programs, "_wheel", lambda _: None)
    monkeypatch.setattr(programs, "_DEBIAN_POSTGRES", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoServer, match=r"apt-get install postgresql.*DATABASE_URL"):
        programs.postgres()
    with pytest.raises(NoServer, match=r"apt-get install redis-server.*REDIS_URL"):
        programs.valkey()


def test_a_server_that_refuses_says_why(directory: Path) -> None:
    """The last line of its log is in the error, and nobody hangs."""
    manifest = directory / "valkey" / "files" / "appendonlydir" / "appendonly.aof.manifest"
    right = manifest.read_bytes()
    manifest.write_text("nonsense\n")
    with pytest.raises(DidNotStart, match=r"valkey did not start: .*AOF"), started(directory):
        pass
    manifest.write_bytes(right)
    with started(directory, ["valkey"]) as running:
        assert Redis.from_url(running.redis_url).ping()


async def test_the_loop_goes_on_while_servers_start(directory: Path) -> None:
    """Starting them takes a while; whoever waits for it waits without blocking."""
    turns = 0

    async def turn() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0.01)

    turning = asyncio.create_task(turn())
    async with servers(directory) as running:
        assert turns > 1
        assert await asyncio.to_thread(_connects, running.database_url)
    turning.cancel()


def test_only_what_is_wanted_is_started(directory: Path) -> None:
    """With DATABASE_URL set there is no reason to start a PostgreSQL."""
    with started(directory, ["valkey"]) as running:
        assert running == Running(redis_url=running.redis_url)
        assert not _pid(directory, "postgres", "server")
