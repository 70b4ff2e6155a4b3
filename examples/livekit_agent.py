"""A LiveKit agent that answers a SIP line and books with Slotline's tools, over MCP.

    pip install "livekit-agents[mcp]==1.8.9"
    export LIVEKIT_URL=... LIVEKIT_API_KEY=... LIVEKIT_API_SECRET=...
    export SLOTLINE_URL=https://phone.example.com/v1/praxis SLOTLINE_API_KEY=...
    python examples/livekit_agent.py start

Speech and model are LiveKit's own inference; docs/platforms/livekit.md has the steps around it.
"""

import os

from livekit.agents import Agent, AgentServer, AgentSession, JobContext, cli
from livekit.agents.llm.mcp import MCPServerHTTP, MCPToolset

INSTRUCTIONS = """You answer the phone and book, move and cancel appointments with tools.
Keep every turn under 25 words. Pass day and time in the caller's own words; never work out a date.
Speak the sentence in `say` of each reply, and add nothing that no tool told you.
If `missing` has name, ask for it once and call verify_name.
After a yes to a read-back call book with the slot and confirmed true.
Say booked only if the reply has booked: true."""

SECONDS = 10
"""For each tool call. LiveKit gives up after 5 if nobody says otherwise; a booking may take 4."""

server = AgentServer()


def receptionist(call_id: str, *, caller: str | None, line: str | None) -> Agent:
    """An agent for one call, with tools that know which call it is and who is on the phone."""
    headers = {
        "Authorization": f"Bearer {os.environ['SLOTLINE_API_KEY']}",
        "X-Platform": "livekit",
        "X-Call-Id": call_id,
    }
    if caller:
        headers["X-Caller"] = caller
    if line:
        headers["X-Line"] = line
    slotline = MCPServerHTTP(
        f"{os.environ['SLOTLINE_URL']}/mcp",
        transport_type="streamable_http",
        headers=headers,
        timeout=SECONDS,
        client_session_timeout_seconds=SECONDS,
    )
    return Agent(instructions=INSTRUCTIONS, tools=[MCPToolset(id="slotline", mcp_server=slotline)])


@server.rtc_session(agent_name="receptionist")
async def answer(ctx: JobContext) -> None:
    """Take a call. Its numbers come from SIP, never from what is said."""
    await ctx.connect()
    told = (await ctx.wait_for_participant()).attributes
    session = AgentSession(stt="deepgram/nova-3", llm="openai/gpt-4.1-mini", tts="cartesia/sonic-3")
    agent = receptionist(
        told.get("sip.callID") or ctx.room.name,
        caller=told.get("sip.phoneNumber"),
        line=told.get("sip.trunkPhoneNumber"),
    )
    await session.start(agent, room=ctx.room)
    await session.generate_reply(instructions="Greet the caller and ask how you can help.")


if __name__ == "__main__":
    cli.run_app(server)
