"""What the parts of a business file must agree upon, beyond what each says by itself."""

from collections.abc import Hashable, Iterable, Iterator

from booking.business import EventTypeKind
from slotline.business_file.schema import BusinessFile, EventType, Rules, Service

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
    yield from _rules(business)
    yield from _closures(business)


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


def _rules(business: BusinessFile) -> Iterator[Disagreement]:
    levels: list[tuple[tuple[str | int, ...], Rules]] = [((), business.policies)]
    levels += [(("lines", row), line.policies) for row, line in enumerate(business.lines)]
    levels += [(("staff", row), each.policies) for row, each in enumerate(business.staff)]
    levels += [(("services", row), each.policies) for row, each in enumerate(business.services)]
    for place, rules in levels:
        for key, what in (*_quota(rules), *_fees(rules)):
            yield (*place, "policies", *key), what


def _quota(rules: Rules) -> Iterator[Disagreement]:
    limited, days = isinstance(rules.cancellations, int), rules.cancellations_within_days
    if limited and days is None:
        yield ("cancellations_within_days",), "is missing: in which time so many are allowed"
    if days is not None and not limited:
        yield ("cancellations_within_days",), "has no meaning without a number of cancellations"


def _fees(rules: Rules) -> Iterator[Disagreement]:
    for name, fees in (("cancel_fees", rules.cancel_fees), ("move_fees", rules.move_fees)):
        seen: set[int] = set()
        for row, fee in enumerate(fees or ()):
            if (fee.percent is None) == (fee.amount is None):
                yield (name, row), "needs either a percent or an amount"
            if fee.amount is not None and fee.currency is None:
                yield (name, row, "currency"), "is missing"
            if fee.amount is None and fee.currency is not None:
                yield (name, row, "currency"), "has no meaning without an amount"
            if fee.within_hours in seen:
                yield (name, row, "within_hours"), "stands in another of these fees already"
            seen.add(fee.within_hours)


def _closures(business: BusinessFile) -> Iterator[Disagreement]:
    for row, line in enumerate(business.lines):
        for column, closure in enumerate(line.closures):
            if closure.last < closure.first:
                yield ("lines", row, "closures", column, "last"), "is before the first day"


def _event_types(business: BusinessFile) -> Iterator[Disagreement]:
    people = {person.slug for person in business.staff}
    seen: set[int] = set()
    for row, service in enumerate(business.services):
        performing: set[str] = set()
        for column, event_type in enumerate(service.event_types):
            place = ("services", row, "event_types", column)
            for name, what in _event_type(event_type, people):
                yield (*place, name), what
            if event_type.calcom_id in seen:
                yield (*place, "calcom_id"), "stands in this file already"
            seen.add(event_type.calcom_id)
            if event_type.staff in performing and not service.phases:
                yield (*place, "staff"), f"performs {service.slug} by another event type already"
            if event_type.staff:
                performing.add(event_type.staff)
        for key, what in (*_phases(service), *_kinds_of_phases(service)):
            yield ("services", row, *key), what


def _event_type(event_type: EventType, people: set[str]) -> Iterator[tuple[str, str]]:
    fixed = event_type.kind is EventTypeKind.FIXED
    if fixed and event_type.staff is None:
        yield "staff", "is missing: an event type of kind fixed has one host"
    several = event_type.kind is EventTypeKind.ROUND_ROBIN
    if several and event_type.staff is not None:
        yield "staff", f"has no meaning for kind {event_type.kind}: Cal.com chooses the host"
    if event_type.staff is not None and event_type.staff not in people:
        yield "staff", f"names nobody in [[staff]]: {event_type.staff}"
    if event_type.hosts and not several:
        yield "hosts", f"has no meaning for kind {event_type.kind}"
    for nobody in sorted(set(event_type.hosts) - people):
        yield "hosts", f"names nobody in [[staff]]: {nobody}"
    seated = event_type.kind is EventTypeKind.SEATED
    if seated and event_type.seats is None:
        yield "seats", "is missing: an event type of kind seated has a number of seats"
    if not seated and event_type.seats is not None:
        yield "seats", f"has no meaning for kind {event_type.kind}"


def _phases(service: Service) -> Iterator[Disagreement]:
    """Each host needs an event type for each phase, as long as that."""
    kinds = {event_type.calcom_id: event_type for event_type in service.event_types}
    hosts = {event_type.staff for event_type in service.event_types}
    for row, phase in enumerate(service.phases):
        named = [kinds[calcom_id] for calcom_id in phase.event_types if calcom_id in kinds]
        for calcom_id in sorted(set(phase.event_types) - kinds.keys()):
            yield ("phases", row, "event_types"), f"names none of this service: {calcom_id}"
        for missing in sorted(str(host) for host in hosts - {kind.staff for kind in named}):
            yield ("phases", row, "event_types"), f"names none that {missing} performs"
        for kind in named:
            if kind.length_minutes != phase.active_minutes:
                what = f"differs from the {kind.length_minutes} of event type {kind.calcom_id}"
                yield ("phases", row, "active_minutes"), what
    if service.phases and service.phases[-1].gap_minutes:
        yield ("phases", len(service.phases) - 1, "gap_minutes"), "has no meaning after the last"


def _kinds_of_phases(service: Service) -> Iterator[Disagreement]:
    """Every event type of a service with phases books one of them, with a known host."""
    for column, event_type in enumerate(service.event_types if service.phases else ()):
        place = ("event_types", column)
        if event_type.kind is not EventTypeKind.FIXED:
            yield (*place, "kind"), "must be fixed in a service with phases"
        if event_type.requires_confirmation:
            what = "has no meaning in a service with phases: all are booked, or none"
            yield (*place, "requires_confirmation"), what
        if not any(event_type.calcom_id in phase.event_types for phase in service.phases):
            yield (*place, "calcom_id"), "stands in none of the phases"
