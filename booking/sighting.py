"""Finding a booking at Cal.com under whatever name it has by now: each move gives it a new one."""

from dataclasses import dataclass, field
from typing import Final

from booking.agreement import is_live
from booking.bookings import Booking
from calcom.client import Client
from calcom.errors import NotFound
from calcom.shapes import Booking as CalcomBooking
from db.states import DEAD

_MOST_MOVES: Final = 10
"""Of one booking, as far as its names are followed."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """What Cal.com shows of a booking."""

    theirs: CalcomBooking | None = field(repr=False)
    """After its latest move; `None` if Cal.com has never heard of it."""
    twin: CalcomBooking | None = field(default=None, repr=False)
    """Another live one that goes by the same record of ours."""
    names: frozenset[str] = field(default=frozenset(), repr=False)
    """All uids that it has and had."""


async def look(client: Client, uid: str, ours: Booking | None) -> Sighting:
    """Ask for a booking, starting where our record says it is, if there is one.

    Args:
        client: Of the business.
        uid: Any that the booking has or had.
        ours: Our record of it, as far as it is found.

    Raises:
        CalcomError: Cal.com cannot be asked, or answered something else than a booking.
        NotFound: Neither Cal.com nor a live record knows it.
    """
    known = ours.calcom_uid if ours else None
    try:
        chain = await _moves(client, known or uid)
    except NotFound:
        if ours is None or known is None or ours.state in DEAD:
            raise
        return Sighting(None)
    theirs = chain[-1]
    names = {booking.uid for booking in chain}
    if ours is None:
        names |= set(await _former(client, chain[0]))
    elif uid not in names | {theirs.rescheduled_from_uid}:
        other = (await _moves(client, uid))[-1]
        if is_live(other) and is_live(theirs) and other.uid != theirs.uid:
            return Sighting(theirs, twin=other)
    return Sighting(theirs, names=frozenset(names))


async def _moves(client: Client, uid: str) -> list[CalcomBooking]:
    """A booking and what its moves made of it, the latest last."""
    chain = [await client.get_booking(uid)]
    while (following := chain[-1].rescheduled_to_uid) and len(chain) <= _MOST_MOVES:
        if any(booking.uid == following for booking in chain):
            break
        chain.append(await client.get_booking(following))
    return chain


async def _former(client: Client, first: CalcomBooking) -> list[str]:
    """The names that a booking had before, the latest first."""
    names: list[str] = []
    earlier = first.rescheduled_from_uid
    while earlier and earlier not in names and len(names) < _MOST_MOVES:
        names.append(earlier)
        try:
            earlier = (await client.get_booking(earlier)).rescheduled_from_uid
        except NotFound:
            break
    return names
