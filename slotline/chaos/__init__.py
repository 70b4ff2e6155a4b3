"""Chaos: real processes, killed and starved at random, and a verdict on what was told."""
