"""ElevenLabs Agents: tools without an envelope, calls that ring, and what it tells after calls.

Source: https://elevenlabs.io/docs/; elevenlabs 2.78.0.
"""

from server.platforms.elevenlabs.events import adapter as events
from server.platforms.elevenlabs.inbound import adapter as inbound
from server.platforms.elevenlabs.tools import adapter as tools

__all__ = ["events", "inbound", "tools"]
