"""Which host takes a booking."""

from http import HTTPStatus

from calcom.sandbox.availability import is_free, limited_periods
from calcom.sandbox.errors import Bare, bad_request
from calcom.sandbox.ranges import Range
from calcom.sandbox.records import EventType
from calcom.sandbox.world import World

_UNAVAILABLE = "either already has booking at this time or is not available"


def choose_host(
    world: World, event_type: EventType, wanted: Range, *, moving: str | None = None
) -> int:
    """A host who is free: of several, the one whose last booking was made longest ago.

    Args:
        world: The account.
        event_type: Its hosts are asked.
        wanted: The time, buffers not included.
        moving: Uid of a booking that is to move, whose own time is free.

    Raises:
        Refusal: 401 the limit of the day, week ... is used up; 400 nobody is free.
    """
    below_limit = [
        host
        for host in event_type.hosts
        if not any(
            wanted.overlaps(full)
            for full in limited_periods(world, event_type, host, wanted, moving=moving)
        )
    ]
    if not below_limit:
        raise Bare(HTTPStatus.UNAUTHORIZED, "booking_limit_reached")
    free = [h for h in below_limit if is_free(world, event_type, h, wanted, moving=moving)]
    if not free:
        who = "One of the hosts" if event_type.is_round_robin else "User"
        raise bad_request(f"{who} {_UNAVAILABLE}")
    return min(free, key=lambda host: _last_booked(world, event_type, host))


def _last_booked(world: World, event_type: EventType, host_id: int) -> int:
    """Number of the host's latest booking of a shared type; a type of one host needs none."""
    if not event_type.is_round_robin:
        return 0
    made = (
        b.id
        for b in world.bookings.values()
        if b.host_id == host_id and b.event_type_id == event_type.id
    )
    return max(made, default=0)
