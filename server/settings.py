"""Everything that the environment decides: read once, frozen, with a reason beside each number.

`docs/configuration.md` is the page for people; a test holds the two together. Nothing below this
module reads the environment.
"""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict


class BadSettings(Exception):
    """The environment holds a value that cannot be used. The words name variables, no values."""


def _http_url(value: str) -> str:
    if not value.startswith(("http://", "https://")):
        raise ValueError("must start with http:// or https://")
    return value.rstrip("/")


def _starts_with(*schemes: str) -> AfterValidator:
    def check(value: SecretStr) -> SecretStr:
        if not value.get_secret_value().startswith(schemes):
            raise ValueError(f"must start with {' or '.join(schemes)}")
        return value

    return AfterValidator(check)


HttpUrl = Annotated[str, AfterValidator(_http_url)]
PostgresUrl = Annotated[SecretStr, _starts_with("postgresql://", "postgres://")]
RedisUrl = Annotated[SecretStr, _starts_with("redis://", "rediss://", "unix://")]
Seconds = Annotated[float, Field(gt=0)]


def _group(prefix: str) -> SettingsConfigDict:
    """A group's own prefix; an empty variable, as compose files leave them, counts as unset."""
    return SettingsConfigDict(
        env_prefix=prefix,
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,  # an error must not print the secret that it complains about
        use_attribute_docstrings=True,
    )


class Database(BaseSettings):
    """PostgreSQL."""

    model_config = _group("DATABASE_")

    url: PostgresUrl | None = None
    """Where the application's rows are; without it the embedded server is used."""
    owner_url: PostgresUrl | None = None
    """Login that owns the tables, for migrations; without it `DATABASE_URL` is used."""
    pool_size: int = Field(default=10, ge=1)
    """Connections of a process: statements take about 1 ms, so ten serve thousands a second."""
    wait_seconds: Seconds = 1.0
    """For a free or new connection: half of a read's two seconds, to leave time to say so."""


class Redis(BaseSettings):
    """Redis or Valkey."""

    model_config = _group("REDIS_")

    url: RedisUrl | None = None
    """Where the state of calls is shared; without it the embedded server is used."""
    timeout_seconds: Seconds = 0.25
    """An answer takes 0.2 ms; who waits longer is better served by PostgreSQL."""


class Calcom(BaseSettings):
    """Cal.com's API, unless a business names its own."""

    model_config = _group("CALCOM_")

    base_url: HttpUrl = "https://api.cal.com"
    """Without the trailing `/v2`."""
    requests_per_minute: int = Field(default=120, ge=4)
    """Of all processes with one API key; Cal.com blocks a key for a minute that asks more often."""


class Server(BaseSettings):
    """The HTTP server."""

    model_config = _group("SLOTLINE_")

    host: str = "127.0.0.1"
    """Address to listen on; containers need `0.0.0.0`."""
    port: int = Field(default=8000, ge=0, le=65535)
    """0 takes any free one."""
    public_url: HttpUrl | None = None
    """How platforms and Cal.com reach this server from outside."""
    secret_key: SecretStr | None = None
    """Encrypts stored credentials; several, separated by commas, while one is rotated."""
    metrics_token: SecretStr | None = None
    """Bearer token for `/metrics`; without it only this machine may ask."""
    tool_body_bytes: int = Field(default=256 * 1024, ge=1024)
    """Neutral tool calls have some hundred bytes."""
    platform_body_bytes: int = Field(default=768 * 1024, ge=1024)
    """Retell sends the whole transcript with each call: about 17 KiB for a minute of speech."""
    webhook_body_bytes: int = Field(default=512 * 1024, ge=1024)
    """Cal.com's webhooks have some 3 KiB; long notes and many guests make them larger."""
    body_seconds: Seconds = 2.0
    """For a body to arrive; it comes in one piece, and someone is waiting."""
    lookup_seconds: Seconds = 1.0
    """For finding a business that is not in memory yet."""
    ready_seconds: Seconds = 1.0
    """For each part to answer `/readyz`; load balancers ask every few seconds."""
    keep_alive_seconds: int = Field(default=75, ge=1)
    """Longer than the pause between two tool calls, and than nginx' keep-alive of 60 s."""
    drain_seconds: int = Field(default=10, ge=1)
    """For the last answers when stopping: twice the longest deadline and a margin."""


class Worker(BaseSettings):
    """The worker."""

    model_config = _group("SLOTLINE_WORKER_")

    places: int = Field(default=8, ge=1)
    """Items of each queue at a time: they wait for Cal.com, which allows 120 requests a minute."""
    finish_seconds: Seconds = 10.0
    """For what has been begun when stopping; supervisors kill after 15 to 30 s."""
    heartbeat_file: Path | None = None
    """Touched every five seconds while all queues are looked after; for whoever supervises."""


class Log(BaseSettings):
    """Log lines."""

    model_config = _group("SLOTLINE_LOG_")

    level: Literal["debug", "info", "warning", "error"] = "info"
    """The least that is written."""
    format: Literal["auto", "json", "console"] = "auto"
    """`auto` is for people on a terminal and JSON everywhere else."""


class Settings(BaseModel):
    """All settings. `Settings.read()` at the edge; elsewhere the group that is needed."""

    model_config = ConfigDict(frozen=True)

    database: Database = Field(default_factory=Database)
    redis: Redis = Field(default_factory=Redis)
    calcom: Calcom = Field(default_factory=Calcom)
    server: Server = Field(default_factory=Server)
    worker: Worker = Field(default_factory=Worker)
    log: Log = Field(default_factory=Log)

    @classmethod
    def read(cls) -> Self:
        """Read the environment.

        Raises:
            BadSettings: A variable holds what it cannot; all of them are named in one line.
        """
        complaints: list[str] = []
        groups: dict[str, BaseSettings] = {}
        for name, field in cls.model_fields.items():
            group = field.annotation
            if not (isinstance(group, type) and issubclass(group, BaseSettings)):
                continue
            try:
                groups[name] = group()
            except ValidationError as error:
                complaints += [_complaint(group, problem) for problem in error.errors()]
        if complaints:
            raise BadSettings("; ".join(complaints))
        return cls.model_validate(groups)


def variable(group: type[BaseSettings], field: str) -> str:
    """The environment's name for a setting, such as `DATABASE_URL`."""
    return f"{group.model_config.get('env_prefix', '')}{field}".upper()


def _complaint(group: type[BaseSettings], problem: object) -> str:
    match problem:
        case {"loc": (str(field), *_), "msg": str(message)}:
            return f"{variable(group, field)}: {message.removeprefix('Value error, ')}"
        case _:
            return f"{group.__name__}: unusable"
