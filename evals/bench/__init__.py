"""Benchmarks: ratios against a yardstick in the same run, because machines are noisy."""
