"""Every business that is served: its credentials can be opened, and its calendar fits."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from itertools import chain

import httpx

from booking.directory import Directory
from booking.vault import Vault, VaultError
from calcom.client import open_http
from db import businesses
from db.database import Database
from slotline.doctor import calendar, email_domain, platforms
from slotline.doctor.finding import Finding, broken, doubtful, skipped
from slotline.doctor.limit import limited
from slotline.doctor.platforms import Doors

_AT_ONCE = 8
"""Examined side by side: enough to hide the waiting, too few to be a burst."""


async def examine(
    database_url: str,
    secret_key: str | None,
    calcom_base_url: str,
    transport: httpx.AsyncBaseTransport | None = None,
    *,
    doors: Doors,
) -> list[Finding]:
    """Look at all of them.

    Args:
        database_url: Of a database that was found to be in order.
        secret_key: `SLOTLINE_SECRET_KEY`.
        calcom_base_url: Of businesses that name none.
        transport: In place of the network to Cal.com, for tests in process.
        doors: How phone platforms reach us.

    Raises:
        DatabaseError: It is out of order after all.
    """
    try:
        vault = Vault(secret_key or "")
    except VaultError as error:
        return [broken("secret key", str(error), _USE_THE_KEY)]
    async with Database.connect(database_url) as database:
        async with database.registry() as tx:
            slugs = [row.slug for row in await businesses.active(tx)]
        directory, at_once = Directory(database, vault), asyncio.Semaphore(_AT_ONCE)

        async def one(slug: str) -> list[Finding]:
            async with at_once:
                found = _business(slug, directory, calcom_base_url, transport)
                calls = _platforms(slug, directory, database, doors)
                return [*await limited(slug, found), *await limited(slug, calls)]

        found = await asyncio.gather(*map(one, slugs))
    if not slugs:
        todo = "Write a business file like deploy/business.example.toml and apply it."
        return [doubtful("businesses", "there is none yet", todo)]
    return list(chain(*found))


async def _business(
    slug: str,
    directory: Directory,
    calcom_base_url: str,
    transport: httpx.AsyncBaseTransport | None,
) -> list[Finding]:
    try:
        access = await directory.access(slug)
    except VaultError as error:
        return [broken(slug, str(error), _USE_THE_KEY)]
    if access is None:
        return [skipped(slug, "was disabled a moment ago")]
    base_url = access.business.calcom_base_url or calcom_base_url
    async with open_http(base_url, transport=transport) as http:
        findings = await calendar.examine_business(access, http)
    return [*findings, *await email_domain.examine(slug, access.business.attendee_email_domain)]


async def _platforms(
    slug: str, directory: Directory, database: Database, doors: Doors
) -> list[Finding]:
    """Nothing where the credentials cannot be opened: that has been said."""
    with suppress(VaultError):
        if access := await directory.access(slug):
            return await platforms.examine(access, database, doors, now=datetime.now(UTC))
    return []


_USE_THE_KEY = "Set SLOTLINE_SECRET_KEY to what it was when the business files were applied."
