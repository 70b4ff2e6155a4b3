"""The gate in front of Cal.com: one budget and one circuit breaker for each key, for all processes.

Both are kept in Redis (`shared`), so that no process can spend what another has spent already, and
one process finds out for all of them that Cal.com is back. Without Redis each process goes by what
it knows itself (`alone`): slower, still within the limits.
"""

from booking.gate.gate import NO_GATES, Gates, NoGates
from booking.gate.rules import Admission, BreakerOpen, BudgetSpent, Gauge, Rules, Verdict

__all__ = [
    "NO_GATES",
    "Admission",
    "BreakerOpen",
    "BudgetSpent",
    "Gates",
    "Gauge",
    "NoGates",
    "Rules",
    "Verdict",
]
