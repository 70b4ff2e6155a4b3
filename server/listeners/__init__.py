"""Whoever is told what happened: the one place where listeners are registered."""

from typing import Final

from server.listeners.availability import forget_days
from server.listeners.counting import count
from server.listeners.flagging import flag
from server.listeners.follow_up import follow_up
from server.listeners.hanging_up import let_go
from server.listeners.judging import judge
from server.listeners.listener import Listener, NotYet, Surroundings
from server.listeners.reviewing import review
from server.listeners.tracing import trace

__all__ = ["LISTENERS", "Listener", "NotYet", "Surroundings"]

LISTENERS: Final = (follow_up, flag, judge, review, trace, forget_days, let_go, count)
