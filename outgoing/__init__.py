"""What goes out to addresses that others have chosen: links to recordings, messages to people."""

from outgoing.client import open_client
from outgoing.letters import BadAddress, Letter, NotSent, PerhapsSent
from outgoing.mail import Mail
from outgoing.sms import Texts
from outgoing.targets import TargetRefused, Targets, check

__all__ = [
    "BadAddress",
    "Letter",
    "Mail",
    "NotSent",
    "PerhapsSent",
    "TargetRefused",
    "Targets",
    "Texts",
    "check",
    "open_client",
]
