"""What we send, in the spelling that Cal.com takes: instants, attendees, metadata, filters."""

import json
import logging
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from calcom.errors import InvalidAttendee

_log = logging.getLogger(__name__)

_E164: Final = re.compile(r"\+[1-9]\d{6,14}")

_MOST_KEYS: Final = 50
_LONGEST_KEY: Final = 40
_LONGEST_VALUE: Final = 500
"""Cal.com's limits on metadata. Lengths are JavaScript's: in units of UTF-16."""


@dataclass(frozen=True, slots=True)
class Attendee:
    """For whom to book. At least one of `email` and `phone_number` must be given.

    Most event types insist on the e-mail address. `phone_number` is E.164: Cal.com makes addresses
    out of others that nobody would find again. `timezone` is an IANA name; `language` one of the
    locales of Cal.com's app.
    """

    name: str
    timezone: str
    email: str | None = None
    phone_number: str | None = None
    language: str | None = None

    def to_json(self) -> dict[str, object]:
        """The `attendee` of a booking.

        Raises:
            InvalidAttendee: The phone number is not E.164, or there is no way to reach them.
        """
        if self.phone_number is not None and not _E164.fullmatch(self.phone_number):
            raise InvalidAttendee("the phone number is not E.164", field="attendeePhoneNumber")
        if not self.email and not self.phone_number:
            raise InvalidAttendee("neither an e-mail address nor a phone number", field="email")
        return given(
            name=self.name,
            timeZone=self.timezone,
            email=self.email,
            phoneNumber=self.phone_number,
            language=self.language,
        )


class ListStatus(StrEnum):
    """What `GET /v2/bookings` can be narrowed to. Without one, bookings in any state come back."""

    UPCOMING = "upcoming"
    """Pending ones included."""
    RECURRING = "recurring"
    PAST = "past"
    CANCELLED = "cancelled"
    UNCONFIRMED = "unconfirmed"


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingFilter:
    """Which bookings to list; all that are given must hold.

    Instants are inclusive. `attendee_email` and `attendee_name` match whole values, and the case
    counts. There is no filter on metadata.
    """

    statuses: Sequence[ListStatus] = ()
    attendee_email: str | None = None
    attendee_name: str | None = None
    uid: str | None = None
    event_type_ids: Sequence[int] = ()
    after_start: datetime | None = None
    before_end: datetime | None = None
    after_created: datetime | None = None
    before_created: datetime | None = None
    after_updated: datetime | None = None
    before_updated: datetime | None = None

    def to_query(self) -> dict[str, object]:
        """The query, without the page."""
        only_one = len(self.event_type_ids) == 1
        return given(
            status=_listed(self.statuses),
            attendeeEmail=self.attendee_email,
            attendeeName=self.attendee_name,
            bookingUid=self.uid,
            eventTypeId=self.event_type_ids[0] if only_one else None,
            eventTypeIds=None if only_one else _listed(self.event_type_ids),
            afterStart=instant(self.after_start),
            beforeEnd=instant(self.before_end),
            afterCreatedAt=instant(self.after_created),
            beforeCreatedAt=instant(self.before_created),
            afterUpdatedAt=instant(self.after_updated),
            beforeUpdatedAt=instant(self.before_updated),
        )


EVERYTHING: Final = BookingFilter()
"""Every booking that the key may see."""


def given(**fields: object) -> dict[str, object]:
    """The fields that are not `None`: Cal.com takes no null for a missing one."""
    return {name: value for name, value in fields.items() if value is not None}


def instant(moment: datetime | None) -> str | None:
    """`2027-02-02T14:00:00Z`, with milliseconds if there are any.

    Raises:
        ValueError: The datetime is naive: whose wall clock is it?
    """
    if moment is None:
        return None
    if moment.tzinfo is None:
        raise ValueError("an instant needs a zone")
    spec = "milliseconds" if moment.microsecond else "seconds"
    return moment.astimezone(UTC).isoformat(timespec=spec).replace("+00:00", "Z")


def fit_metadata(metadata: Mapping[str, object]) -> dict[str, str]:
    """Metadata that Cal.com takes: one number in it, and it would refuse the whole booking.

    Empty values are dropped, others become texts, and long ones are cut. Keys beyond Cal.com's
    limits are left out and logged: a booking matters more than a note on it, so put what matters
    first.

    Args:
        metadata: Such as `{"party": 2, "first_visit": True, "note": None}`.

    Returns:
        Such as `{"party": "2", "first_visit": "true"}`.
    """
    texts = {key: _cut(text) for key, value in metadata.items() if (text := _text(value))}
    fitting = [key for key in texts if 0 < _length(key) <= _LONGEST_KEY][:_MOST_KEYS]
    if left_out := texts.keys() - fitting:
        _log.warning("calcom_metadata_left_out", extra={"keys": sorted(left_out)})
    return {key: texts[key] for key in fitting}


def _text(value: object) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping | list | tuple):
        return json.dumps(value, ensure_ascii=False, default=str) if value else ""
    return str(value)


def _length(text: str) -> int:
    return len(text.encode("utf-16-le", "replace")) // 2


def _cut(text: str) -> str:
    """No half of a character stays behind at the cut."""
    units = text.encode("utf-16-le", "replace")[: 2 * _LONGEST_VALUE]
    return units.decode("utf-16-le", "ignore")


def _listed(values: Iterable[object]) -> str | None:
    return ",".join(str(value) for value in values) or None
