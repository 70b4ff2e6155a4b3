"""Days that all processes know, in Redis: one hash for each listing, changed by scripts only.

Beside each day stands its generation, which every change of it counts up. Whoever asks Cal.com
reads it first and hands it back with the answer: what was asked before a change is never kept as
if it had been asked after it.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from redis.asyncio import Redis

from booking.availability.days import KEPT_SECONDS, Day, dumps, loads
from booking.availability.news import News
from booking.availability.shelves import Listing

CHANNEL: Final = "slotline:news"
"""Each Redis belongs to one installation."""

_FILLING_MILLISECONDS: Final = 3_000
"""Longer than a read of Cal.com may take; after that a dead filler is in nobody's way."""

# KEYS: the hash. ARGV: seconds to keep, today, then for each day its name, generation and answer.
_PUT: Final = """
local kept = {}
for n = 3, #ARGV, 3 do
  local day, seen, answer = ARGV[n], ARGV[n + 1], ARGV[n + 2]
  local is_late = (redis.call('HGET', KEYS[1], 'g' .. day) or '0') ~= seen
  if is_late then answer = 'h' .. string.sub(answer, 2) end
  redis.call('HSET', KEYS[1], day, answer)
  kept[#kept + 1] = is_late and 0 or 1
end
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  local day = string.gsub(field, '^g', '')
  if day < ARGV[2] then redis.call('HDEL', KEYS[1], field) end
end
redis.call('EXPIRE', KEYS[1], ARGV[1])
return kept
"""

# KEYS: hashes. ARGV: seconds to keep, the channel, the message, until when answers were asked for
# that do not know of it (milliseconds), then the number of each hash with a day and its mark.
_TELL: Final = """
for n = 5, #ARGV, 3 do
  local key, day, mark = KEYS[tonumber(ARGV[n])], ARGV[n + 1], ARGV[n + 2]
  redis.call('HINCRBY', key, 'g' .. day, 1)
  local known = redis.call('HGET', key, day)
  if known and tonumber(string.sub(known, 2, 14)) <= tonumber(ARGV[4]) then
    if string.sub(known, 1, 1) ~= 'h' then
      redis.call('HSET', key, day, mark .. string.sub(known, 2))
    end
  end
  redis.call('EXPIRE', key, ARGV[1])
end
redis.call('PUBLISH', ARGV[2], ARGV[3])
return 1
"""

_RELEASE: Final = """
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
"""


@dataclass(frozen=True, slots=True)
class Recalled:
    """What Redis knows of some days of a listing."""

    days: Mapping[date, Day]
    generations: Mapping[date, int]


class SharedDays:
    """Reads and writes what all processes know. Every method raises `RedisError`."""

    def __init__(self, redis: "Redis") -> None:
        self._redis = redis
        self._put = redis.register_script(_PUT)
        self._tell = redis.register_script(_TELL)
        self._release = redis.register_script(_RELEASE)
        self.name = secrets.token_hex(8)
        """Of this process, for news and locks."""

    async def recall(self, wanted: Mapping[Listing, Sequence[date]]) -> dict[Listing, Recalled]:
        """What is known of these days, and their generations, in one round trip."""
        async with self._redis.pipeline(transaction=False) as pipe:
            for listing, days in wanted.items():
                pipe.hmget(_key(listing), [*(f"{d}" for d in days), *(f"g{d}" for d in days)])
            answers = await pipe.execute()
        recalled: dict[Listing, Recalled] = {}
        for (listing, days), fields in zip(wanted.items(), answers, strict=True):
            known, counts = fields[: len(days)], fields[len(days) :]
            recalled[listing] = Recalled(
                {day: loads(raw.decode()) for day, raw in zip(days, known, strict=True) if raw},
                {day: int(count or 0) for day, count in zip(days, counts, strict=True)},
            )
        return recalled

    async def put(
        self,
        listing: Listing,
        answers: Mapping[date, Day],
        generations: Mapping[date, int],
        *,
        today: date,
    ) -> set[date]:
        """Keep what Cal.com has said, and let days before today go.

        Returns:
            The days that have changed since the generations were read.
        """
        args: list[str | int] = [KEPT_SECONDS, f"{today}"]
        for day, answer in answers.items():
            args += [f"{day}", generations[day], dumps(answer)]
        kept = await self._put(keys=[_key(listing)], args=args)
        return {day for day, is_kept in zip(answers, kept, strict=True) if not is_kept}

    async def tell(self, news: News) -> None:
        """Mark days as changed and tell every process, in one step."""
        places = list(news.days)
        marks: list[str | int] = [
            part
            for number, listing in enumerate(places, start=1)
            for day, mark in news.days[listing].items()
            for part in (number, f"{day}", mark)
        ]
        head: list[str | int] = [
            KEPT_SECONDS,
            CHANNEL,
            news.dumps(self.name),
            f"{news.at * 1000:.0f}",
        ]
        await self._tell(keys=[_key(listing) for listing in places], args=[*head, *marks])

    async def begin_filling(self, listing: Listing, first: date) -> bool:
        """Become the one process that asks Cal.com about these days; false if another does."""
        return bool(
            await self._redis.set(
                _filling(listing, first), self.name, nx=True, px=_FILLING_MILLISECONDS
            )
        )

    async def end_filling(self, listing: Listing, first: date) -> None:
        """Let others ask again."""
        await self._release(keys=[_filling(listing, first)], args=[self.name])


def _key(listing: Listing) -> str:
    return f"slots:{listing.business_id}:{listing.event_type_id}:{listing.zone}"


def _filling(listing: Listing, first: date) -> str:
    return f"filling:{listing.business_id}:{listing.event_type_id}:{listing.zone}:{first}"
