"""What is said when the desk refuses for a reason to which no tool has an answer of its own."""

from booking.errors import BookingError, CalendarUnavailable, ServiceUnavailable
from tools.offers import call_back, known, service_name
from tools.reply import Reply, Status
from tools.tool import ToolContext


async def reply_to(error: BookingError, context: ToolContext) -> Reply:
    """Words for a refusal; a dead end leads to a human."""
    match error:
        case ServiceUnavailable():
            say = context.words.service_unavailable.format(service=service_name(context) or "")
            return Reply(Status.SERVICE_UNAVAILABLE, say=say.strip(), known=known(context))
        case CalendarUnavailable():
            return Reply(
                Status.TECHNICAL_FAULT,
                say=context.words.calendar_unavailable,
                ok=False,
                known=known(context),
            )
        case _:
            return await call_back(context, reason=str(error))
