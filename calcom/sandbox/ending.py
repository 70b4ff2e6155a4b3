"""Cancelling: a booking, the rest of a recurrence, or one seat."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from calcom.sandbox import announcements, checks
from calcom.sandbox.booking_json import occurrences
from calcom.sandbox.checks import Property
from calcom.sandbox.errors import Bare, bad_request, not_found, unauthorized
from calcom.sandbox.placing import Placed
from calcom.sandbox.records import Booking, User
from calcom.sandbox.sandbox import Sandbox

_BODY = (
    Property("cancellationReason", checks.string, optional=True),
    Property("cancelSubsequentBookings", checks.boolean, optional=True),
    Property("seatUid", checks.string, optional=True),
)


async def cancel(
    sandbox: Sandbox, uid: str, body: Mapping[str, Any], *, user: User | None
) -> Placed:
    """Cancel what the body says.

    The webhook leaves before the booking is changed: a receiver that looks it up finds it
    accepted, and several cancels at the same time all succeed.

    Raises:
        Refusal: Unknown, ended, or cancelled already; a host gave no reason.
    """
    checks.refuse_in_words(body, _BODY)
    booking = sandbox.world.bookings.get(uid)
    if booking is None:
        raise not_found(f"Booking with uid={uid} not found")
    if booking.status == "cancelled":
        raise bad_request(
            f"Can't cancel booking with uid={uid} because it has been cancelled already. "
            "Please provide uid of a booking that is not cancelled."
        )
    if booking.end <= sandbox.now():
        raise Bare(HTTPStatus.BAD_REQUEST, "Cannot cancel a booking that has already ended")
    reason: str | None = body.get("cancellationReason")
    if booking.seated and (seat_uid := body.get("seatUid")) is not None:
        return await _cancel_seat(sandbox, booking, seat_uid, reason)
    if booking.seated and user is None:
        raise unauthorized("User not a host of this event or an admin of the booking user")
    if user is not None and not (reason or "").strip():
        raise Bare(HTTPStatus.BAD_REQUEST, "Cancellation reason is required when you are the host")
    return await _cancel_all(
        sandbox, booking, reason, user, subsequent=bool(body.get("cancelSubsequentBookings"))
    )


async def _cancel_all(
    sandbox: Sandbox, booking: Booking, reason: str | None, user: User | None, *, subsequent: bool
) -> Placed:
    world = sandbox.world
    await sandbox.gap()
    payload = announcements.cancelled(world, booking, reason=reason)
    if user is not None:
        payload["cancelledBy"] = user.email
    await sandbox.courier.announce("BOOKING_CANCELLED", payload)
    series = occurrences(world, booking.recurring_uid) if booking.recurring_uid else []
    doomed = [b for b in series if b.start >= booking.start and b.is_live] if subsequent else []
    now = sandbox.now()
    for each in doomed or [booking]:
        each.status = "cancelled"
        each.cancellation_reason = reason or ""
        each.cancelled_by = user.email if user is not None else ""
        each.idempotency_key = None
        each.ics_sequence += 1
        each.updated_at = now
        world.put(each)
    world.commit()
    return Placed(series, is_recurring=True) if subsequent and series else Placed([booking])


async def _cancel_seat(
    sandbox: Sandbox, booking: Booking, seat_uid: str, reason: str | None
) -> Placed:
    """Free one seat; the last one takes the booking with it.

    Whether it is the last is decided before the gap: two who leave together leave an empty
    booking standing.
    """
    world = sandbox.world
    seat = next((a for a in booking.attendees if a.seat_uid == seat_uid), None)
    if seat is None:
        raise bad_request(
            f"Invalid seatUid: {seat_uid}. It does not belong to the booking with uid={booking.uid}"
        )
    is_last = len(booking.attendees) == 1
    payload = announcements.cancelled(world, booking, reason=reason, seat=seat)
    await sandbox.gap()
    await sandbox.courier.announce("BOOKING_CANCELLED", payload)
    booking.attendees = [a for a in booking.attendees if a.seat_uid != seat_uid]
    if is_last:
        booking.status = "cancelled"
        booking.cancellation_reason = reason or ""
        booking.idempotency_key = None
        booking.updated_at = sandbox.now()
    world.put(booking)
    world.commit()
    await sandbox.gap()  # the answer is read anew, and shows who else left meanwhile
    return Placed([booking])
