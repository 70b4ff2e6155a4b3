"""What a slot claims in our own database before anything is asked of Cal.com."""

from uuid import UUID, uuid5

from booking.business import EventTypeKind
from booking.slots import Slot
from db.claims import Place

_COURSES = UUID("4b0b6a52-6b0e-4d0a-9a7e-3f6f0d7f2c11")
"""Namespace of the holders that all seats at one start share: any fixed UUID of our own."""


def place_of(slot: Slot) -> Place:
    """The claim of a slot without phases: its host, the first free one of several, or a seat."""
    kind = slot.event_type
    seated = kind.kind is EventTypeKind.SEATED
    course = f"{kind.id}/{slot.start.timestamp():.0f}"
    return Place(
        event_type_id=kind.id,
        hosts=tuple(host.id for host in kind.performers),
        starts_at=slot.start,
        during=(slot.occupied.start, slot.occupied.end),
        seats=kind.capacity if seated else None,
        shared_by=uuid5(_COURSES, course) if seated else None,
    )


def places_of(slot: Slot) -> list[Place]:
    """The claims of a slot, earliest first: one for each phase."""
    return [place_of(part) for part in slot.parts]
