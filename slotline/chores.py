"""What the commands that end do: migrate, examine, apply a business file, play the demo."""

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path

from booking.directory import Directory
from booking.vault import Vault
from db.database import Database
from server.settings import BadSettings, Settings
from slotline import business_file, keys, surroundings
from slotline.places import Places
from slotline.surroundings import Say, completed, plain, stores


def migrate(say: Say) -> None:
    """Bring the database up to date, and say what was done."""
    asyncio.run(_migrate(say))


async def _migrate(say: Say) -> None:
    async with stores(Settings.read(), Places.here(), ["postgres"]) as found:
        applied = await asyncio.to_thread(surroundings.migrate, found.database_owner_url)
    say(f"Applied {', '.join(applied)}." if applied else "Nothing to do: it is up to date.")


def examine() -> bool:
    """Print what is right and wrong here.

    Returns:
        Whether nothing is broken.
    """
    return asyncio.run(_examine())


async def _examine() -> bool:
    from rich.console import Console  # noqa: PLC0415 - as below

    from slotline.doctor import (  # noqa: PLC0415 - only this command needs it
        Surroundings,
        Verdict,
        examine,
        print_report,
    )

    settings, places = Settings.read(), Places.here()
    async with completed(settings, places) as whole:
        findings = await examine(
            Surroundings(
                data_directory=places.directory,
                calcom_base_url=whole.calcom.base_url,
                database_url=plain(whole.database.url) or None,
                database_owner_url=plain(whole.database.owner_url) or None,
                redis_url=plain(whole.redis.url) or None,
                secret_key=plain(whole.server.secret_key) or None,
                public_url=whole.server.public_url,
                api_keys={
                    platform: plain(api.api_key)
                    for platform, api in (
                        ("retell", whole.retell),
                        ("vapi", whole.vapi),
                        ("elevenlabs", whole.elevenlabs),
                    )
                    if api.api_key
                },
                has_openai_key=whole.openai.api_key is not None,
            )
        )
    print_report(Console(), findings)
    return all(finding.verdict is not Verdict.BROKEN for finding in findings)


def apply_business(path: Path, *, dry_run: bool, say: Say) -> None:
    """Make the database say what a business file says.

    Raises:
        Refused: The file has faults; all of them are in the message.
    """
    file = business_file.read(path, environment=os.environ)
    changes = asyncio.run(_apply(file, dry_run=dry_run))
    for change in changes.lines:
        say(str(change))
    if not changes:
        say(f"{changes.slug}: nothing to change")
    elif dry_run:
        say(f"{changes.slug}: nothing written (--dry-run)")
    else:
        say(f"{changes.slug}: done")


async def _apply(file: business_file.BusinessFile, *, dry_run: bool) -> business_file.Changes:
    async with completed(Settings.read(), Places.here(), ["postgres"]) as settings:
        vault = _vault(settings)
        async with Database.connect(plain(settings.database.owner_url), role=None) as owner:
            return await business_file.apply(
                file, database=owner, vault=vault, now=datetime.now(UTC), dry_run=dry_run
            )


def show_key(slug: str, name: str) -> str:
    """The newest valid value of a business's credential.

    Raises:
        UnknownKey: With what there is instead.
    """
    return asyncio.run(_show_key(slug, name))


async def _show_key(slug: str, name: str) -> str:
    async with (
        completed(Settings.read(), Places.here(), ["postgres"]) as settings,
        Database.connect(plain(settings.database.url)) as database,
    ):
        return await keys.show(Directory(database, _vault(settings)), slug, name)


def _vault(settings: Settings) -> Vault:
    key = settings.server.secret_key
    if key is None:
        raise BadSettings("SLOTLINE_SECRET_KEY is not set")
    return Vault(key.get_secret_value())


def play_demo(*, once: bool, language: str) -> bool:
    """Play the demo.

    Returns:
        Whether the call ended in a booking.
    """
    return asyncio.run(_play(once=once, language=language))


async def _play(*, once: bool, language: str) -> bool:
    from slotline.demo import run  # noqa: PLC0415 - only this command needs it

    places = Places.here()
    async with stores(Settings.read(), places) as running:
        return await run(places=places, running=running, once=once, language=language)
