"""`request_callback`: a human calls, and knows about what, where and when."""

from typing import ClassVar

from tools.callbacks import call_back
from tools.reply import Reply
from tools.tool import Args, Tool, ToolContext


class RequestCallback(Args):
    """Have a human call back."""

    required: ClassVar[tuple[str, ...]] = ("reason",)

    reason: str | None = None
    when: str | None = None
    """When the caller can be reached."""
    number: str | None = None
    """Only one that the caller gave."""


async def run(args: RequestCallback, context: ToolContext) -> Reply:
    """Promise it; what is missing is asked once, and never stands in the way."""
    reason = args.reason or context.words.no_reason
    return await call_back(context, reason=reason, when=args.when, number=args.number)


tool = Tool("request_callback", RequestCallback, run, writes=True)
