"""Vapi: everything comes to one URL as `{"message": {"type": ..., ...}}`.

Source: https://docs.vapi.ai/, "Server URL"; its OpenAPI document; vapi_server_sdk 3.0.0.
"""

from server.platforms.vapi.configuration import TRANSFER_TOOL
from server.platforms.vapi.credentials import CREDENTIAL
from server.platforms.vapi.events import adapter as events
from server.platforms.vapi.inbound import KIND as INBOUND_KIND
from server.platforms.vapi.inbound import adapter as inbound
from server.platforms.vapi.message import kind_of
from server.platforms.vapi.tools import KINDS as TOOL_KINDS
from server.platforms.vapi.tools import adapter as tools

__all__ = [
    "CREDENTIAL",
    "INBOUND_KIND",
    "TOOL_KINDS",
    "TRANSFER_TOOL",
    "events",
    "inbound",
    "kind_of",
    "tools",
]
