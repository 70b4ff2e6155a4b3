"""Whether an event type is at Cal.com what we believe it to be. Pure."""

from collections.abc import Iterator

from booking.business import EventType, EventTypeKind
from booking.sync.facts import unfillable
from calcom import shapes
from slotline.doctor.finding import Finding, broken, doubtful


def compare(subject: str, ours: EventType, theirs: shapes.EventType) -> Iterator[Finding]:
    """Findings about everything that differs; none if nothing does."""
    yield from _unbookable(subject, ours, theirs)
    for what, our_value, their_value in (
        ("before_buffer_minutes", ours.before_buffer_minutes, theirs.before_buffer_minutes),
        ("after_buffer_minutes", ours.after_buffer_minutes, theirs.after_buffer_minutes),
        ("minimum_notice_minutes", ours.minimum_notice_minutes, theirs.minimum_notice_minutes),
        ("booking_window_days", ours.booking_window_days, theirs.booking_window_days),
        ("requires_confirmation", ours.requires_confirmation, theirs.requires_confirmation),
        ("seats", ours.seats, theirs.seats_per_slot),
    ):
        if our_value != their_value:
            yield doubtful(
                subject,
                f"{what} is {_said(their_value)} at Cal.com and {_said(our_value)} here",
                "Run slotline business sync: callers are offered times by what stands here.",
            )


def asks_for_email(theirs: shapes.EventType) -> bool:
    """Whether Cal.com refuses a booking without an e-mail address."""
    return any(field.slug == "email" and field.required for field in theirs.fields)


def _unbookable(subject: str, ours: EventType, theirs: shapes.EventType) -> Iterator[Finding]:
    """What makes bookings fail, or end differently from what the caller was told."""
    if ours.length_minutes not in {theirs.length_minutes, *theirs.length_options_minutes}:
        what = f"takes {theirs.length_minutes} minutes at Cal.com and {ours.length_minutes} here"
        yield broken(subject, what, "Run slotline business sync, or callers are told wrong ends.")
    if theirs.is_recurring:
        what = "is recurring: one booking makes several"
        yield broken(subject, what, "Turn recurrence off, or link another event type.")
    for slug in unfillable(theirs):
        what = f"requires the field {slug!r}, which a booking by phone cannot fill"
        yield broken(subject, what, "Make it optional at Cal.com.")
    yield from _hosts(subject, ours, theirs)


def _hosts(subject: str, ours: EventType, theirs: shapes.EventType) -> Iterator[Finding]:
    hosts = {host.id for host in theirs.users}
    if ours.kind is not EventTypeKind.FIXED or not hosts:
        return
    if len(hosts) > 1:
        what = f"has {len(hosts)} hosts at Cal.com, but kind is fixed here"
        yield broken(subject, what, "Leave one host, or make it round_robin here.")
    elif ours.staff and ours.staff.calcom_user_id not in {None, *hosts}:
        what = f"is performed by user {hosts.pop()} at Cal.com, not by {ours.staff.name}"
        yield broken(subject, what, f"Correct calcom_user_id of {ours.staff.slug}, or the host.")


def _said(value: object) -> str:
    return "not set" if value is None else str(value).lower()
