"""Whom the caller wishes to see: one of the staff, anybody, or somebody who does not do this."""

from typing import Final

from booking.business import EventType, Service
from tools.offers import known
from tools.reply import Reply, Status
from tools.tool import ToolContext
from tools.words import WORDS

_ANYBODY: Final = frozenset(said.casefold() for words in WORDS.values() for said in words.anybody)
"""In any language: the model that passes it on does not always use the caller's."""


def wished_staff(said: str | None, context: ToolContext) -> Reply | None:
    """Note whom the caller wishes to see; ask if the name fits nobody, or several."""
    if said is None:
        return None
    if said.casefold().strip(" .!") in _ANYBODY:
        context.conversation.staff = None
        return None
    staff = context.business.staff
    in_names = [_name_words(someone.name) for someone in staff]
    # A title that all of them bear tells nobody apart.
    borne_by_all = set.intersection(*in_names) if len(in_names) > 1 else set()
    telling = _name_words(said) - borne_by_all
    shared = [len(telling & words) for words in in_names]
    best = max(shared, default=0)
    fitting = [who for who, n in zip(staff, shared, strict=True) if best and n == best]
    if len(fitting) == 1:
        context.conversation.staff = fitting[0].slug
        return None
    return _which([someone.name for someone in fitting or staff], context)


def event_types(service: Service, context: ToolContext) -> list[EventType]:
    """The event types that a wish may be booked through, the wished staff member's only."""
    wished = context.conversation.staff
    return [kind for kind in service.event_types if wished is None or is_with(kind, wished)]


def others(service: Service, context: ToolContext) -> list[EventType]:
    """The event types of this service that somebody else performs than the one who was wished."""
    wished = context.conversation.staff
    if wished is None:
        return []
    return [kind for kind in service.event_types if kind.staff and not is_with(kind, wished)]


def is_with(kind: EventType, slug: str) -> bool:
    """Whether booking this event type means coming to that person."""
    return kind.staff is not None and kind.staff.slug == slug


def does_not_do_this(service: Service, context: ToolContext) -> Reply:
    """Whoever was wished cannot be booked for this: say who can, and leave the choice."""
    names = list(dict.fromkeys(kind.staff.name for kind in service.event_types if kind.staff))
    wished = next(w for w in context.business.staff if w.slug == context.conversation.staff)
    template = context.words.staff_does_not if names else context.words.staff_not_chosen
    facts = known(context)
    context.conversation.staff = None
    return Reply(
        Status.NEED_CHOICE,
        say=template.format(
            staff=wished.name, service=service.name, others=context.words.either(names[:3])
        ),
        known=facts,
        missing=["staff"],
    )


def _which(candidates: list[str], context: ToolContext) -> Reply:
    return Reply(
        Status.NEED_CHOICE,
        say=context.words.ask_which_staff.format(staff=context.words.either(candidates[:3])),
        known=known(context),
        missing=["staff"],
    )


def _name_words(name: str) -> set[str]:
    return set(name.casefold().replace("-", " ").replace(".", " ").split())
