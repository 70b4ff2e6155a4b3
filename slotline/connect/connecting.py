"""The command: what is needed from here, what is wanted there, and what is said about it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import uuid4

import httpx

from booking.business import Business
from booking.directory import Access, Directory
from booking.vault import Vault
from db import businesses
from db.database import Database
from server.briefing import briefs
from server.settings import BadSettings, Settings
from server.tool_lists import tools_for
from slotline.connect.account import Account
from slotline.connect.platforms import PLATFORMS, Agents, Platform
from slotline.connect.telling import print_document, print_documents, print_outcome
from slotline.places import Places
from slotline.surroundings import completed, plain


class CannotConnect(Exception):
    """Something is missing here, or the business is not known."""


@dataclass(frozen=True, slots=True)
class _Here:
    """What this side has."""

    settings: Settings
    access: Access
    vault: Vault
    public_url: str

    def agents(self, platform: Platform, secret: str) -> Agents:
        return briefs(
            self.access.business,
            public_url=self.public_url,
            secret=secret,
            transfer_tool=platform.phone.transfer_tool,
        )


def show(name: str, slug: str, *, as_json: bool) -> None:
    """Print what would be made, without secrets.

    Raises:
        CannotConnect: With what is missing.
    """
    platform = PLATFORMS[name]
    told = asyncio.run(_agents_to_show(platform, slug))
    documents = {brief.name: platform.document(brief, lines) for brief, lines in told.items()}
    print_documents(
        documents, base_url=platform.settings(Settings.read()).base_url, as_json=as_json
    )


def show_tools(name: str, slug: str) -> None:
    """Print the tools' part of it, in the language of the business's first line.

    Raises:
        CannotConnect: With what is missing.
    """
    print_document(asyncio.run(_tools_to_show(name, slug)))


def settle(name: str, slug: str, *, writes: bool, as_json: bool) -> bool:
    """Compare the platform's side with what is wanted, and make it so.

    Args:
        name: Of the platform.
        slug: Of the business.
        writes: Make it so; else only say what differs.
        as_json: For programs.

    Returns:
        Whether nothing is left to do.

    Raises:
        CannotConnect: With what is missing.
        PlatformRefused: The platform cannot be asked, or says no.
    """
    account = asyncio.run(_settle(PLATFORMS[name], slug, writes=writes))
    print_outcome(account, as_json=as_json)
    return not account.missing and (writes or not account.changes)


async def _settle(platform: Platform, slug: str, *, writes: bool) -> Account:
    async with _here(slug) as here:
        key = platform.settings(here.settings).api_key
        if key is None:
            raise CannotConnect(f"{platform.name.upper()}_API_KEY is not set")
        secret = _secret(here.access, platform)
        agents = here.agents(platform, secret)
        headers = platform.headers(key.get_secret_value())
        base_url = platform.settings(here.settings).base_url
        async with httpx.AsyncClient(base_url=base_url, headers=headers) as http:
            account = Account(http, platform=platform.name, secret=secret, writes=writes)
            await platform.connect(account, agents, partial(_keep, here, platform))
        return account


async def _agents_to_show(platform: Platform, slug: str) -> Agents:
    async with _here(slug) as here:
        return here.agents(platform, platform.phone.secret_of(here.access.business))


async def _tools_to_show(name: str, slug: str) -> list[dict[str, Any]]:
    async with _here(slug) as here:
        return tools_for(name, here.access.business, public_url=here.public_url)


@asynccontextmanager
async def _here(slug: str) -> AsyncIterator[_Here]:
    async with (
        completed(Settings.read(), Places.here(), ["postgres"]) as settings,
        Database.connect(plain(settings.database.url)) as database,
    ):
        server = settings.server
        if server.secret_key is None:
            raise BadSettings("SLOTLINE_SECRET_KEY is not set")
        vault = Vault(server.secret_key.get_secret_value())
        access = await Directory(database, vault).access(slug)
        if access is None:
            raise CannotConnect(f"there is no active business {slug!r}")
        if server.public_url is None:
            raise CannotConnect(
                "SLOTLINE_PUBLIC_URL is not set: it is the address under which the platform "
                "reaches this server, such as https://phone.example.com"
            )
        yield _Here(settings, access, vault, server.public_url)


def _secret(access: Access, platform: Platform) -> str:
    """What the platform shows at our doors; the newest, if it is being rotated."""
    values = access.secrets.get(platform.phone.credential, ())
    if not values:
        raise CannotConnect(
            f"{access.business.slug} has no credential {platform.phone.credential}: "
            "name it in its business file and apply that"
        )
    return values[0]


async def _keep(here: _Here, platform: Platform, made: str) -> None:
    """Store a secret of the platform's making beside ours: both are valid."""
    business: Business = here.access.business
    async with (
        Database.connect(plain(here.settings.database.owner_url), role=None) as owner,
        owner.transaction(business.id) as tx,
    ):
        await businesses.put_credential(
            tx,
            id=uuid4(),
            name=platform.phone.credential,
            secret_encrypted=here.vault.seal(made),
            now=datetime.now(UTC),
        )
