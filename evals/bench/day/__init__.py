"""A simulated day: practices, their callers, their web UIs, and what all of it cost.

Time is compressed: one clock for the server, the worker and the stand-ins of Cal.com, moved from
event to event. Everything else is real: HTTP application, PostgreSQL, Redis.
"""

from evals.bench.day.figures import Figures, print_figures
from evals.bench.day.run import Day, run, simulate

__all__ = ["Day", "Figures", "print_figures", "run", "simulate"]
