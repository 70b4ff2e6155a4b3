"""A call rings at OpenAI: once it is stored, it is taken with our prompt and our tools."""

import structlog

from booking.directory import Directory
from server.admission import Admitted
from server.agent.agent import Agent
from server.agent.model import ModelFailed
from server.agent.prompt import instructions
from server.context import CallerContext, as_texts
from server.platforms import openai

_log = structlog.get_logger("slotline.ringing")


class Ringing:
    """Takes calls that ring at a business's OpenAI project."""

    def __init__(
        self,
        agent: Agent,
        *,
        context: CallerContext,
        directory: Directory,
        public_url: str | None,
    ) -> None:
        self._agent = agent
        self._context = context
        self._directory = directory
        self._public_url = public_url

    async def take(self, admitted: Admitted) -> None:
        """Accept a call, if the event is that one rings."""
        ringing = openai.incoming_call(admitted.raw)
        if ringing is None:
            return
        call_id, number = ringing
        business, model = admitted.business, self._agent.model
        caller = number if model.trusts_sip else None
        access = await self._directory.access(business.slug)
        keys = access.secrets.get("api_key", ()) if access else ()
        if not (self._public_url and keys and model.is_set):
            _log.error(
                "call_not_taken",
                why="SLOTLINE_PUBLIC_URL, OPENAI_API_KEY or the business's api_key is missing",
            )
            return
        known = as_texts(await self._context.of(business, caller, None, None, admitted.now))
        session = openai.session_for(
            call_id,
            model=model.realtime_name,
            prompt=instructions(business, known),
            mcp_url=f"{self._public_url}/v1/{business.slug}/mcp",
            api_key=keys[0],
            caller=caller,
            language=known["language"],
        )
        try:
            await model.accept(call_id, session)
        except ModelFailed as error:
            _log.error("call_not_taken", platform_call=call_id, why=str(error))
        else:
            _log.info("call_taken", platform_call=call_id)
