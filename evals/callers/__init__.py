"""Callers of simulated calls: scripted ones with rules and a seed, and ones played by a model."""

from evals.callers.by_model import ModelCaller
from evals.callers.caller import Caller, CallerBrokeRules, Utterance
from evals.callers.noise import LEVELS, Channel, missed
from evals.callers.script import Rule, Script
from evals.callers.scripted import ScriptedCaller

__all__ = [
    "LEVELS",
    "Caller",
    "CallerBrokeRules",
    "Channel",
    "ModelCaller",
    "Rule",
    "Script",
    "ScriptedCaller",
    "Utterance",
    "missed",
]
