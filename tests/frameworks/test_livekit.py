"""`examples/livekit_agent.py`, run by LiveKit's own test tools against our server."""

import json

from livekit.agents import AgentSession, inference

from examples.livekit_agent import receptionist
from tests.frameworks.conftest import OF_ADA, SCRIPT, booked_once
from tests.server.agent.scripted import ScriptedModel, served
from tests.server.platforms.switchboard import Switchboard


async def test_the_agent_books_with_our_tools(switchboard: Switchboard) -> None:
    model = ScriptedModel(SCRIPT)
    async with (
        served(model) as url,
        inference.LLM("openai/scripted", base_url=url, api_key="x", api_secret="x" * 32) as llm,
        AgentSession(llm=llm) as session,
    ):
        await session.start(receptionist("call_of_ada", **OF_ADA))
        checked = await session.run(user_input="A check-up tomorrow at ten, please.")
        checked.expect.next_event().is_function_call(name="check_availability")
        found = checked.expect.next_event().is_function_call_output(is_error=False)
        checked.expect.next_event().is_message(role="assistant")
        booked = await session.run(user_input="Yes, please.")
        booked.expect.next_event().is_function_call(name="book")
        made = booked.expect.next_event().is_function_call_output(is_error=False)
    assert "available" in found.event().item.output
    assert "Ada Lindqvist" in json.dumps(made.event().item.output)
    assert "check_availability" in {tool["function"]["name"] for tool in model.heard[0]["tools"]}
    await booked_once(switchboard, "livekit")
