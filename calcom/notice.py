"""What a webhook of Cal.com tells: which booking to look at again, never what became of it.

Payloads come late, twice, out of order and in several shapes; a custom template may turn them into
anything. So nothing but pointers is read here, and those leniently.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

UNTOLD: Final = "UNTOLD"
"""The trigger of a body that names none, or none that could be one."""

ENDINGS: Final = frozenset({"BOOKING_CANCELLED", "BOOKING_REJECTED"})
"""Sent while Cal.com itself still says that the booking stands."""

CHANGES: Final = ENDINGS | {
    "BOOKING_CREATED",
    "BOOKING_NO_SHOW_UPDATED",
    "BOOKING_PAID",
    "BOOKING_PAYMENT_INITIATED",
    "BOOKING_REQUESTED",
    "BOOKING_RESCHEDULED",
}
"""Triggers about a booking that may have changed."""

_TRIGGER: Final = re.compile(r"[A-Z][A-Z0-9_]{0,63}")
_UID: Final = re.compile(r"[\w.@-]{1,200}", re.ASCII)


class NotANotice(ValueError):
    """Not a JSON object in UTF-8."""


@dataclass(frozen=True, slots=True)
class Absence:
    """When a host is away, end exclusive."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Notice:
    """A webhook, as far as it is believed."""

    trigger: str
    created_at: datetime | None
    """By Cal.com's clock; `None` if it does not tell."""
    digest: str
    """SHA-256 of the body: there is no delivery id."""
    uid: str | None = field(default=None, repr=False)
    """Of the booking to look at."""
    metadata: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    """Of that booking; missing from cancellations and confirmations."""
    absence: Absence | None = None
    stands: tuple[datetime, datetime] | None = None
    """From when to when the booking is said to stand; it may have changed since."""

    @property
    def dedupe_key(self) -> str:
        """The same for the same event, however often it is sent. The uid is in the digest."""
        created_at = self.created_at.isoformat() if self.created_at else ""
        return f"{self.trigger}/{created_at}/{self.digest}"

    @property
    def is_about_a_change(self) -> bool:
        """Whether the booking is worth a look. Cal.com adds triggers as it goes."""
        return self.uid is not None and (
            self.trigger in CHANGES or self.trigger.startswith("BOOKING_")
        )


def read(body: bytes) -> Notice:
    """Read a body whose signature is good, whatever content type it came under.

    Raises:
        NotANotice: It is no JSON object: cut off, or a form.

    Source: webhook version 2021-10-20, as observed; MEETING_* events have no `payload`.
    """
    try:
        envelope = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise NotANotice("the body is not JSON") from error
    if not isinstance(envelope, dict):
        raise NotANotice("the body is no JSON object")
    payload = envelope.get("payload")
    told: Mapping[str, Any] = payload if isinstance(payload, dict) else envelope
    return Notice(
        trigger=_trigger(envelope.get("triggerEvent")),
        created_at=_instant(envelope.get("createdAt")),
        digest=hashlib.sha256(body).hexdigest(),
        uid=_uid(told.get("uid")) or _uid(told.get("bookingUid")),
        metadata=_texts(told.get("metadata")),
        absence=_absence(told.get("oooEntry")),
        stands=_stands(told),
    )


def _trigger(value: object) -> str:
    return value if isinstance(value, str) and _TRIGGER.fullmatch(value) else UNTOLD


def _uid(value: object) -> str | None:
    return value if isinstance(value, str) and _UID.fullmatch(value) else None


def _texts(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        return {}
    return {key: text for key, text in value.items() if isinstance(text, str)}


def _absence(value: object) -> Absence | None:
    if not isinstance(value, dict):
        return None
    start, end = _instant(value.get("start")), _instant(value.get("end"))
    return Absence(start, end) if start and end and start < end else None


def _stands(told: Mapping[str, Any]) -> tuple[datetime, datetime] | None:
    start, end = _instant(told.get("startTime")), _instant(told.get("endTime"))
    return (start, end) if start and end and told.get("status") == "ACCEPTED" else None


def _instant(value: object) -> datetime | None:
    """An aware instant in UTC; anything else is nothing."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None
