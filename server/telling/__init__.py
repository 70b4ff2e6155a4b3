"""Telling people: callers what became of a wish, and staff that somebody is waiting."""

from server.telling.post import NoWayOut, Post, Recipient, Writing
from server.telling.writing import notice_to_staff, to_caller

__all__ = ["NoWayOut", "Post", "Recipient", "Writing", "notice_to_staff", "to_caller"]
