"""Arithmetic on half-open ranges of time: merge, clip, subtract."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple


class Range(NamedTuple):
    """From `start` until just before `end`."""

    start: datetime
    end: datetime

    def overlaps(self, other: "Range") -> bool:
        return self.start < other.end and other.start < self.end

    def contains(self, other: "Range") -> bool:
        return self.start <= other.start and other.end <= self.end


def merge(ranges: Iterable[Range]) -> list[Range]:
    """Join ranges that touch or overlap; earliest first, empty ones dropped."""
    merged: list[Range] = []
    for each in sorted(r for r in ranges if r.start < r.end):
        if merged and each.start <= merged[-1].end:
            merged[-1] = Range(merged[-1].start, max(merged[-1].end, each.end))
        else:
            merged.append(each)
    return merged


def clip(ranges: Iterable[Range], bounds: Range) -> list[Range]:
    """The parts of the ranges that lie within the bounds."""
    clipped = (Range(max(r.start, bounds.start), min(r.end, bounds.end)) for r in ranges)
    return [r for r in clipped if r.start < r.end]


def subtract(ranges: Iterable[Range], taken: Iterable[Range]) -> list[Range]:
    """What is left of the ranges when `taken` is cut out of them."""
    holes = merge(taken)
    left: list[Range] = []
    for each in merge(ranges):
        start = each.start
        for hole in holes:
            if hole.end <= start or hole.start >= each.end:
                continue
            if start < hole.start:
                left.append(Range(start, hole.start))
            start = max(start, hole.end)
        if start < each.end:
            left.append(Range(start, each.end))
    return left
