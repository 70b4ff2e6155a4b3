"""Retell AI: its signature, its tool calls, calls that ring, and what it tells of calls.

`llm` has the frames of the WebSocket on which our agent is its model.

Source: https://docs.retellai.com/; retell-sdk 6.2.13.
"""

from server.platforms.retell.events import adapter as events
from server.platforms.retell.inbound import adapter as inbound
from server.platforms.retell.signature import sign
from server.platforms.retell.tools import adapter as tools

__all__ = ["events", "inbound", "sign", "tools"]
