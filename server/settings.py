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


def _file_or_bucket(value: str) -> str:
    if not value.startswith(("file:///", "s3://")):
        raise ValueError("must start with file:/// or s3://")
    return value


def _starts_with(*schemes: str) -> AfterValidator:
    def check(value: SecretStr) -> SecretStr:
        if not value.get_secret_value().startswith(schemes):
            raise ValueError(f"must start with {' or '.join(schemes)}")
        return value

    return AfterValidator(check)


def _http_origins(value: str) -> str:
    for origin in value.split(","):
        scheme, _, rest = origin.strip().partition("://")
        if scheme not in {"http", "https"} or not rest or "/" in rest.rstrip("/"):
            raise ValueError("must be addresses such as http://minio:9000, separated by commas")
    return value


HttpOrigins = Annotated[str, AfterValidator(_http_origins)]
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
    model: str = "gpt-4.1"
    """The agent's model, as its server calls it."""
    review_model: str | None = None
    """A model that reads calls when they are over and flags what is odd; without it none does."""
    eval_runs: Path = Path("runs")
    """Where `python -m evals` keeps its runs, for the console to show."""
    metrics_token: SecretStr | None = None
    """Bearer token for `/metrics`; without it only this machine may ask."""
    private_origins: HttpOrigins | None = None
    """Asked though they are not public or not https, when somebody else names them: a storage or a
    platform of one's own."""
    tool_body_bytes: int = Field(default=256 * 1024, ge=1024)
    """Neutral tool calls have some hundred bytes."""
    platform_body_bytes: int = Field(default=768 * 1024, ge=1024)
    """Retell sends the whole transcript with each call: about 17 KiB for a minute of speech."""
    webhook_body_bytes: int = Field(default=512 * 1024, ge=1024)
    """Cal.com's webhooks have some 3 KiB; long notes and many guests make them larger."""
    event_body_bytes: int = Field(default=8 * 1024 * 1024, ge=1024)
    """What is told after a call has every word of it with its times: a megabyte in ten minutes."""
    audio_body_bytes: int = Field(default=32 * 1024 * 1024, ge=1024)
    """ElevenLabs sends a call's sound as text: 24 MiB of it, or 25 minutes at 128 kbit/s."""
    audio_body_seconds: Seconds = 20.0
    """For such a body to arrive; nobody is waiting."""
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


class OpenAI(BaseSettings):
    """The model behind the agent: OpenAI's, or any that speaks its Chat Completions."""

    model_config = _group("OPENAI_")

    api_key: SecretStr | None = None
    """Without a key and an address there is no agent; tools need none."""
    base_url: HttpUrl | None = None
    """Of another server, such as one at home; without it OpenAI's."""
    realtime_model: str = "gpt-realtime-2"
    """For calls that ring at OpenAI by SIP: the model hears and speaks itself."""
    trust_sip_from: bool = False
    """Whether `From` in SIP is the caller's number: only if nobody else can reach the project."""
    timeout_seconds: Seconds = 10.0
    """For the model to begin; nobody stays on the phone in silence for longer."""


class Retell(BaseSettings):
    """Retell's API, for `slotline connect`."""

    model_config = _group("RETELL_")

    api_key: SecretStr | None = None
    """Of the workspace that shall have the agents."""
    base_url: HttpUrl = "https://api.retellai.com"
    """Where it is."""


class Vapi(BaseSettings):
    """Vapi's API, for `slotline connect`."""

    model_config = _group("VAPI_")

    api_key: SecretStr | None = None
    """The private key of the organisation that shall have the assistants."""
    base_url: HttpUrl = "https://api.vapi.ai"
    """Where it is."""


class ElevenLabs(BaseSettings):
    """ElevenLabs' API, for `slotline connect`."""

    model_config = _group("ELEVENLABS_")

    api_key: SecretStr | None = None
    """Of the workspace that shall have the agents."""
    base_url: HttpUrl = "https://api.elevenlabs.io"
    """Where it is; another for data residency."""


class Recordings(BaseSettings):
    """Where recordings of calls are kept."""

    model_config = _group("RECORDINGS_")

    url: Annotated[str, AfterValidator(_file_or_bucket)] | None = None
    """`file:///folder` or `s3://bucket/prefix`; without it a folder beside the embedded servers."""
    s3_endpoint: HttpUrl | None = None
    """Of another S3 than Amazon's, such as MinIO's."""
    s3_region: str | None = None
    """Of the bucket."""
    s3_access_key_id: SecretStr | None = None
    """Without it the machine's role is used."""
    s3_secret_access_key: SecretStr | None = None
    """Of that key."""
    max_bytes: int = Field(default=200 * 1024 * 1024, ge=1024)
    """An hour in two channels, uncompressed at 16 kHz, has 230 MB; calls are shorter."""
    seconds: float = Field(default=300.0, gt=0, le=540)
    """For a recording to arrive; less than the ten minutes for which a worker has it."""


class Telling(BaseSettings):
    """How people are told what became of a wish, besides on the phone."""

    model_config = _group("")

    sms_url: Annotated[SecretStr, _starts_with("https://", "http://")] | None = None
    """Of whoever speaks Twilio's Messages API: `https://ACCOUNT:TOKEN@host?from=SENDER`."""
    smtp_url: Annotated[SecretStr, _starts_with("smtp://", "smtps://")] | None = None
    """Of a mail server: `smtps://USER:PASSWORD@host?from=ADDRESS`."""


class Langfuse(BaseSettings):
    """Traces of calls."""

    model_config = _group("LANGFUSE_")

    public_key: str | None = None
    """With both keys calls are traced; without them nothing is sent."""
    secret_key: SecretStr | None = None
    """Of the same project."""
    host: HttpUrl = "https://cloud.langfuse.com"
    """Where Langfuse is."""
    environment: str = Field(default="production", pattern=r"^[a-z0-9_-]{1,40}$")
    """Keeps traces of a test system apart."""
    words: bool = False
    """Whether what was said goes along, with numbers, addresses and known names masked."""
    audio: bool = False
    """Whether recordings of calls with an open flag go along; nothing in them is masked."""

    @property
    def is_set(self) -> bool:
        """Whether calls are traced."""
        return bool(self.public_key and self.secret_key)


class Worker(BaseSettings):
    """The worker."""

    model_config = _group("SLOTLINE_WORKER_")

    places: int = Field(default=8, ge=1)
    """Items of each queue at a time: they wait for Cal.com, which allows 120 requests a minute."""
    finish_seconds: Seconds = 10.0
    """For what has been begun when stopping; supervisors kill after 15 to 30 s."""
    metrics_host: str = "127.0.0.1"
    """Address on which it answers Prometheus; containers need `0.0.0.0`. Keep it inside."""
    metrics_port: int | None = Field(default=None, ge=0, le=65535)
    """Without it nobody is answered."""
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
    openai: OpenAI = Field(default_factory=OpenAI)
    retell: Retell = Field(default_factory=Retell)
    vapi: Vapi = Field(default_factory=Vapi)
    elevenlabs: ElevenLabs = Field(default_factory=ElevenLabs)
    recordings: Recordings = Field(default_factory=Recordings)
    telling: Telling = Field(default_factory=Telling)
    langfuse: Langfuse = Field(default_factory=Langfuse)
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
