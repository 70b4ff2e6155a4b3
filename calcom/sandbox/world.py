"""Everything the stand-in knows, in memory, written through to a store."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import chain
from typing import Protocol

from calcom.sandbox.ranges import Range
from calcom.sandbox.records import (
    ApiKey,
    Booking,
    Engagement,
    EventType,
    Reservation,
    Schedule,
    Seed,
    User,
    Webhook,
)
from calcom.sandbox.shelves import Shelves

Record = ApiKey | User | Schedule | EventType | Booking | Engagement | Reservation | Webhook


class Store(Protocol):
    """Where changes are kept beyond this process."""

    def load(self, world: "World") -> bool: ...

    def save(self, record: Record) -> None: ...

    def remove(self, record: Record) -> None: ...

    def reach(self, counter: str, value: int) -> None: ...

    def commit(self) -> None: ...

    def close(self) -> None: ...


class Nowhere:
    """The store of a stand-in that lives in memory only."""

    def load(self, world: "World") -> bool:  # noqa: ARG002 - there is nothing to load
        """Nothing was kept."""
        return False

    def save(self, record: Record) -> None:
        """Forget it."""

    def remove(self, record: Record) -> None:
        """Nothing is kept."""

    def reach(self, counter: str, value: int) -> None:
        """Nothing is counted."""

    def commit(self) -> None:
        """Nothing is pending."""

    def close(self) -> None:
        """Nothing is open."""


class World:
    """Users, schedules, event types, bookings, reservations and webhooks of one account.

    Records are changed in place and then `put`; `commit` makes what was put durable. Between two
    commits there is no await, so a crash never keeps half of a change.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._last_ids: dict[str, int] = defaultdict(int)
        self._shelves = Shelves()
        self.api_keys: dict[str, ApiKey] = {}
        self.users: dict[int, User] = {}
        self.schedules: dict[int, Schedule] = {}
        self.event_types: dict[int, EventType] = {}
        self.bookings: dict[str, Booking] = {}
        self.engagements: dict[int, Engagement] = {}
        self.reservations: dict[str, Reservation] = {}
        self.webhooks: dict[str, Webhook] = {}

    def plant(self, seed: Seed) -> None:
        """Take over a copy of a seed's records."""
        seed = seed.model_copy(deep=True)
        groups: tuple[Sequence[Record], ...] = (
            seed.api_keys,
            seed.users,
            seed.schedules,
            seed.event_types,
            seed.bookings,
            seed.reservations,
            seed.webhooks,
        )
        for record in chain.from_iterable(groups):
            self.put(record)
        self.commit()

    def renew(self, seed: Seed) -> None:
        """Take over only what links an account to its surroundings: API keys and webhooks."""
        links = seed.model_copy(deep=True)
        for key in links.api_keys:
            self.put(key)
        for webhook in links.webhooks:
            self.put(webhook)
        self.commit()

    def put(self, record: Record) -> None:
        """Add a record, or take notice that it changed."""
        self.hold(record)
        self._store.save(record)

    def hold(self, record: Record) -> None:  # noqa: C901 - a case for each kind
        """Keep a record in memory without writing it to the store."""
        match record:
            case ApiKey():
                self.api_keys[record.key] = record
            case User():
                self.users[record.id] = record
            case Schedule():
                self.schedules[record.id] = record
            case EventType():
                self.event_types[record.id] = record
            case Booking():
                self.bookings[record.uid] = record
                self._shelves.place(record)
                for attendee in record.attendees:
                    self._reach("attendee", attendee.id)
            case Engagement():
                self.engagements[record.id] = record
            case Reservation():
                self.reservations[record.uid] = record
            case Webhook():
                self.webhooks[record.id] = record
        if isinstance(record, User | Schedule | EventType | Booking | Engagement):
            self._reach(type(record).__name__.lower(), record.id)

    def remove(self, record: Schedule | EventType | Reservation | Webhook) -> None:
        """Delete a record."""
        match record:
            case Schedule():
                self.schedules.pop(record.id, None)
            case EventType():
                self.event_types.pop(record.id, None)
            case Reservation():
                self.reservations.pop(record.uid, None)
            case Webhook():
                self.webhooks.pop(record.id, None)
        self._store.remove(record)

    def commit(self) -> None:
        """Make everything durable that was put or removed since the last commit."""
        self._store.commit()

    def close(self) -> None:
        """Let go of the store."""
        self._store.close()

    def next_id(self, kind: str) -> int:
        """A number that no record of that kind has had."""
        self._reach(kind, self._last_ids[kind] + 1)
        self._store.reach(kind, self._last_ids[kind])
        return self._last_ids[kind]

    def reach(self, kind: str, value: int) -> None:
        """Never give out a number up to `value` again."""
        self._reach(kind, value)

    def bookings_around(self, user_id: int, around: Range) -> Iterable[Booking]:
        """Bookings of a host on the UTC days that the range touches, cancelled ones included."""
        return [self.bookings[uid] for uid in self._shelves.around(user_id, around)]

    def seated_booking(self, event_type: EventType, start: datetime) -> Booking | None:
        """The live booking of a seated type at that start."""
        at = Range(start, start)
        return next(
            (
                b
                for host_id in event_type.hosts
                for b in self.bookings_around(host_id, at)
                if b.event_type_id == event_type.id and b.start == start and b.is_live
            ),
            None,
        )

    def holds_key(self, idempotency_key: str) -> bool:
        """Whether an accepted booking already stands under that key."""
        return self._shelves.holds(idempotency_key)

    def event_type_by_slug(self, slug: str, username: str) -> EventType | None:
        """The type with that slug among those of the user."""
        return next(
            (
                e
                for e in self.event_types.values()
                if e.slug == slug and self.users[e.owner_id].username == username
            ),
            None,
        )

    def user_by_name(self, username: str) -> User | None:
        """The user with that username."""
        return next((u for u in self.users.values() if u.username == username), None)

    def schedule_of(self, user_id: int, event_type: EventType) -> Schedule | None:
        """The hours that count for a host and a type: the type's own, else the host's default."""
        if event_type.schedule_id is not None:
            return self.schedules.get(event_type.schedule_id)
        default = self.users[user_id].default_schedule_id
        return None if default is None else self.schedules.get(default)

    def _reach(self, kind: str, value: int) -> None:
        self._last_ids[kind] = max(self._last_ids[kind], value)
