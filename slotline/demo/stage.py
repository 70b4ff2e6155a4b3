"""Everything that a call needs, as processes on this machine: for the demo and the benchmark."""

import asyncio
import json
import os
import secrets
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from pydantic import SecretStr

from booking.vault import Vault
from db.database import Database
from slotline import business_file, secret_key
from slotline.business_file import BusinessFile
from slotline.business_file.applying import apply
from slotline.business_file.credentials import OURS
from slotline.demo.processes import Part, free_port, running_command, slotline
from slotline.embedded import Running


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything that runs, and the keys to it."""

    base_url: str
    calcom_base_url: str
    business: BusinessFile
    running: Running
    keys: dict[str, str] = field(repr=False)
    server: Part
    environment: dict[str, str] = field(repr=False)
    """What every part of this stage finds in its environment."""
    logs: Path

    def run(self, command: str, *options: str) -> AbstractAsyncContextManager[Part]:
        """Run one more part, such as another worker."""
        return running_command(
            slotline(command, *options), environment=self.environment, log=self.logs
        )


@asynccontextmanager
async def open_stage(
    directory: Path,
    running: Running,
    *,
    file: Path,
    language: str,
    sandbox_options: Sequence[str] = (),
    variables: Mapping[str, str] = MappingProxyType({}),
    with_worker: bool = True,
    with_scripted_model: bool = False,
) -> AsyncIterator[Stage]:
    """Start the calendar, the server and a worker, and make the business known to them.

    Args:
        directory: Where keys, logs and the calendar's data are kept.
        running: PostgreSQL and Redis.
        file: The business file.
        language: Of the business and its lines.
        sandbox_options: More options for `slotline sandbox`.
        variables: More settings for the server and the worker.
        with_worker: Run a worker, too.
        with_scripted_model: Run the policy of the evals as the agent's model, too.

    Raises:
        DidNotStart: A part did not come up; the message names its log.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)  # noqa: ASYNC240 - local and tiny
    keys = _keys(directory / "demo-keys.json")
    passphrases = secret_key.load_or_create(directory)
    calendar_port, server_port = free_port(), free_port()
    calendar, server = (f"http://127.0.0.1:{port}" for port in (calendar_port, server_port))
    environment = {
        "DATABASE_URL": running.database_url,
        "DATABASE_OWNER_URL": running.database_owner_url,
        "REDIS_URL": running.redis_url,
        "CALCOM_BASE_URL": calendar,
        "SLOTLINE_SECRET_KEY": passphrases,
        "SLOTLINE_PUBLIC_URL": server,
        **variables,
    }
    commands = [
        slotline(
            "sandbox",
            f"--port={calendar_port}",
            f"--database={directory / 'sandbox.sqlite'}",
            f"--key={keys['calcom_key']}",
            *sandbox_options,
        ),
        slotline("serve", f"--port={server_port}"),
        slotline("worker"),
    ]
    logs = directory / "log"
    await asyncio.to_thread(_migrate, running.database_owner_url)
    async with AsyncExitStack() as stack:
        if with_scripted_model:
            environment["OPENAI_BASE_URL"] = await _scripted_model(stack, logs)
        sandbox, serve, *_ = [  # side by side: most of their start is importing
            await stack.enter_async_context(
                running_command(command, environment=environment, log=logs)
            )
            for command in (commands if with_worker else commands[:2])
        ]
        business = await _apply_business(file, running, passphrases, keys, language)
        await asyncio.gather(
            sandbox.answers(f"{calendar}/_sandbox/state"), serve.answers(f"{server}/readyz")
        )
        yield Stage(server, calendar, business, running, keys, serve, environment, logs)


async def _scripted_model(stack: AsyncExitStack, logs: Path) -> str:
    port = free_port()
    command = [sys.executable, "-m", "evals.policy", f"--port={port}"]
    await stack.enter_async_context(running_command(command, environment={}, log=logs))
    return f"http://127.0.0.1:{port}/v1"


def _migrate(owner_url: str) -> None:
    from db import migrate  # noqa: PLC0415 - Alembic takes a second that `--help` need not wait

    migrate.upgrade(owner_url)


async def _apply_business(
    path: Path, running: Running, passphrases: str, keys: dict[str, str], language: str
) -> BusinessFile:
    environment = {f"DEMO_{name.upper()}": value for name, value in keys.items()}
    file = business_file.read(path, environment=environment)
    lines = [line.model_copy(update={"language": language}) for line in file.lines]
    platforms = {name: SecretStr(keys[name]) for name in OURS}
    credentials = file.credentials.model_copy(update=platforms)
    file = file.model_copy(
        update={"language": language, "lines": lines, "credentials": credentials}
    )
    async with Database.connect(running.database_owner_url, role=None) as owner:
        await apply(file, database=owner, vault=Vault(passphrases), now=datetime.now(UTC))
    return file


def _keys(path: Path) -> dict[str, str]:
    """The demo's keys: made once, so that a second run serves the same callers."""
    kept: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    keys = {name: secrets.token_urlsafe(24) for name in OURS}
    keys["retell_key"] = f"key_{secrets.token_hex(14)}"
    keys["calcom_key"] = f"cal_{secrets.token_hex(16)}"
    keys |= kept
    if keys != kept:
        write_secretly(path, json.dumps(keys))
    return keys


def write_secretly(path: Path, text: str) -> None:
    """Write a file for its owner's eyes only, from the first byte on."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
