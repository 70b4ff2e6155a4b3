"""Which credentials to store so that a business has those that its file names."""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from booking.vault import Vault
from db.businesses import CredentialRow
from slotline.business_file.changes import Change, Effect
from slotline.business_file.schema import GENERATE, BusinessFile, Credentials

OURS = (
    "api_key",
    "retell_llm_secret",
    "vapi_secret",
    "elevenlabs_secret",
    "calcom_webhook_secret",
    "webhook_secret",
)
"""Ours to choose, so made at the first apply if the file does not name them."""

GRACE = timedelta(days=1)
"""How long a replaced secret stays valid: time to enter the new one at the other side."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """A secret to store, and those that it takes the place of."""

    name: str
    secret: str = field(repr=False)
    replaces: Sequence[UUID]
    change: Change


def replacements(
    file: BusinessFile, stored: Sequence[CredentialRow], *, vault: Vault, now: datetime
) -> Iterator[Replacement]:
    """What is missing. A credential that the file does not name stays as it is.

    Raises:
        SecretKeyWrong: What is stored was sealed with another key.
    """
    for name in Credentials.model_fields:
        written = getattr(file.credentials, name)
        text = written.get_secret_value() if written else GENERATE if name in OURS else None
        valid = {
            row.id: vault.open(row.secret_encrypted)
            for row in stored
            if row.name == name and (row.retires_at is None or now < row.retires_at)
        }
        if text is None or text in valid.values() or (text == GENERATE and valid):
            continue
        entry = ("credential", name)
        if text == GENERATE:
            told = [f"generated, `slotline key show {file.slug} {name}` tells it"]
            made = secrets.token_urlsafe(32)
            yield Replacement(name, made, [], Change(Effect.ADDED, entry, told))
        elif valid:
            until = f"{now + GRACE:%Y-%m-%d %H:%M} UTC"
            told = [f"replaced, the old one stays valid until {until}"]
            yield Replacement(name, text, list(valid), Change(Effect.CHANGED, entry, told))
        else:
            yield Replacement(name, text, [], Change(Effect.ADDED, entry))
