"""What the console is made of."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from booking.accepting import Accepting
from booking.desk import Desk
from booking.directory import Directory
from booking.gate import Gates, NoGates
from booking.reconcile import Reconciler
from calls.recordings import RecordingStore
from db.database import Database
from server.console.live import Live

Draft = Callable[[str, UUID], Awaitable[str | None]]
"""Business's slug and call's id to a scenario's TOML; `None` if nothing was kept of the call."""


@dataclass(frozen=True, slots=True)
class ConsoleParts:
    """Ready parts, handed in by `server.wiring`: the same that serve the phone."""

    database: Database
    directory: Directory
    desk: Desk
    accepting: Accepting
    live: Live
    reconciler: Reconciler
    store: RecordingStore
    gates: Gates | NoGates
    is_https: bool
    """Whether browsers reach us by https: cookies then never travel without it."""
    eval_runs: Path
    """Where runs of evals are kept, a folder each; there may be none."""
    clock: Callable[[], datetime]
    draft: Draft | None = None
    """Writes an eval scenario after a call; `None` where evals are not installed."""
    traces_at: str | None = None
    """Where traces of calls can be seen, if they are written."""
