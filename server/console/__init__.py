"""The console: pages for the people around the phone, made on the server.

A page is a module of `server.console.pages`; its words are in `words/`, one file a language; what a
browser gets is in `templates/` and `static/`. Who may see which page stands in `rooms.py`.
"""

from server.console.console import Console
from server.console.parts import ConsoleParts

__all__ = ["Console", "ConsoleParts"]
