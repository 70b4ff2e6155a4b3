"""Whether our clock agrees with those that we must agree with. Pure."""

from datetime import datetime, timedelta

from slotline.doctor.finding import Finding, broken, doubtful, fine

ODD = timedelta(seconds=5)
"""Cal.com tells whole seconds and the answer travels; a synchronised clock stays well below."""
WRONG = timedelta(seconds=60)
"""Past starts get offered, leases end early, and signatures are valid for five minutes only."""


def compare(whose: str, theirs: datetime, *, asked_at: datetime, answered_at: datetime) -> Finding:
    """Judge the difference between another clock and ours.

    Args:
        whose: Such as `Cal.com`.
        theirs: What it showed, at some moment between asking and the answer.
        asked_at: Our time before.
        answered_at: Our time after.
    """
    ahead = max(asked_at - theirs, theirs - answered_at, timedelta(0))
    subject, what = "clock", f"{ahead.total_seconds():.1f} s from {whose}'s"
    todo = "Synchronise this machine's clock (timedatectl set-ntp true)."
    if ahead > WRONG:
        return broken(subject, what, todo)
    if ahead > ODD:
        return doubtful(subject, what, todo)
    return fine(subject, what)
