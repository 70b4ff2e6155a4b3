"""Requests to addresses that somebody else has chosen: links to recordings, targets of notices."""

from outgoing.client import open_client
from outgoing.targets import TargetRefused, Targets, check

__all__ = ["TargetRefused", "Targets", "check", "open_client"]
