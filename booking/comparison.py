"""What a comparison with Cal.com counts on its way, and reports in the end."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from booking.agreement import Adopt, Decision, Dispute, Follow, InLine, KeepOut, Undo, Wait
from booking.disputes import subject_of
from db.sync_failures import SyncFailureRow

_CHANGES: Final = (Adopt, Dispute, Follow, Undo)


@dataclass(frozen=True, slots=True)
class Report:
    """What a comparison found and did."""

    business: str
    """Its slug."""
    in_full: bool
    dry_run: bool
    compared: int
    """Bookings that stand here or there and that nobody of ours is changing right now."""
    in_line: int
    """Of these, before anything was mended."""
    followed: int
    """Records that were brought in line with Cal.com."""
    adopted: int
    """Records made for bookings that were made outside."""
    undone: int
    """Bookings cancelled there that had come after we gave up."""
    waiting: int
    """Left to a saga that is at work."""
    kept_out: int
    """Of event types that are not ours, and the like."""
    unread: int
    """Could not be compared: Cal.com did not answer, or the record kept changing."""
    ours_there: int
    """Live bookings at Cal.com that carry an id of ours."""
    orphans: int
    """Of these, without a record that says so."""
    oldest_unsettled: timedelta | None
    """How long the longest unsettled booking has been so."""
    failures: Sequence[SyncFailureRow]
    """What is open now."""

    @property
    def consistency(self) -> float:
        """Share of what was compared that agreed, from 0 to 1."""
        return self.in_line / self.compared if self.compared else 1.0

    @property
    def orphan_rate(self) -> float:
        """Share of our bookings at Cal.com that no record of ours accounts for, from 0 to 1."""
        return self.orphans / self.ours_there if self.ours_there else 0.0


@dataclass(slots=True)
class Tally:
    """What is counted on the way."""

    decisions: Counter[str] = field(default_factory=Counter)
    agreed: set[str] = field(default_factory=set)
    """Subjects of bookings at Cal.com that agree with ours now."""
    disputed: set[str] = field(default_factory=set)
    """Subjects of those that are for a human."""
    ours_there: int = 0
    orphans: int = 0
    unread: int = 0

    @property
    def found_changes(self) -> bool:
        """Whether there was something of which nobody had told us, or may have been."""
        return bool(self.unread) or any(self.decisions[each.__name__] for each in _CHANGES)

    def count(self, decision: Decision, uid: str) -> None:
        """Count what was decided about the booking that Cal.com calls `uid`, and done if it was."""
        self.decisions[type(decision).__name__] += 1
        if isinstance(decision, InLine | Follow | Adopt | Undo):
            self.agreed.add(subject_of(uid))
        elif isinstance(decision, Dispute):
            self.disputed.add(subject_of(uid))

    def report(
        self,
        business: str,
        *,
        in_full: bool,
        dry_run: bool,
        unsettled_since: datetime | None,
        failures: Sequence[SyncFailureRow],
        now: datetime,
    ) -> Report:
        """The sum."""
        kept_out, waiting = self.decisions[KeepOut.__name__], self.decisions[Wait.__name__]
        return Report(
            business=business,
            in_full=in_full,
            dry_run=dry_run,
            compared=self.decisions.total() - kept_out - waiting,
            in_line=self.decisions[InLine.__name__],
            followed=self.decisions[Follow.__name__],
            adopted=self.decisions[Adopt.__name__],
            undone=self.decisions[Undo.__name__],
            waiting=waiting,
            kept_out=kept_out,
            unread=self.unread,
            ours_there=self.ours_there,
            orphans=self.orphans,
            oldest_unsettled=now - unsettled_since if unsettled_since else None,
            failures=failures,
        )
