"""What `python -m evals` stands on: servers of our own, and processes that play trials."""

from slotline.evaluating.crew import Crew, PlayerLost, open_crew, play_here

__all__ = ["Crew", "PlayerLost", "open_crew", "play_here"]
