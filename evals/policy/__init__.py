"""A receptionist without a model: rules that see what a model sees, behind a model's own wire."""

from evals.policy.policy import Ask, Decision, Say, decide
from evals.policy.serving import serving

__all__ = ["Ask", "Decision", "Say", "decide", "serving"]
