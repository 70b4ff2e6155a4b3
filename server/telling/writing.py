"""Puts into words what somebody is told."""

from collections.abc import Sequence
from datetime import tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from booking.business import Business
from db.bookings import BookingRow
from db.states import FlagKind, TaskReason
from server.telling.post import Writing
from tools.words.messages import messages_in


def to_caller(business: Business, booking: BookingRow, reason: TaskReason) -> Writing | None:
    """What a caller is told of a booking; `None` if there is nothing to be told in writing."""
    words = messages_in(booking.attendee_language)
    match reason:
        case TaskReason.CONFIRMED:
            subject, text = words.subject_confirmed, words.confirmed
        case TaskReason.MOVED:
            subject, text = words.subject_moved, words.moved
        case TaskReason.CANCELLED:
            subject, text = words.subject_cancelled, words.cancelled
        case _:
            return None
    service = next((each.name for each in business.services if each.id == booking.service_id), "")
    local = booking.start_at.astimezone(_zone(booking, business))
    line = business.line_of(None) or next(iter(business.lines), None)
    said = text.format(
        business=business.name,
        service=service,
        when=words.when(local),
        name=booking.attendee_name,
    )
    return Writing(
        kind=f"message.{reason.value}",
        subject=f"{business.name}: {subject}",
        text=said + (words.questions.format(number=line.number) if line else ""),
        language=words.language,
        facts={
            "booking": {
                "id": str(booking.id),
                "service": service,
                "start": booking.start_at.isoformat(),
                "end": (booking.group_end_at or booking.end_at).isoformat(),
                "name": booking.attendee_name,
            }
        },
    )


def notice_to_staff(
    business: Business, *, callbacks: int, flagged: Sequence[FlagKind], console: str | None
) -> Writing:
    """That somebody is waiting. It tells how many, never who: notices lie about on screens."""
    words = messages_in(business.language)
    counted = [words.callbacks(callbacks)] if callbacks else []
    counted += [words.flagged(len(flagged))] if flagged else []
    address = words.open_console.format(address=console) if console else ""
    return Writing(
        kind="notice.staff",
        subject=words.subject_notice.format(business=business.name),
        text=f"{business.name}: {', '.join(counted)}.{address}",
        language=words.language,
        facts={"callbacks": callbacks, "flags": [kind.value for kind in flagged]},
    )


def _zone(booking: BookingRow, business: Business) -> tzinfo:
    """The wall clock that the caller was told the time by."""
    try:
        return ZoneInfo(booking.attendee_timezone)
    except (ZoneInfoNotFoundError, ValueError):
        return business.timezone
