"""`slotline user`: who may log in to the console. Works as the owner of the tables."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TypedDict
from uuid import uuid4

from db import businesses, sessions, users
from db.database import Database
from db.states import UserRole, UserState
from server.console.passwords import hashed
from server.settings import Settings
from slotline.places import Places
from slotline.surroundings import completed, plain


class UnknownPerson(Exception):
    """Nobody has this address, or nobody serves this business."""


class Listed(TypedDict):
    """Somebody who may log in, and where they work."""

    email: str
    name: str
    state: UserState
    places: list[tuple[str, UserRole]]


async def add(
    email: str,
    *,
    name: str | None,
    slug: str,
    role: UserRole,
    password: str | None,
    language: str | None = None,
) -> None:
    """Let somebody work for a business; again with another role or password changes that.

    Raises:
        UnknownPerson: There is no such business.
        BadPassword: It is too short or too long.
        NotInRange: The address is none.
    """
    async with _owner() as owner:
        await add_to(
            owner,
            email,
            name=name,
            slug=slug,
            role=role,
            password=password,
            language=language,
            now=datetime.now(UTC),
        )


async def add_to(
    owner: Database,
    email: str,
    *,
    name: str | None,
    slug: str,
    role: UserRole,
    password: str | None,
    language: str | None,
    now: datetime,
) -> None:
    """`add`, where the database is open already."""
    kept = hashed(password) if password is not None else None
    async with owner.registry() as tx:
        business = await businesses.by_slug(tx, slug=slug)
        known = await users.by_email(tx, email=email)
    if business is None:
        raise UnknownPerson(f"there is no business {slug!r}")
    async with owner.transaction(business.id) as tx:
        user_id = await users.add(
            tx,
            id=uuid4(),
            email=email,
            name=name or (known.name if known else email.partition("@")[0]),
            password_hash=kept,
            language=language,
            now=now,
        )
        await users.put_membership(tx, user_id=user_id, role=role, now=now)


async def everybody() -> list[Listed]:
    """Who may log in, by address."""
    async with _owner() as owner, owner.registry() as tx:
        return [
            Listed(
                email=user.email,
                name=user.name,
                state=user.state,
                places=[(at.slug, at.role) for at in await users.memberships(tx, user_id=user.id)],
            )
            for user in await users.everybody(tx)
        ]


async def disable(email: str) -> None:
    """Log somebody out everywhere and do not let them in again.

    Raises:
        UnknownPerson: Nobody has this address.
    """
    now = datetime.now(UTC)
    async with _owner() as owner, owner.registry() as tx:
        user = await users.by_email(tx, email=email)
        if user is None:
            raise UnknownPerson(f"nobody has the address {email!r}")
        await users.set_state(tx, id=user.id, state=UserState.DISABLED, now=now)
        await sessions.end_all(tx, user_id=user.id)


async def set_password(email: str, password: str) -> None:
    """Replace somebody's password, and log them out everywhere.

    Raises:
        UnknownPerson: Nobody has this address.
        BadPassword: It is too short or too long.
    """
    kept, now = hashed(password), datetime.now(UTC)
    async with _owner() as owner, owner.registry() as tx:
        user = await users.by_email(tx, email=email)
        if user is None:
            raise UnknownPerson(f"nobody has the address {email!r}")
        await users.set_password(tx, id=user.id, password_hash=kept, now=now)
        await sessions.end_all(tx, user_id=user.id)


@asynccontextmanager
async def _owner() -> AsyncIterator[Database]:
    async with (
        completed(Settings.read(), Places.here(), ["postgres"]) as settings,
        Database.connect(plain(settings.database.owner_url), role=None) as owner,
    ):
        yield owner
