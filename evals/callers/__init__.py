"""Who is on the phone: callers who hear only what the agent says."""

from evals.callers.caller import Caller, Utterance
from evals.callers.script import Script

__all__ = ["Caller", "Script", "Utterance"]
