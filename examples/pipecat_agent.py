"""A Pipecat agent that answers a Twilio number and books with Slotline's tools, over MCP.

    pip install "pipecat-ai[mcp,openai,runner,websocket]==1.14.0"
    export OPENAI_API_KEY=... TWILIO_ACCOUNT_SID=... TWILIO_AUTH_TOKEN=...
    export SLOTLINE_URL=https://phone.example.com/v1/praxis SLOTLINE_API_KEY=...
    python examples/pipecat_agent.py --transport twilio --proxy bot.example.com

Speech and model are OpenAI's; docs/platforms/pipecat.md has the steps around it.
"""

import os

from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.frames.frames import LLMRunFrame
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineWorker
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import (
    LLMContextAggregatorPair,
    LLMUserAggregatorParams,
)
from pipecat.runner.types import RunnerArguments
from pipecat.runner.utils import create_transport
from pipecat.services.mcp_service import MCPClient, StreamableHttpParameters
from pipecat.services.openai.llm import OpenAILLMService
from pipecat.services.openai.stt import OpenAISTTService
from pipecat.services.openai.tts import OpenAITTSService
from pipecat.transports.websocket.fastapi import FastAPIWebsocketParams
from pipecat.workers.runner import WorkerRunner

INSTRUCTIONS = """You answer the phone and book, move and cancel appointments with tools.
Keep every turn under 25 words. Pass day and time in the caller's own words; never work out a date.
Speak the sentence in `say` of each reply, and add nothing that no tool told you.
If `missing` has name, ask for it once and call verify_name.
After a yes to a read-back call book with the slot and confirmed true.
Say booked only if the reply has booked: true."""

SECONDS = 10
"""For each tool call; a booking may take 4."""


def slotline(call_id: str, *, caller: str | None, line: str | None) -> MCPClient:
    """Tools for one call, which know which call it is and who is on the phone."""
    headers = {
        "Authorization": f"Bearer {os.environ['SLOTLINE_API_KEY']}",
        "X-Platform": "pipecat",
        "X-Call-Id": call_id,
    }
    if caller:
        headers["X-Caller"] = caller
    if line:
        headers["X-Line"] = line
    return MCPClient(
        StreamableHttpParameters(
            url=f"{os.environ['SLOTLINE_URL']}/mcp", headers=headers, timeout=SECONDS
        )
    )


def model(key: str, **options: str) -> OpenAILLMService:
    """Who speaks."""
    settings = OpenAILLMService.Settings(model="gpt-4.1-mini", system_instruction=INSTRUCTIONS)
    return OpenAILLMService(
        api_key=key, settings=settings, function_call_timeout_secs=SECONDS, **options
    )


async def bot(runner_args: RunnerArguments) -> None:
    """Take a call. Its numbers come from Twilio, never from what is said."""
    media = {
        "twilio": lambda: FastAPIWebsocketParams(audio_in_enabled=True, audio_out_enabled=True)
    }
    transport = await create_transport(runner_args, media)
    call = runner_args.call_data
    if call is None or call.call_id is None:
        raise RuntimeError("this agent answers telephones: start it with --transport twilio")
    tools = slotline(call.call_id, caller=call.from_number, line=call.to_number)
    context = LLMContext(tools=await tools.tools())
    vad = LLMUserAggregatorParams(vad_analyzer=SileroVADAnalyzer())
    heard, said = LLMContextAggregatorPair(context, user_params=vad)
    key = os.environ["OPENAI_API_KEY"]
    pipeline = Pipeline(
        [
            transport.input(),
            OpenAISTTService(api_key=key),
            heard,
            model(key),
            OpenAITTSService(api_key=key),
            transport.output(),
            said,
        ]
    )
    worker = PipelineWorker(pipeline)

    @transport.event_handler("on_client_connected")
    async def greet(*_: object) -> None:
        context.add_message({"role": "developer", "content": "Greet the caller."})
        await worker.queue_frames([LLMRunFrame()])

    @transport.event_handler("on_client_disconnected")
    async def hang_up(*_: object) -> None:
        await worker.cancel()

    runner = WorkerRunner(handle_sigint=runner_args.handle_sigint)
    await runner.add_workers(worker)
    await runner.run()


if __name__ == "__main__":
    from pipecat.runner.run import main

    main()
