"""The gate's state in Redis: every decision is one script, and Redis' clock the only one."""

from typing import Final

from redis.asyncio import Redis

from booking.gate.rules import Answer, Gauge, Outcome, Rules, Verdict
from calcom.gate import Priority

_MICROSECONDS: Final = 1_000_000
_FORGOTTEN_MILLISECONDS: Final = 600_000
"""After ten minutes without a request nobody knows how Cal.com is."""

_NOW: Final = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
"""

# Sent requests are a sorted set by time. Those of the last window must be fewer than the ceiling;
# if not, the wait is until enough of them are older.
_ENTER: Final = f"""{_NOW}
local sent, breaker = KEYS[1], KEYS[2]
local token, ceiling, limit = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local window, lease, owed = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local news = tonumber(ARGV[7])
redis.call('ZREMRANGEBYSCORE', sent, '-inf', now - window)
for n = 1, owed do redis.call('ZADD', sent, now, token .. ':' .. n) end
if owed > 0 then redis.call('PEXPIRE', sent, math.ceil(window / 1000)) end
local used = redis.call('ZCARD', sent)
local left = math.max(limit - used, 0)
local state = redis.call('HMGET', breaker, 'open_until', 'probing_until', 'blocked_until')
local open_until, probing_until = tonumber(state[1] or 0), tonumber(state[2] or 0)
local blocked_until = tonumber(state[3] or 0)
if open_until > now then return {{'breaker_open', open_until - now, left}} end
if open_until > 0 and probing_until > now then
  return {{'breaker_open', math.min(probing_until - now, news), left}}
end
if blocked_until > now then return {{'budget_spent', blocked_until - now, 0}} end
if used >= ceiling then
  local oldest = redis.call('ZRANGE', sent, used - ceiling, used - ceiling, 'WITHSCORES')
  return {{'budget_spent', tonumber(oldest[2]) + window - now, left}}
end
redis.call('ZADD', sent, now, token)
redis.call('PEXPIRE', sent, math.ceil(window / 1000))
left = math.max(limit - used - 1, 0)
if open_until > 0 then
  redis.call('HSET', breaker, 'probe', token, 'probing_until', now + lease)
  redis.call('PEXPIRE', breaker, {_FORGOTTEN_MILLISECONDS})
  return {{'probe', 0, left}}
end
return {{'admitted', 0, left}}
"""

# While the breaker is open only the probe's outcome counts: what else comes in was sent before.
_LEAVE: Final = f"""{_NOW}
local outages, breaker = KEYS[1], KEYS[2]
local token, outcome, wait = ARGV[1], ARGV[2], tonumber(ARGV[3])
local most, within, open = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local is_probe = redis.call('HGET', breaker, 'probe') == token
if is_probe then redis.call('HDEL', breaker, 'probe', 'probing_until') end
if outcome == 'limited' then
  local until_then = tonumber(redis.call('HGET', breaker, 'blocked_until') or 0)
  redis.call('HSET', breaker, 'blocked_until', math.max(until_then, now + wait))
  redis.call('PEXPIRE', breaker, {_FORGOTTEN_MILLISECONDS} + math.ceil(wait / 1000))
end
if outcome == 'outage' then
  local opens = is_probe
  if not is_probe and not redis.call('HGET', breaker, 'open_until') then
    redis.call('LPUSH', outages, now)
    redis.call('LTRIM', outages, 0, most - 1)
    redis.call('PEXPIRE', outages, math.ceil(within / 1000))
    local first = redis.call('LINDEX', outages, most - 1)
    opens = first and tonumber(first) > now - within
  end
  if opens then
    redis.call('DEL', outages)
    redis.call('HSET', breaker, 'open_until', now + open)
    redis.call('PEXPIRE', breaker, {_FORGOTTEN_MILLISECONDS} + math.ceil(open / 1000))
  end
elseif is_probe and outcome ~= 'withdrawn' then
  redis.call('HDEL', breaker, 'open_until')
  redis.call('DEL', outages)
end
return 1
"""


class Shared:
    """The state of one key, as all processes see it. Every method raises `RedisError`."""

    def __init__(self, redis: "Redis", name: str, rules: Rules) -> None:
        """`name` is the same in all processes and tells nothing about the key."""
        prefix = f"gate:{{{name}}}"
        self._sent, self._outages = f"{prefix}:sent", f"{prefix}:outages"
        self._breaker = f"{prefix}:breaker"
        self._rules = rules
        self._redis = redis
        self._enter = redis.register_script(_ENTER)
        self._leave = redis.register_script(_LEAVE)

    async def enter(self, priority: Priority, token: str, *, owed: int) -> Answer:
        """Decide on one request, in one round trip.

        Args:
            priority: Its kind.
            token: Its own name; `leave` is told the same.
            owed: Requests that left without Redis knowing of them.
        """
        verdict, wait, left = await self._enter(
            keys=[self._sent, self._breaker],
            args=[
                token,
                self._rules.ceiling(priority),
                self._rules.requests,
                _microseconds(self._rules.window_seconds),
                _microseconds(self._rules.probe_seconds),
                owed,
                _microseconds(self._rules.news_seconds),
            ],
        )
        word = verdict.decode() if isinstance(verdict, bytes) else verdict
        return Answer(Verdict(word), wait / _MICROSECONDS, left)

    async def leave(self, token: str, outcome: Outcome, *, wait_seconds: float) -> None:
        """Take note of what became of an admitted request."""
        await self._leave(
            keys=[self._outages, self._breaker],
            args=[
                token,
                outcome,
                _microseconds(wait_seconds),
                self._rules.outages,
                _microseconds(self._rules.outage_seconds),
                _microseconds(self._rules.open_seconds),
            ],
        )

    async def gauge(self) -> Gauge:
        """How things stand; changes nothing."""
        seconds, microseconds = await self._redis.time()
        now = seconds * _MICROSECONDS + microseconds
        window = _microseconds(self._rules.window_seconds)
        used = await self._redis.zcount(self._sent, now - window, "+inf")
        kept = await self._redis.hmget(self._breaker, ["open_until", "probing_until"])
        open_until, probing_until = (int(float(value)) if value else 0 for value in kept)
        return Gauge(
            left=max(self._rules.requests - used, 0),
            limit=self._rules.requests,
            open_seconds=max(open_until - now, 0) / _MICROSECONDS,
            is_probing=open_until > 0 and probing_until > now,
        )


def _microseconds(seconds: float) -> int:
    return round(seconds * _MICROSECONDS)
