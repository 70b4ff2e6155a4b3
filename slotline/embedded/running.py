"""Where servers of our own are."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Running:
    """Where the servers are. An address is empty when its server was not asked for."""

    database_url: str = field(default="", repr=False)
    """Login `slotline_app`, which owns nothing."""
    database_owner_url: str = field(default="", repr=False)
    """Login `slotline_owner`, which owns the database `slotline`."""
    superuser_url: str = field(default="", repr=False)
    """Login `postgres`, database `postgres`; for whoever makes databases of their own."""
    redis_url: str = field(default="", repr=False)
