"""`examples/pipecat_agent.py`, run by Pipecat's own test tools against our server."""

from pipecat.frames.frames import LLMMessagesAppendFrame
from pipecat.pipeline.pipeline import Pipeline
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import LLMContextAggregatorPair
from pipecat.tests.utils import SleepFrame, run_test

from examples.pipecat_agent import model, slotline
from tests.frameworks.conftest import OF_ADA, SCRIPT, booked_once
from tests.server.agent.scripted import ScriptedModel, served
from tests.server.platforms.switchboard import Switchboard


def says(text: str) -> LLMMessagesAppendFrame:
    return LLMMessagesAppendFrame([{"role": "user", "content": text}], run_llm=True)


async def test_the_agent_books_with_our_tools(switchboard: Switchboard) -> None:
    scripted = ScriptedModel(SCRIPT)
    async with served(scripted) as url:
        context = LLMContext(tools=await slotline("call_of_ada", **OF_ADA).tools())
        heard, said = LLMContextAggregatorPair(context)
        await run_test(
            Pipeline([heard, model("x", base_url=url), said]),
            frames_to_send=[
                says("A check-up tomorrow at ten, please."),
                SleepFrame(sleep=5),
                says("Yes, please."),
                SleepFrame(sleep=5),
            ],
            start_timeout=20,
        )
    assert "check_availability" in {t["function"]["name"] for t in scripted.heard[0]["tools"]}
    assert "Ada Lindqvist" in str(scripted.heard[-1]["messages"])
    await booked_once(switchboard, "pipecat")
