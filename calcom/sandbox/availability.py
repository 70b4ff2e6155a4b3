"""When a host can be booked for a type: open hours without what is taken."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from calcom.sandbox.bounds import bookable_range, earliest_start, full_periods, period_of
from calcom.sandbox.opening import open_ranges
from calcom.sandbox.ranges import Range, subtract
from calcom.sandbox.records import Booking, EventType
from calcom.sandbox.world import World

_MARGIN = timedelta(days=1)


def free_ranges(
    world: World, event_type: EventType, host_id: int, bounds: Range, *, moving: str | None = None
) -> list[Range]:
    """The host's open hours within the bounds, less bookings with their buffers and full periods.

    Args:
        world: The account.
        event_type: What is asked for; its hours, buffers and limits count.
        host_id: Whose calendar.
        bounds: Where to look.
        moving: Uid of a booking that is to move, whose own time is free.
    """
    schedule = world.schedule_of(host_id, event_type)
    if schedule is None or bounds.start >= bounds.end:
        return []
    taken = [
        *_busy(world, event_type, host_id, bounds, moving=moving),
        *limited_periods(world, event_type, host_id, bounds, moving=moving),
    ]
    return subtract(open_ranges(schedule, bounds), taken)


def is_free(
    world: World, event_type: EventType, host_id: int, wanted: Range, *, moving: str | None = None
) -> bool:
    """Whether the host is free for the whole of the wanted time. Reservations do not count."""
    free = free_ranges(world, event_type, host_id, wanted, moving=moving)
    return any(r.contains(wanted) for r in free)


def is_within_bounds(
    world: World, event_type: EventType, start: datetime, *, now: datetime
) -> bool:
    """Whether a start keeps the notice and lies in the booking window."""
    if start < earliest_start(event_type, now):
        return False
    window = booking_window(world, event_type, now=now)
    return window is None or window.start <= start < window.end


def booking_window(world: World, event_type: EventType, *, now: datetime) -> Range | None:
    """The type's window in the zone of its owner."""
    owner = world.users[event_type.owner_id]
    return bookable_range(event_type.window, time_zone=owner.time_zone, now=now)


def limited_periods(
    world: World, event_type: EventType, host_id: int, bounds: Range, *, moving: str | None = None
) -> list[Range]:
    """Days, weeks ... in which the type's limit is used up."""
    if not event_type.booking_limits:
        return []
    zone = world.users[host_id].time_zone
    wide = bounds
    for unit in event_type.booking_limits:
        wide = Range(
            min(wide.start, period_of(bounds.start, unit, time_zone=zone).start),
            max(wide.end, period_of(bounds.end, unit, time_zone=zone).end),
        )
    counted = [
        b.start
        for b in world.bookings_around(host_id, wide)
        if b.event_type_id == event_type.id and b.status == "accepted" and b.uid != moving
    ]
    return full_periods(event_type.booking_limits, counted, time_zone=zone)


def _busy(
    world: World, event_type: EventType, host_id: int, bounds: Range, *, moving: str | None
) -> Iterator[Range]:
    around = Range(bounds.start - _MARGIN, bounds.end + _MARGIN)
    for booking in world.bookings_around(host_id, around):
        if booking.uid != moving and _blocks(booking, event_type):
            own = world.event_types.get(booking.event_type_id or 0)
            before = own.before_buffer_minutes if own else 0
            after = own.after_buffer_minutes if own else 0
            yield Range(
                booking.start - timedelta(minutes=before + event_type.after_buffer_minutes),
                booking.end + timedelta(minutes=after + event_type.before_buffer_minutes),
            )

    for engagement in world.engagements.values():
        if engagement.user_id == host_id:
            yield Range(
                engagement.start - timedelta(minutes=event_type.after_buffer_minutes),
                engagement.end + timedelta(minutes=event_type.before_buffer_minutes),
            )


def _blocks(booking: Booking, event_type: EventType) -> bool:
    """Whether a booking takes its time away from those who want that type.

    A pending one blocks only its own type, and only if the type says so. A seated one does not
    block its own type: whether a seat is left is another question.
    """
    same_type = booking.event_type_id == event_type.id
    if booking.status == "pending":
        return same_type and event_type.pending_blocks_slot
    if same_type and event_type.seats and event_type.seats.per_slot > 1 and booking.attendees:
        return False
    return booking.status == "accepted"
