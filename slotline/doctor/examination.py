"""All checks at once, each within a time limit of its own."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

import httpx

from slotline.doctor import (
    businesses,
    calendar,
    database,
    machine,
    platforms,
    public_address,
    redis,
)
from slotline.doctor.finding import Finding, Verdict, skipped
from slotline.doctor.limit import limited
from slotline.doctor.platforms import Doors


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What to examine; `None` is what the environment does not name."""

    data_directory: Path
    calcom_base_url: str
    database_url: str | None = field(default=None, repr=False)
    database_owner_url: str | None = field(default=None, repr=False)
    redis_url: str | None = field(default=None, repr=False)
    secret_key: str | None = field(default=None, repr=False)
    public_url: str | None = None
    api_keys: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    """Of phone platforms, by name, as far as they are set."""
    has_openai_key: bool = False


async def examine(
    around: Surroundings,
    *,
    transport: httpx.AsyncBaseTransport | None = None,
    outside: httpx.AsyncBaseTransport | None = None,
) -> list[Finding]:
    """Look at everything.

    Args:
        around: What there is.
        transport: In place of the network to Cal.com, for tests in process.
        outside: In place of the network to our own public address.
    """
    address = await limited(
        "public address",
        public_address.examine(around.public_url, wanted_by=around.api_keys, transport=outside),
    )
    is_open = all(finding.verdict is not Verdict.BROKEN for finding in address)
    doors = Doors(
        connecting=around.api_keys,
        can_take_calls=around.has_openai_key,
        public_url=around.public_url if is_open else None,
        transport=outside,
    )
    found = await asyncio.gather(
        _database(around, transport, doors),
        limited("redis", redis.examine(around.redis_url)),
        limited("cal.com", calendar.examine_server(around.calcom_base_url, transport)),
    )
    keys = platforms.judge_api_keys(around.api_keys)
    about = [machine.python(), machine.disk(around.data_directory)]
    return [*about, *address, *keys, *chain(*found)]


async def _database(
    around: Surroundings, transport: httpx.AsyncBaseTransport | None, doors: Doors
) -> list[Finding]:
    """The database and, if it is in order, what is in it."""
    url = around.database_url
    findings = await limited("database", database.examine(url, around.database_owner_url))
    if url is None or any(finding.verdict is Verdict.BROKEN for finding in findings):
        return [*findings, skipped("businesses", "need a database that is in order")]
    found = await businesses.examine(
        url, around.secret_key, around.calcom_base_url, transport, doors=doors
    )
    return [*findings, *found]
