"""The phone platform between the agent and the tools: it may ask again what it was answered."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from booking.business import Business
from evals.scenario import Repeat
from server.dispatch import Dispatch
from server.wire import ToolReply, ToolRequest


class Line:
    """Runs tool calls as `server.dispatch` does, with the platform's ids and its impatience."""

    def __init__(self, dispatch: Dispatch, repeats: Sequence[Repeat] = ()) -> None:
        self._dispatch = dispatch
        self._to_come = {each.tool: each for each in repeats}
        self._asked: Counter[str] = Counter()
        self.repeated: Counter[str] = Counter()
        """How often each tool was asked again."""
        self.contradictions: list[str] = []
        """Tools that have answered a repeated request otherwise than the first."""

    async def run(self, business: Business, request: ToolRequest, *, now: datetime) -> ToolReply:
        """Answer one tool call, and what the platform makes of it.

        Raises:
            UnknownTool: There is no tool of this name.
        """
        self._asked[request.tool] += 1
        request = replace(request, id=f"{request.tool}-{self._asked[request.tool]}")
        repeat = self._to_come.pop(request.tool, None)
        if repeat is None:
            return await self._dispatch.run(business, request, now=now)
        times = 1 + repeat.times
        if repeat.at_once:
            replies = await asyncio.gather(
                *(self._dispatch.run(business, request, now=now) for _ in range(times))
            )
        else:
            replies = [await self._dispatch.run(business, request, now=now) for _ in range(times)]
        self.repeated[request.tool] += repeat.times
        if len({reply.line for reply in replies}) > 1:
            self.contradictions.append(request.tool)
        return replies[-1]
