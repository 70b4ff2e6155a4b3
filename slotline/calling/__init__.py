"""`slotline call`: talk to the agent in the terminal."""

from slotline.calling.terminal import run
from slotline.calling.whom import Options

__all__ = ["Options", "run"]
