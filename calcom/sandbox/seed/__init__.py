"""Accounts to start with: `demo()`, a dental practice, and `recorded()`, that of the recordings."""

from calcom.sandbox.seed.demo import DEMO_KEY, demo
from calcom.sandbox.seed.recorded import RECORDED_KEY, recorded

__all__ = ["DEMO_KEY", "RECORDED_KEY", "demo", "recorded"]
