"""The command as people use it, in this process: a new one takes a second to import it all again.

What only a process of its own can show is in `test_cli.py`.
"""

import asyncio
import io
import logging
import sys
from contextlib import redirect_stderr, redirect_stdout

import pytest

from slotline.cli import main
from tests.practice import SECRET_KEY
from tests.servers import Addresses

Command = tuple[int, str]
"""The exit code, and what was said."""


async def slotline(*words: str, **environment: str) -> Command:
    """Run it beside the test, whose loop may be serving what the command asks."""
    return await asyncio.to_thread(_run, words, environment)


async def slotline_at(addresses: Addresses, *words: str, calcom: str = "") -> Command:
    """Run it on these servers, with the practice's key and a Cal.com."""
    return await slotline(
        *words,
        DATABASE_URL=addresses.database_url,
        DATABASE_OWNER_URL=addresses.database_owner_url,
        REDIS_URL=addresses.redis_url,
        CALCOM_BASE_URL=calcom or "http://127.0.0.1:1",
        SLOTLINE_SECRET_KEY=SECRET_KEY,
    )


def _run(words: tuple[str, ...], environment: dict[str, str]) -> Command:
    said = io.StringIO()
    with (
        pytest.MonkeyPatch.context() as patch,
        redirect_stdout(said),
        redirect_stderr(said),
    ):
        patch.setattr(sys, "argv", ["slotline", *words])
        patch.setattr(logging.root, "handlers", [*logging.root.handlers])
        for name, value in {"COLUMNS": "200", **environment}.items():
            patch.setenv(name, value)
        with pytest.raises(SystemExit) as left:
            main()
    return int(left.value.code or 0), said.getvalue()
