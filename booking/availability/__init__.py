"""What is free and what is taken: kept in process and in Redis, and true after every change."""

from booking.availability.availability import Answer, Availability
from booking.availability.measures import Freshness, Layer, Offered, Purpose, Seen, Served, Tally
from booking.availability.news import Effect
from booking.availability.taken import Taken
from booking.availability.warming import Warming

__all__ = [
    "Answer",
    "Availability",
    "Effect",
    "Freshness",
    "Layer",
    "Offered",
    "Purpose",
    "Seen",
    "Served",
    "Taken",
    "Tally",
    "Warming",
]
