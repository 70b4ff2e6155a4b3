"""Settings with nothing missing: what the environment does not name, we bring ourselves."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager

from pydantic import SecretStr

from server.settings import Settings
from slotline import secret_key
from slotline.embedded import BOTH, Running, servers
from slotline.places import Places

Say = Callable[[str], None]
"""Tells whoever started a command how it is going."""


@asynccontextmanager
async def stores(
    settings: Settings, places: Places, needed: Collection[str] = BOTH
) -> AsyncIterator[Running]:
    """PostgreSQL and Redis: those that variables name, and our own for the rest.

    Args:
        settings: What the environment says.
        places: Where our own live.
        needed: `postgres`, `valkey`, or both.

    Raises:
        EmbeddedError: A server is needed and cannot be had.
    """
    database, redis = settings.database, settings.redis
    named = {"postgres": database.url or database.owner_url, "valkey": redis.url}
    async with servers(places.directory, [name for name in needed if not named[name]]) as ours:
        yield Running(
            database_url=plain(database.url) or ours.database_url,
            database_owner_url=plain(database.owner_url or database.url) or ours.database_owner_url,
            redis_url=plain(redis.url) or ours.redis_url,
            superuser_url=ours.superuser_url,
        )


@asynccontextmanager
async def completed(
    settings: Settings, places: Places, needed: Collection[str] = BOTH
) -> AsyncIterator[Settings]:
    """Settings with nothing missing of what is needed.

    An embedded database is brought up to date. Its secret key is made once and kept beside it; for
    a database of somebody else's `SLOTLINE_SECRET_KEY` stays missing, for that key must outlive
    this machine. Recordings go to a folder of ours unless `RECORDINGS_URL` says otherwise.

    Raises:
        EmbeddedError: A server is needed and cannot be had.
        SecretKeyExposed: Others could have read the key.
    """
    server = settings.server
    async with stores(settings, places, needed) as found:
        if found.superuser_url:
            await asyncio.to_thread(migrate, found.database_owner_url)
            if server.secret_key is None:
                key = SecretStr(secret_key.load_or_create(places.directory))
                server = server.model_copy(update={"secret_key": key})
        database = {
            "url": _secret(found.database_url),
            "owner_url": _secret(found.database_owner_url),
        }
        recordings = {"url": settings.recordings.url or places.recordings_url}
        yield settings.model_copy(
            update={
                "recordings": settings.recordings.model_copy(update=recordings),
                "database": settings.database.model_copy(update=database),
                "redis": settings.redis.model_copy(update={"url": _secret(found.redis_url)}),
                "server": server,
            }
        )


def migrate(owner_url: str) -> list[str]:
    """Bring a database up to date.

    Returns:
        The migrations that were applied.

    Raises:
        DatabaseError: See `db.migrate.upgrade`.
    """
    from db.migrate import pending, upgrade  # noqa: PLC0415 - Alembic takes a second

    waiting = pending(owner_url)
    if waiting:
        upgrade(owner_url)
    return waiting


def plain(secret: SecretStr | None) -> str:
    """What a setting holds; nothing if it is not set."""
    return secret.get_secret_value() if secret else ""


def _secret(text: str) -> SecretStr | None:
    return SecretStr(text) if text else None
