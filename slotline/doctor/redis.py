"""Redis or Valkey: reachable and not too old."""

import redis.asyncio
from redis.exceptions import RedisError

from slotline.doctor.finding import Finding, broken, fine, skipped

OLDEST = (7, 0)
"""What we use is in 7.0; Valkey answers with the version of Redis that it is compatible with."""


async def examine(url: str | None) -> list[Finding]:
    """Look at the server behind `REDIS_URL`."""
    subject = "redis"
    if not url:
        return [skipped(subject, "REDIS_URL is not set; `slotline serve` starts its own")]
    client = redis.asyncio.Redis.from_url(url, decode_responses=True)
    try:
        about = await client.info("server")
    except (RedisError, OSError) as error:
        todo = "Start it, or correct REDIS_URL. Calls go on without, but slower."
        return [broken(subject, f"cannot be reached: {error}", todo)]
    finally:
        await client.aclose()
    version = str(about["redis_version"])
    name = f"{about.get('server_name', 'redis')} {about.get('valkey_version', version)}"
    if tuple(int(part) for part in version.split(".")[:2]) < OLDEST:
        return [broken(subject, f"{name} is too old", "Use Redis 7.0 or newer, or Valkey.")]
    return [fine(subject, name)]
