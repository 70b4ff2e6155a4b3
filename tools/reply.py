"""The one envelope that every tool answers with, on every platform."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    """What became of a tool call. A closed set: prompts and evals rely on these words."""

    AVAILABLE = "available"
    NONE_FREE = "none_free"
    BOOKED = "booked"
    REQUESTED = "requested"
    SLOT_TAKEN = "slot_taken"
    MOVED = "moved"
    UNCHANGED = "unchanged"
    CANCELLED = "cancelled"
    FOUND = "found"
    NONE_FOUND = "none_found"
    IDENTIFIED = "identified"
    NEW_CALLER = "new_caller"
    NEED_DATE = "need_date"
    NEED_TIME = "need_time"
    NEED_SERVICE = "need_service"
    NEED_NAME = "need_name"
    NEED_CHOICE = "need_choice"
    NEED_CONFIRMATION = "need_confirmation"
    IN_THE_PAST = "in_the_past"
    TOO_SOON = "too_soon"
    TOO_FAR = "too_far"
    CLOSED = "closed"
    OUTSIDE_HOURS = "outside_hours"
    ALREADY_BOOKED = "already_booked"
    UNKNOWN_SERVICE = "unknown_service"
    SERVICE_UNAVAILABLE = "service_unavailable"
    NOT_PERMITTED = "not_permitted"
    LIMITED = "limited"
    CALLBACK_CREATED = "callback_created"
    TECHNICAL_FAULT = "technical_fault"


@dataclass(frozen=True, slots=True)
class SpokenSlot:
    """A bookable time as the model sees it; `id` is a letter that is stable within the call."""

    id: str
    start: datetime
    spoken: str
    staff: str | None = None


@dataclass(frozen=True, slots=True)
class Was:
    """Where a booking stood before it was moved."""

    start: datetime
    spoken: str


@dataclass(frozen=True, slots=True)
class SpokenBooking:
    """A booking as the model sees it; `id` is a number that is stable within the call."""

    id: str
    service: str
    start: datetime
    end: datetime
    spoken: str
    name: str
    staff: str | None = None
    was: Was | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What a tool says: a status for the machine and one sentence for the caller.

    `ok` is false for technical faults only. `booked` is true only when the calendar holds the
    booking.
    """

    status: Status
    say: str
    ok: bool = True
    slots: Sequence[SpokenSlot] = ()
    booking: SpokenBooking | None = None
    bookings: Sequence[SpokenBooking] = ()
    known: Mapping[str, str] = field(default_factory=dict[str, str])
    missing: Sequence[str] = ()

    @property
    def booked(self) -> bool:
        return self.status is Status.BOOKED

    def line(self, *, now: datetime) -> str:
        """The reply as one line of JSON; `now` (aware, local) tells the model today's date."""
        envelope: dict[str, Any] = {
            "ok": self.ok,
            "status": self.status,
            "booked": self.booked,
            "say": " ".join(self.say.split()),
        }
        if self.slots:
            envelope["slots"] = [_without_none(slot) for slot in self.slots]
        if self.booking:
            envelope["booking"] = _without_none(self.booking)
        if self.bookings:
            envelope["bookings"] = [_without_none(booking) for booking in self.bookings]
        if self.known:
            envelope["known"] = dict(self.known)
        if self.missing:
            envelope["missing"] = list(self.missing)
        envelope["now"] = now.isoformat(timespec="seconds")
        return json.dumps(envelope, ensure_ascii=False, separators=(",", ":"))


def _without_none(spoken: SpokenSlot | SpokenBooking | Was) -> dict[str, Any]:
    """Leave out what is unknown: each character is read by a model while a caller waits."""
    values = {name: getattr(spoken, name) for name in spoken.__slots__}
    return {name: _plain(value) for name, value in values.items() if value is not None}


def _plain(value: str | datetime | Was) -> str | dict[str, Any]:
    match value:
        case datetime():
            return value.isoformat(timespec="seconds")
        case Was():
            return _without_none(value)
        case _:
            return value
