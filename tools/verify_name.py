"""`verify_name`: one identity for the call, after at most one question."""

from typing import ClassVar

import structlog

from booking.errors import SlotTaken
from booking.names import (
    Identified,
    Known,
    NeedChoice,
    NewPerson,
    Verdict,
    address,
    corrected,
    is_placeholder,
    verify,
)
from tools.callbacks import call_back
from tools.conversation import Person
from tools.offers import known, need_name, offer, offered, read_back, taken
from tools.reply import Reply, Status
from tools.tool import Args, Tool, ToolContext

_log = structlog.get_logger()


class VerifyName(Args):
    """Say whose appointment it is. Once; again only if the caller corrects it."""

    required: ClassVar[tuple[str, ...]] = ("name",)

    name: str | None = None
    spelled: str | None = None
    """Letters, if spelled."""
    for_someone_else: bool | None = None


async def run(args: VerifyName, context: ToolContext) -> Reply:
    """Settle on one person; where a slot is waiting for the name, answer with its read-back."""
    settled = context.conversation.person
    verdict = verify(
        # What is only spelled corrects the name that was settled on.
        args.name or (settled.name if settled and args.spelled else ""),
        spelled=args.spelled,
        for_someone_else=bool(args.for_someone_else),
        on_number=[
            Known(
                id=caller.customer_id,
                name=caller.name,
                is_owner=caller.is_owner,
                salutation=caller.salutation,
            )
            for caller in context.conversation.on_number
        ],
        language=context.words.language,
    )
    conversation = context.conversation
    person = _person(verdict, context)
    if person is None and (settled or conversation.name_question_used):
        person = _fallback(context)
        if person is None:
            return await call_back(context, reason="name not understood")
    if person is None:
        return _ask(verdict, context)
    conversation.person = person
    conversation.read_back = None
    return await _welcome(person, context)


def _person(verdict: Verdict, context: ToolContext) -> Person | None:
    match verdict:
        case Identified(customer=customer) if customer.name:
            if verdict.differs:
                _log.info(
                    "name_differs",
                    call=str(context.call_id),
                    customer_id=str(customer.id),
                    customer_name=customer.name,
                    caller_name=verdict.heard,
                )
            return Person(
                name=customer.name, customer_id=customer.id, salutation=customer.salutation
            )
        case NewPerson(name=name, salutation=salutation):
            settled = context.conversation.person
            if settled and settled.customer_id is None:
                name = corrected(settled.name, name)
                salutation = salutation or settled.salutation
            return Person(name=name, salutation=salutation)
        case _:
            return None


def _fallback(context: ToolContext) -> Person | None:
    """Whom we go by when no question is left: who was settled on, or the number's owner."""
    if context.conversation.person is not None:
        return context.conversation.person
    for caller in context.conversation.on_number:
        if caller.is_owner and not is_placeholder(caller.name):
            return Person(
                name=caller.name, customer_id=caller.customer_id, salutation=caller.salutation
            )
    return None


def _ask(verdict: Verdict, context: ToolContext) -> Reply:
    context.conversation.name_question_used = True
    if isinstance(verdict, NeedChoice):
        names = context.words.either([someone.name for someone in verdict.candidates])
        return Reply(
            Status.NEED_CHOICE,
            say=context.words.ask_which_person.format(names=names),
            known=known(context),
            missing=["name"],
        )
    return need_name(context, context.words.ask_name_again)


async def _welcome(person: Person, context: ToolContext) -> Reply:
    status = Status.IDENTIFIED if person.customer_id else Status.NEW_CALLER
    conversation = context.conversation
    waiting = offered(context, conversation.wished) if conversation.wished else None
    if waiting is None:
        words = context.words
        polite = address(person.name, person.salutation, words.language)
        thanks = words.name_noted.format(address=polite) if polite else words.name_noted_plainly
        question = words.ask_day if conversation.service else words.ask_what_next
        return Reply(
            status,
            say=f"{thanks} {question}",
            known=known(context),
            missing=[] if conversation.service else ["service"],
        )
    service, slot = waiting
    try:
        await context.desk.hold(context.business, slot, call_id=context.call_id, now=context.now)
    except SlotTaken:
        return await taken(context, service, slot)
    return Reply(
        status,
        say=read_back(context, service, slot, person),
        slots=offer(context, service, [slot]),
        known=known(context),
    )


tool = Tool("verify_name", VerifyName, run)
