"""What the host does with a booking: confirm, decline, mark as absent."""

from collections.abc import Mapping
from typing import Any

from calcom.sandbox import announcements, checks
from calcom.sandbox.checks import Property
from calcom.sandbox.errors import Zod, bad_request, not_found
from calcom.sandbox.instants import millis
from calcom.sandbox.records import Booking
from calcom.sandbox.sandbox import Sandbox

_ABSENT = (
    Property("host", checks.boolean, optional=True),
    Property("attendees", checks.objects, optional=True),
)


async def confirm(sandbox: Sandbox, uid: str) -> Booking:
    """Accept a request, also one that was declined before, also if its time is taken by now.

    Raises:
        Refusal: 404 unknown; 400 there is nothing to confirm.
    """
    booking = _known(sandbox, uid)
    if booking.status not in {"pending", "rejected"}:
        raise _nothing_to_answer()
    await sandbox.gap()
    booking.status = "accepted"
    booking.has_video_link = booking.location == announcements.VIDEO
    booking.updated_at = sandbox.now()
    sandbox.world.put(booking)
    sandbox.world.commit()
    await sandbox.courier.announce(
        "BOOKING_CREATED", announcements.answered(sandbox.world, booking)
    )
    return booking


async def decline(sandbox: Sandbox, uid: str, body: Mapping[str, Any]) -> Booking:
    """Refuse a request; doing it again announces it again.

    Raises:
        Refusal: 404 unknown; 400 it was confirmed or cancelled.
    """
    checks.refuse_in_words(body, (Property("reason", checks.string, optional=True),))
    booking = _known(sandbox, uid)
    if booking.status not in {"pending", "rejected"}:
        raise _nothing_to_answer()
    await sandbox.gap()
    booking.status = "rejected"
    booking.rejection_reason = body.get("reason") or ""
    booking.updated_at = sandbox.now()
    sandbox.world.put(booking)
    sandbox.world.commit()
    await sandbox.courier.announce(
        "BOOKING_REJECTED", announcements.answered(sandbox.world, booking)
    )
    return booking


async def mark_absent(sandbox: Sandbox, uid: str, body: Mapping[str, Any]) -> Booking:
    """Note who did not come.

    Raises:
        Refusal: 404 unknown; 400 it has not started.
    """
    checks.refuse_in_words(body, _ABSENT)
    booking, now = _known(sandbox, uid), sandbox.now()
    if now < booking.start:
        raise bad_request(
            "Bookings can only be marked as absent after their scheduled start time. Current time "
            f"in UTC+0: {millis(now)}, Booking start time in UTC+0: {millis(booking.start)}"
        )
    absent = {str(a.get("email")): bool(a.get("absent")) for a in body.get("attendees") or []}
    for attendee in booking.attendees:
        attendee.absent = absent.get(attendee.email, attendee.absent)
    booking.absent_host = bool(body.get("host", booking.absent_host))
    sandbox.world.put(booking)
    sandbox.world.commit()
    await sandbox.courier.announce(
        "BOOKING_NO_SHOW_UPDATED", announcements.marked_absent(booking, absent)
    )
    return booking


def _known(sandbox: Sandbox, uid: str) -> Booking:
    booking = sandbox.world.bookings.get(uid)
    if booking is None:
        raise not_found(f"Booking with uid={uid} was not found in the database")
    return booking


def _nothing_to_answer() -> Zod:
    return Zod("Bad request: Please check your request data and try again", code="TRPCError")
