"""What processes tell each other: something has changed, and what that means for what is known."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from booking.availability.days import Mark
from booking.availability.shelves import Listing
from booking.business import Business, EventType
from booking.hours import days_of
from booking.slots import Span


class Effect(StrEnum):
    """What happened to a stretch of a host's time."""

    CLAIMED = "claimed"
    """Our claims differ, in either way: what Cal.com lists still holds, less those."""
    FREED = "freed"
    """A booking has gone: its starts are back, and Cal.com should confirm that soon."""
    UNKNOWN = "unknown"
    """Something else: nothing is offered there before Cal.com has been asked."""


@dataclass(frozen=True, slots=True)
class News:
    """What is to be forgotten: `CLAIMED` names no days, because no answer of Cal.com's is wrong."""

    business_id: UUID
    at: float
    """Seconds since the epoch: answers asked for later know of it already."""
    days: Mapping[Listing, Mapping[date, Mark]]

    def dumps(self, sender: str) -> str:
        """As sent; `sender` recognises its own."""
        return json.dumps(
            {
                "from": sender,
                "business": str(self.business_id),
                "at": self.at,
                "days": [
                    [str(to.event_type_id), to.zone, {f"{day}": mark for day, mark in days.items()}]
                    for to, days in self.days.items()
                ],
            },
            separators=(",", ":"),
        )


def loads(sent: bytes | str) -> tuple[str, News]:
    """The sender and what it told.

    Raises:
        ValueError: It is no news of ours.
    """
    try:
        told = json.loads(sent)
        business_id = UUID(told["business"])
        days = {
            Listing(business_id, UUID(kind), zone): {
                date.fromisoformat(day): Mark(mark) for day, mark in of_kind.items()
            }
            for kind, zone, of_kind in told["days"]
        }
        return str(told["from"]), News(business_id, float(told["at"]), days)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"no news: {error!r}") from error


def touched_kinds(business: Business, hosts: Collection[UUID | None]) -> list[EventType]:
    """The event types whose slots a change of these hosts' time may change.

    Args:
        business: Whose.
        hosts: Whose time it is; `None` among them is anybody's.
    """
    return [
        kind
        for kind in business.event_types.values()
        if None in hosts
        or not kind.performers
        or any(person.id in hosts for person in kind.performers)
    ]


def touched_days(
    business: Business, kinds: Iterable[EventType], spans: Iterable[Span]
) -> dict[Listing, set[date]]:
    """The local days of each listing that these spans touch, in every zone of the business' lines.

    Lengths and buffers included: what is near midnight may touch the day before.
    """
    days: dict[Listing, set[date]] = {}
    wide = [(span, kind) for span in spans for kind in kinds]
    for zone in {line.timezone for line in business.lines}:
        for span, kind in wide:
            days.setdefault(Listing(business.id, kind.id, zone.key), set()).update(
                _days(span, kind, zone)
            )
    return days


def _days(span: Span, kind: EventType, zone: ZoneInfo) -> list[date]:
    before = kind.length + timedelta(minutes=kind.after_buffer_minutes)
    after = timedelta(minutes=kind.before_buffer_minutes)
    return days_of(Span(span.start - before, span.end + after), zone)
