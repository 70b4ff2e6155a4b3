"""Our claims on time at Cal.com: holds for calls, and what bookings occupy.

What is claimed is a host's time, that of one of several hosts, or a seat. Of any number of claims
that cannot stand together the constraints of the table let one through.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from psycopg.types.json import Jsonb

from db.errors import ClaimTaken, Overlaps
from db.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Place:
    """What a booking or a hold takes: the first of `hosts` who is free, or the first free seat."""

    event_type_id: UUID
    hosts: tuple[UUID, ...]
    """Whoever may perform it. With `seats` the one whose time all seats share, if that is known."""
    starts_at: datetime
    during: tuple[datetime, datetime]
    """The host's time, buffers included, end exclusive."""
    seats: int | None = None
    shared_by: UUID | None = None
    """Claims of one holder may overlap: all seats of a course name the same."""

    def to_json(self) -> dict[str, Any]:
        """As a row of `PARTS`."""
        return {
            "claim_id": str(uuid4()),
            "kind_id": str(self.event_type_id),
            "hosts": [str(host) for host in self.hosts],
            "seats": self.seats,
            "starts_at": self.starts_at.isoformat(),
            "claimed_from": self.during[0].isoformat(),
            "claimed_until": self.during[1].isoformat(),
            "shared_by": self.shared_by and str(self.shared_by),
        }


async def hold(
    tx: Transaction,
    *,
    places: Sequence[Place],
    call_id: UUID,
    expires_at: datetime,
    now: datetime,
    for_booking: UUID | None = None,
) -> None:
    """Keep places for a call, all or none, instead of whatever the call held before.

    Args:
        tx: Where.
        places: What to keep, earliest first.
        call_id: Whose hold it is.
        expires_at: Until when, unless it is booked or let go.
        now: When.
        for_booking: The booking (or its group) that shall move there, and is not in its own way.

    Raises:
        ClaimTaken: Somebody else holds or has booked some of that time; nothing has changed.
    """
    holder = for_booking or call_id
    try:
        await tx.all(
            """
            WITH cleared AS (
                DELETE FROM claim
                WHERE call_id = %(call_id)s AND expires_at IS NOT NULL
                RETURNING id
            ), part AS (
                SELECT * FROM jsonb_to_recordset(%(places)s) AS part (
                    claim_id uuid, kind_id uuid, hosts uuid[], seats integer,
                    starts_at timestamptz, claimed_from timestamptz, claimed_until timestamptz,
                    shared_by uuid)
            )
            SELECT claim_place(
                claim_id, %(business_id)s::uuid, %(call_id)s, NULL,
                coalesce(shared_by, %(holder)s), kind_id, hosts, seats, starts_at,
                tstzrange(claimed_from, claimed_until), %(expires_at)s, %(now)s)
            FROM (SELECT count(*) FROM cleared) AS after_clearing, part
            """,
            {
                "places": Jsonb([place.to_json() for place in places]),
                "call_id": call_id,
                "holder": holder,
                "expires_at": expires_at,
                "now": now,
            },
            into=UUID,
        )
    except Overlaps as error:
        raise ClaimTaken(places[0].event_type_id) from error


async def take(
    tx: Transaction,
    *,
    places: Mapping[UUID, Place],
    call_id: UUID | None,
    holder: UUID,
    now: datetime,
) -> None:
    """Claim one more place for each of some bookings, which shall move there, all or none.

    Args:
        tx: Where.
        places: By the bookings' ids.
        call_id: Whose holds end.
        holder: Whose other claims are not in the way: the booking's, or its group's.
        now: When.

    Raises:
        ClaimTaken: Somebody else holds or has booked some of that time. The transaction is over.
    """
    try:
        await tx.all(
            """
            WITH cleared AS (
                DELETE FROM claim
                WHERE call_id = %(call_id)s AND expires_at IS NOT NULL
                RETURNING id
            ), part AS (
                SELECT * FROM jsonb_to_recordset(%(places)s) AS part (
                    booking_id uuid, claim_id uuid, kind_id uuid, hosts uuid[], seats integer,
                    starts_at timestamptz, claimed_from timestamptz, claimed_until timestamptz,
                    shared_by uuid)
            )
            SELECT claim_place(
                claim_id, %(business_id)s::uuid, %(call_id)s, booking_id,
                coalesce(shared_by, %(holder)s), kind_id, hosts, seats, starts_at,
                tstzrange(claimed_from, claimed_until), NULL, %(now)s)
            FROM (SELECT count(*) FROM cleared) AS after_clearing, part
            """,
            {
                "places": Jsonb(
                    [{**place.to_json(), "booking_id": str(id_)} for id_, place in places.items()]
                ),
                "call_id": call_id,
                "holder": holder,
                "now": now,
            },
            into=UUID,
        )
    except Overlaps as error:
        raise ClaimTaken(next(iter(places.values())).event_type_id) from error


