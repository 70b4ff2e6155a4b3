"""People who may log in to the demo's console: one of each role."""

import json
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypedDict

from db.database import Database
from db.states import UserRole
from slotline.demo.stage import Stage
from slotline.people import add_to

_NAMES: Final = {
    UserRole.STAFF: "Sina Staff",
    UserRole.OPS: "Oskar Ops",
    UserRole.ADMIN: "Ada Admin",
}


class Login(TypedDict):
    """How to log in as somebody."""

    email: str
    password: str
    role: str


async def employ(stage: Stage, *, note: Path, language: str) -> list[Login]:
    """Let one person of each role work for the demo's business; they keep their passwords.

    Args:
        stage: What runs.
        note: What the last run left, if there was one.
        language: What the console speaks to them.
    """
    known = _passwords(note)
    logins = [
        Login(
            email=(email := f"{role.value}@{stage.business.slug}.example"),
            password=known.get(email) or secrets.token_urlsafe(9),
            role=role.value,
        )
        for role in _NAMES
    ]
    async with Database.connect(stage.running.database_owner_url, role=None) as owner:
        for login in logins:
            role = UserRole(login["role"])
            await add_to(
                owner,
                login["email"],
                name=_NAMES[role],
                slug=stage.business.slug,
                role=role,
                password=login["password"],
                language=language,
                now=datetime.now(UTC),
            )
    return logins


def _passwords(note: Path) -> dict[str, str]:
    """By address, as the last run left them."""
    try:
        left = json.loads(note.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    console = left.get("console") or {}
    return {user["email"]: user["password"] for user in console.get("users", ())}
