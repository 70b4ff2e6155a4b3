"""What a test run would pay for again and again, though it proves nothing the second time.

It is paid once in each process of a run. What was measured is in the comments.
"""

import gc
import os
import ssl
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import cache
from typing import Any

import pytest
import structlog
from structlog.dev import ConsoleRenderer, plain_traceback

from booking import vault
from server import serve


def compile_once() -> None:
    """Keep what Python compiles, here and in the processes that tests start: 8 s in each."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


def collect_nothing() -> None:
    """While a thousand modules and the tests come in, there is no garbage: 2 s."""
    gc.disable()


def collect_what_is_new() -> None:
    """What has been imported stays; to look through it finds nothing."""
    gc.freeze()
    gc.enable()


@contextmanager
def thrifty() -> Iterator[None]:
    """Remember what always comes out the same."""
    with pytest.MonkeyPatch.context() as patch:
        # Slow by intent, 0.1 s; each practice derives two keys from the same passphrase.
        patch.setattr(vault, "_derived", cache(vault._derived))
        # The world's certificates take 20 ms for each client that could leave this machine.
        patch.setattr(ssl, "create_default_context", _remembering(ssl.create_default_context))
        # A server looks for garbage before it starts, in all that has ever been imported: 0.2 s.
        patch.setattr(serve, "_still_memory", nullcontext)
        # Outside of `journal.opened` tracebacks come with every local variable, coloured: 5 s each.
        for renderer in structlog.get_config()["processors"]:
            if isinstance(renderer, ConsoleRenderer):
                patch.setattr(renderer, "exception_formatter", plain_traceback)
        yield


def _remembering(fresh: Any) -> Any:
    """Contexts of clients; a server's gets a certificate of its own."""
    once = cache(fresh)

    def create(purpose: ssl.Purpose = ssl.Purpose.SERVER_AUTH, **trust: Any) -> Any:
        return (once if purpose is ssl.Purpose.SERVER_AUTH else fresh)(purpose, **trust)

    return create