async def follow_host(
    tx: Transaction, *, booking_id: UUID, staff_id: UUID, starts_at: datetime
) -> bool:
    """Move a booking's claim to the host whom Cal.com has chosen among several.

    If another wish that may yet go to either host has claimed that one for the time being, the two
    change places.

    Returns:
        Whether the claim is that host's now; if not, another swap was faster: try again.

    Raises:
        Overlaps: The host's time is claimed for good by somebody else. The transaction is over.
    """
    followed = await tx.only(
        _FOLLOW_HOST,
        {"booking_id": booking_id, "staff_id": staff_id, "starts_at": starts_at},
        into=int,
    )
    return followed > 0


async def release_call(tx: Transaction, *, call_id: UUID) -> bool:
    """Let go what a call holds; what it has booked stays."""
    released = await tx.run(
        "DELETE FROM claim WHERE call_id = %(call_id)s AND expires_at IS NOT NULL",
        {"call_id": call_id},
    )
    return released > 0


async def expire(tx: Transaction, *, now: datetime) -> int:
    """Forget holds that have expired, and claims on time that is over; tells how many.

    What is over guards nothing, and each claim that stays makes every look at its host dearer.
    """
    return await tx.run(
        """
        DELETE FROM claim
        WHERE expires_at <= %(now)s OR upper(during) <= %(now)s
        """,
        {"now": now},
    )


_FOLLOW_HOST = """
WITH mine AS (
    SELECT * FROM claim
    WHERE booking_id = %(booking_id)s AND starts_at = %(starts_at)s AND expires_at IS NULL
), rival AS (
    SELECT claim.id
    FROM mine JOIN claim ON claim.staff_id = %(staff_id)s AND claim.during && mine.during
            AND claim.holder <> mine.holder
        JOIN event_type AS kind ON kind.id = claim.event_type_id
        LEFT JOIN booking ON booking.id = claim.booking_id
    WHERE mine.staff_id <> %(staff_id)s AND kind.kind = 'round_robin'
        AND (mine.staff_id = ANY (kind.host_ids) OR kind.host_ids = '{}')
        AND (claim.expires_at IS NOT NULL OR booking.state IN ('pending', 'queued'))
), lifted AS (
    DELETE FROM claim
    WHERE id IN (SELECT id FROM mine WHERE staff_id <> %(staff_id)s UNION SELECT id FROM rival)
    RETURNING *
), laid AS (
    INSERT INTO claim (
        id, business_id, call_id, booking_id, holder, event_type_id, staff_id, number,
        starts_at, during, expires_at, created_at)
    SELECT
        lifted.id, lifted.business_id, lifted.call_id, lifted.booking_id, lifted.holder,
        lifted.event_type_id,
        CASE WHEN lifted.id = mine.id THEN %(staff_id)s ELSE mine.staff_id END,
        lifted.number, lifted.starts_at, lifted.during, lifted.expires_at, lifted.created_at
    FROM lifted, mine
    RETURNING booking_id
)
SELECT (SELECT count(*) FROM mine WHERE staff_id = %(staff_id)s)
    + (SELECT count(*) FROM laid WHERE booking_id = %(booking_id)s)
"""
