"""GET /v2/slots: what a type offers, computed and remembered for a moment."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from calcom.sandbox.availability import booking_window, free_ranges
from calcom.sandbox.bounds import earliest_start
from calcom.sandbox.grid import starts
from calcom.sandbox.instants import local
from calcom.sandbox.ranges import Range, clip
from calcom.sandbox.records import EventType, Reservation
from calcom.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked; equal questions at about the same time get the same answer."""

    event_type_id: int
    start: datetime
    end: datetime
    time_zone: str | None
    length_minutes: int
    moving: str | None


@dataclass(frozen=True, slots=True)
class SeatCount:
    """How full a slot of a seated type is; a reservation counts as a seat."""

    booked: int
    total: int
    uid: str | None
    """Of the booking; without one, of a reservation, as Cal.com mixes them up."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One start, with the seats of a seated type."""

    start: datetime
    seats: SeatCount | None = None


class SlotCache:
    """Answers of the last seconds, stale or not."""

    def __init__(self, seconds: float) -> None:
        self._lifetime = timedelta(seconds=seconds)
        self._answers: dict[Question, tuple[datetime, list[Offer]]] = {}

    def recall(self, question: Question, *, now: datetime) -> list[Offer] | None:
        """The answer to that question if it is young enough."""
        self._forget(now - self._lifetime)
        kept = self._answers.get(question)
        return None if kept is None else kept[1]

    def keep(self, question: Question, offers: list[Offer], *, now: datetime) -> None:
        """Remember an answer."""
        self._answers[question] = (now, offers)

    def _forget(self, horizon: datetime) -> None:
        """Drop what is too old; the oldest answers come first."""
        while self._answers:
            oldest = next(iter(self._answers))
            if self._answers[oldest][0] > horizon:
                return
            del self._answers[oldest]


def find(world: World, question: Question, *, now: datetime) -> list[Offer]:
    """What is offered, earliest first. Expired reservations of the hosts are swept on the way."""
    event_type = world.event_types[question.event_type_id]
    sweep(world, event_type.hosts, now=now)
    window = booking_window(world, event_type, now=now)
    length = timedelta(minutes=question.length_minutes)
    step = timedelta(minutes=event_type.slot_interval_minutes or question.length_minutes)
    found: set[datetime] = set()
    for host_id in event_type.hosts:
        bounds = Range(question.start, question.end)
        free = free_ranges(world, event_type, host_id, bounds, moving=question.moving)
        if window is not None:
            free = clip(free, window)
        offered = starts(
            free,
            length=length,
            step=step,
            offset=timedelta(minutes=event_type.offset_start_minutes),
            not_before=earliest_start(event_type, now),
        )
        held = [
            r
            for r in world.reservations.values()
            if r.user_id == host_id and not _is_seat_of(r, event_type)
        ]
        found.update(s for s in offered if not _is_reserved(Range(s, s + length), held))
    ordered = sorted(found)
    if event_type.only_first_slot:
        ordered = _first_of_each_day(ordered, question.time_zone)
    return [_offer(world, event_type, start) for start in ordered]


def sweep(world: World, host_ids: list[int], *, now: datetime) -> None:
    """Delete expired reservations, as a slots query of their host does."""
    expired = [r for r in world.reservations.values() if r.user_id in host_ids and r.until <= now]
    for reservation in expired:
        world.remove(reservation)
    world.commit()


def render(
    offers: list[Offer], *, time_zone: str | None, length_minutes: int, as_ranges: bool
) -> dict[str, list[dict[str, Any]]]:
    """Offers by local date; a date without any is not a key."""
    days: dict[str, list[dict[str, Any]]] = {}
    for offer in offers:
        start = local(offer.start, time_zone)
        item: dict[str, Any] = {"start": start}
        if as_ranges:
            item["end"] = local(offer.start + timedelta(minutes=length_minutes), time_zone)
        if seats := offer.seats:
            item["seatsBooked"] = seats.booked
            item["seatsRemaining"] = seats.total - seats.booked
            item["seatsTotal"] = seats.total
            if seats.uid is not None:
                item["bookingUid"] = seats.uid
        days.setdefault(start[:10], []).append(item)
    return days


def _offer(world: World, event_type: EventType, start: datetime) -> Offer:
    if event_type.seats is None:
        return Offer(start)
    held = [
        r.uid
        for r in world.reservations.values()
        if _is_seat_of(r, event_type) and r.start == start
    ]
    booking = world.seated_booking(event_type, start)
    uids = [booking.uid, *held] if booking is not None else held
    taken = len(held) + (len(booking.attendees) if booking is not None else 0)
    return Offer(start, SeatCount(taken, event_type.seats.per_slot, next(iter(uids), None)))


def _is_seat_of(reservation: Reservation, event_type: EventType) -> bool:
    return reservation.is_seat and reservation.event_type_id == event_type.id


def _is_reserved(slot: Range, held: list[Reservation]) -> bool:
    return any(slot.overlaps(Range(r.start, r.end)) for r in held)


def _first_of_each_day(ordered: list[datetime], time_zone: str | None) -> list[datetime]:
    zone = ZoneInfo(time_zone or "UTC")
    days: dict[object, datetime] = {}
    for start in ordered:
        days.setdefault(start.astimezone(zone).date(), start)
    return list(days.values())
