"""What the parts of a business file must agree upon, beyond what each says by itself."""

from collections.abc import Hashable, Iterable, Iterator

from booking.business import EventTypeKind
from slotline.business_file.schema import BusinessFile, EventType

Disagreement = tuple[tuple[str | int, ...], str]
"""The key that should change, and words that follow its name."""


def disagreements(business: BusinessFile) -> Iterator[Disagreement]:
    """Everything in the file that contradicts something else in it, or is of no use alone."""
    yield from _empty(business)
    yield from _repeated("lines", "number", [line.number for line in business.lines])
    yield from _repeated("staff", "slug", [person.slug for person in business.staff])
    yield from _repeated("staff", "name", [person.name.casefold() for person in business.staff])
    yield from _repeated(
        "staff", "calcom_user_id", [person.calcom_user_id for person in business.staff]
    )
    yield from _repeated("services", "slug", [service.slug for service in business.services])
    yield from _repeated(
        "services", "name", [service.name.casefold() for service in business.services]
    )
    yield from _repeated(
        "customers", "name", [(each.number, each.name.casefold()) for each in business.customers]
    )
    yield from _event_types(business)


def _repeated(table: str, key: str, values: Iterable[Hashable]) -> Iterator[Disagreement]:
    first: dict[Hashable, int] = {}
    for row, value in enumerate(values):
        if value is not None and first.setdefault(value, row) != row:
            yield (table, row, key), f"is the same as of {table}[{first[value]}]"


def _empty(business: BusinessFile) -> Iterator[Disagreement]:
    if not business.lines:
        yield ("lines",), "needs at least one"
    if not business.services:
        yield ("services",), "needs at least one"
    for row, service in enumerate(business.services):
        if not service.event_types:
            yield ("services", row, "event_types"), "needs at least one"


def _event_types(business: BusinessFile) -> Iterator[Disagreement]:
    people = {person.slug for person in business.staff}
    seen: set[int] = set()
    for row, service in enumerate(business.services):
        performing: set[str] = set()
        for column, event_type in enumerate(service.event_types):
            place = ("services", row, "event_types", column)
            for key, what in _event_type(event_type, people):
                yield (*place, key), what
            if event_type.calcom_id in seen:
                yield (*place, "calcom_id"), "stands in this file already"
            seen.add(event_type.calcom_id)
            if event_type.staff in performing:
                yield (*place, "staff"), f"performs {service.slug} by another event type already"
            if event_type.staff:
                performing.add(event_type.staff)


def _event_type(event_type: EventType, people: set[str]) -> Iterator[tuple[str, str]]:
    fixed = event_type.kind is EventTypeKind.FIXED
    if fixed and event_type.staff is None:
        yield "staff", "is missing: an event type of kind fixed has one host"
    if not fixed and event_type.staff is not None:
        yield "staff", f"has no meaning for kind {event_type.kind}: Cal.com chooses the host"
    if event_type.staff is not None and event_type.staff not in people:
        yield "staff", f"names nobody in [[staff]]: {event_type.staff}"
    seated = event_type.kind is EventTypeKind.SEATED
    if seated and event_type.seats is None:
        yield "seats", "is missing: an event type of kind seated has a number of seats"
    if not seated and event_type.seats is not None:
        yield "seats", f"has no meaning for kind {event_type.kind}"
