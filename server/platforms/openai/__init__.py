"""OpenAI Realtime over SIP: what it tells when somebody rings, and how the call is taken.

Source: https://platform.openai.com/docs/, "Realtime API with SIP" and "Webhooks"; openai 3.54.0.
"""

from server.platforms.openai.incoming import adapter as events
from server.platforms.openai.incoming import incoming_call
from server.platforms.openai.session import session_for
from server.platforms.openai.signature import sign

__all__ = ["events", "incoming_call", "session_for", "sign"]
