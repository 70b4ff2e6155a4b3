"""The command as people use it: a process, its exit code, what it says, and how it ends."""

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from slotline import cli
from tests.servers import ROOT
from tests.slotline.command import slotline

_KEY = {"SLOTLINE_SECRET_KEY": "a key for tests that is long enough"}


def _slotline(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "slotline", *words],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@asynccontextmanager
async def _staying(*words: str, **environment: str) -> AsyncIterator[str]:
    """A command that stays, and the first line that it says; SIGTERM ends it with 0."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "slotline", *words),
        env=os.environ | environment,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr
    try:
        yield (await process.stderr.readline()).decode().strip()
        process.send_signal(signal.SIGTERM)
        said = (await process.stderr.read()).decode()
        assert await process.wait() == 0, said
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


def test_help_waits_for_nothing_heavy() -> None:
    """Libraries that take a second to import are imported by the commands that need them."""
    heavy = {"alembic", "fastapi", "httpx", "psycopg", "pydantic", "redis", "sqlalchemy", "uvicorn"}
    code = "import sys, slotline.cli; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert not heavy & set(loaded.stdout.split())


@pytest.mark.parametrize(
    "words",
    [
        *("", "serve", "worker", "sandbox", "migrate", "doctor", "tools", "demo"),
        *("business", "business apply", "key", "key show"),
    ],
)
def test_every_command_explains_itself(words: str) -> None:
    told = CliRunner().invoke(cli.app, [*words.split(), "--help"])
    assert told.exit_code == 0
    assert "Usage:" in told.output


@pytest.mark.parametrize(
    ("words", "environment", "line"),
    [
        (
            ["migrate"],
            {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"},
            r"slotline: .*127\.0\.0\.1.*",
        ),
        (["serve"], {"REDIS_TIMEOUT_SECONDS": "soon"}, r"slotline: REDIS_TIMEOUT_SECONDS: .*"),
        (["business", "apply", "/none.toml"], {}, r"slotline: /none\.toml:1: .*"),
        (["sandbox", "--latency=soon"], {}, r"slotline: --latency: 'soon' is .*"),
        (["sandbox", "--fault=slots:sing"], {}, r"slotline: --fault: 'slots:sing': do: .*"),
        (["sandbox", "--host=192.0.2.1"], {}, r"slotline: Cannot assign requested address.*"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
async def test_a_failure_is_one_line(
    words: list[str], environment: dict[str, str], line: str
) -> None:
    """No traceback, and a code that scripts can see."""
    code, said = await slotline(*words, **environment)
    assert code == 1
    assert re.fullmatch(line + "\n", said), said


@pytest.mark.slow
def test_a_failing_process_says_so_on_its_standard_error() -> None:
    failed = _slotline("sandbox", "--latency=soon")
    assert failed.returncode == 1
    assert re.fullmatch(r"slotline: --latency: 'soon' is .*\n", failed.stderr), failed.stderr
    assert not failed.stdout


def test_a_bug_is_one_line_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With a code of its own, and with the way to where it happened."""

    def app() -> None:
        raise ZeroDivisionError("of something\nlong")

    monkeypatch.setattr(cli, "app", app)
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == 70
    assert capsys.readouterr().err == (
        "slotline: unexpected ZeroDivisionError: of something long (SLOTLINE_DEBUG=1 shows where)\n"
    )
    monkeypatch.setenv("SLOTLINE_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        cli.main()


@pytest.mark.slow
async def test_the_stand_in_stands_in_until_it_is_told_to_stop(tmp_path: Path) -> None:
    words = ("sandbox", "--port=0", f"--database={tmp_path / 'state.sqlite'}", "--key=cal_mine")
    async with _staying(*words, "--fault=me:error_before:1") as line:
        url = line.rpartition(" ")[2]
        async with httpx.AsyncClient(base_url=url, trust_env=False) as http:
            http.headers["authorization"] = "Bearer cal_mine"
            answers = [(await http.get("/v2/me")).status_code for _ in range(2)]
            state = (await http.get("/_sandbox/state")).json()
    assert answers == [500, 200]
    assert state["requests"] == {"me": 2}


@pytest.mark.slow
async def test_the_server_and_a_worker_run_until_they_are_told_to_stop(
    database_url: str, redis_url: str
) -> None:
    where = _KEY | {"DATABASE_URL": database_url, "REDIS_URL": redis_url}
    async with _staying("serve", "--port=0", **where) as serving, _staying("worker", **where) as at:
        async with httpx.AsyncClient(trust_env=False) as http:
            ready = await http.get(f"{serving.rpartition(' ')[2]}/readyz")
        assert ready.status_code == 200
        assert at == "Working on what is due"


async def test_a_business_is_applied_once_and_changes_nothing_twice(
    database_url: str, database_owner_url: str
) -> None:
    """The demo's file, from the command to the rows and the key that is read back."""
    names = ("CALCOM_KEY", "CALCOM_WEBHOOK_SECRET", "API_KEY", "RETELL_KEY")
    secrets = {f"DEMO_{name}": f"secret of {name}".replace(" ", "-") for name in names}
    where = _KEY | {"DATABASE_URL": database_url, "DATABASE_OWNER_URL": database_owner_url}
    command = ("business", "apply", str(ROOT / "deploy" / "demo.business.toml"))

    tried = await slotline(*command, "--dry-run", **where, **secrets)
    assert "nothing written" in tried[1]
    done = await slotline(*command, **where, **secrets)
    assert done[1].endswith("demo-praxis: done\n")
    again = await slotline(*command, **where, **secrets)
    assert again[1] == "demo-praxis: nothing to change\n"
    shown = await slotline("key", "show", "demo-praxis", "api_key", **where)
    assert shown == (0, "secret-of-API_KEY\n")


@pytest.mark.slow
def test_a_database_that_is_up_to_date_stays_as_it_is(database_owner_url: str) -> None:
    migrated = _slotline("migrate", DATABASE_OWNER_URL=database_owner_url)
    assert migrated.stderr == "Nothing to do: it is up to date.\n"
    assert migrated.returncode == 0
