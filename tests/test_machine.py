"""The walls around the tests themselves."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import psycopg
import pytest

from tests.machine import OutsideWorld
from tests.servers import REFUSED, ROOT, Addresses


def test_another_machine_is_out_of_reach() -> None:
    with pytest.raises(OutsideWorld, match=r"192\.0\.2\.1"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


async def test_a_name_is_not_even_looked_up() -> None:
    async with httpx.AsyncClient(trust_env=False) as http:
        with pytest.raises(OutsideWorld, match=r"cal\.com"):
            await http.get("https://api.cal.com/v2/me")


def test_this_machine_is_within_reach() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(("localhost", server.getsockname()[1]), timeout=1),
    ):
        pass


@pytest.mark.slow
def test_f_054_a_database_that_nobody_marked_is_refused(
    addresses: Addresses, tmp_path: Path
) -> None:
    """Nobody's rows are lost because a variable was still set."""
    test = tmp_path / "test_any.py"
    test.write_text("def test_any(db): pass\n")
    options = ["--rootdir", str(ROOT), "-p", "tests.conftest", "-c", str(ROOT / "pyproject.toml")]
    with psycopg.connect(addresses.database_owner_url, autocommit=True) as owner:
        owner.execute("ALTER TABLE disposable RENAME TO hidden")
        try:
            run = subprocess.run(
                [sys.executable, "-m", "pytest", *options, str(test)],
                cwd=ROOT,
                env=os.environ | {"DATABASE_URL": addresses.database_owner_url},
                capture_output=True,
                text=True,
                check=False,
            )
        finally:
            owner.execute("ALTER TABLE hidden RENAME TO disposable")
    assert run.returncode == REFUSED, run.stdout
    assert "without the table `disposable`" in run.stdout
