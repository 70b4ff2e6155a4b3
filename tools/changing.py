"""What moving and cancelling have in common: whose booking, the rules of the house, the fee."""

from booking.bookings import Booking, BookingState
from booking.house_rules import Fee, Money, Share
from booking.policy import Allowed, QuotaUsed, TooLate, Verdict
from tools.appointments import meant, none_found, own_appointments
from tools.callbacks import call_back
from tools.offers import known
from tools.reply import Reply, Status
from tools.speech import one_time
from tools.tool import ToolContext
from tools.words.language import Words


async def to_change(
    said_of_it: str | None, context: ToolContext, *, agreed: bool, wish: str
) -> Booking | Reply:
    """The booking to move or cancel, or why there is none.

    Args:
        said_of_it: Its number in this call, or the caller's words for it.
        context: Whose call.
        agreed: The caller said yes to something.
        wish: What staff must do if it is a matter for them.
    """
    own = await own_appointments(context)
    if context.caller is None and not own.standing and not own.gone:
        return await _only_by_call_back(context, wish)
    booking = meant(said_of_it, own, context, agreed=agreed)
    if isinstance(booking, Reply):
        return booking
    if booking.state is BookingState.FAILED:
        return none_found(context)
    if booking.state is not BookingState.CANCELLED and booking.start_at <= context.now:
        return _refused(context.words.already_begun, context)
    return booking


def fee_or_refusal(
    verdict: Verdict, booking: Booking, context: ToolContext, *, moves: bool
) -> str | Reply:
    """What the change costs as it is said, empty if nothing; or why it is a matter for a human."""
    words = context.words
    match verdict:
        case Allowed(fee=fee):
            return f" {words.fee.format(amount=_amount(fee, words))}" if fee else ""
        case TooLate(notice=notice):
            template = words.too_late_to_move if moves else words.too_late_to_cancel
            when = one_time(context, booking.start_at)
            return _refused(template.format(when=when, notice=words.quantity(notice)), context)
        case QuotaUsed():
            return _refused(words.moved_too_often if moves else words.cancelled_too_often, context)


def _amount(fee: Fee, words: Words) -> str:
    match fee:
        case Money(amount=amount, currency=currency):
            return words.money(amount, currency)
        case Share(percent=percent):
            return words.share_of_price.format(percent=words.number(percent))


def _refused(say: str, context: ToolContext) -> Reply:
    return Reply(Status.NOT_PERMITTED, say=say, known=known(context))


async def _only_by_call_back(context: ToolContext, wish: str) -> Reply:
    """Behind a hidden number nobody is identified: a human looks who it is."""
    words = context.words
    reply = await call_back(context, reason=wish)
    return Reply(
        Status.NOT_PERMITTED if reply.missing else reply.status,
        say=f"{words.hidden_may_not_change} {reply.say}",
        known=reply.known,
        missing=reply.missing,
    )
