"""The phone platforms, a package or module each; they do not know each other."""

from typing import Final

from server.adapter import EventAdapter
from server.platforms import chat, elevenlabs, openai, retell, vapi

EVENTS: Final[tuple[EventAdapter, ...]] = (
    retell.events,
    vapi.events,
    elevenlabs.events,
    openai.events,
    chat.adapter,
)
"""How platforms tell of their calls."""
