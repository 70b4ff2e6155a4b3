"""Phone platforms: their credentials are there and look like such, and open our doors from outside.

Which platforms a business uses is told by its calls, by the credentials that only a platform can
have made, and by the API keys that `slotline connect` is given.
"""

import base64
import binascii
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import httpx

from booking.business import Business
from booking.directory import Access
from db import calls, inbox
from db.database import Database
from server.platforms import openai, retell
from slotline.doctor.finding import Finding, broken, doubtful, fine, skipped

LATELY: Final = timedelta(days=30)
"""Calls of this time tell what is used."""

_SECONDS: Final = 5.0
_BODY: Final = '{"event": "call_inbound",  "call_inbound": {"note": "Grüße"}}'.encode()
"""Blanks and umlauts: a proxy that writes JSON anew writes other bytes."""


@dataclass(frozen=True, slots=True)
class _Key:
    """A secret that a platform makes: how it looks, and what to say if none looks like that."""

    form: Callable[[str], bool]
    what: str
    todo: str


@dataclass(frozen=True, slots=True)
class _Platform:
    """What a platform needs here."""

    name: str
    credential: str
    key: _Key | None
    """How the credential looks where the platform makes it; `None` where any will do."""
    where: str
    """Where it is to be had, as an instruction that ends with what to do with it."""
    path: str
    """Of a door that only looks things up, or turns away what it has let in."""
    knock: Callable[[str, datetime], tuple[bytes, Mapping[str, str]]]
    """(secret, now): body and headers of a request with a good credential and no effect."""
    is_marked: bool = False
    """Whether having the credential tells that the platform is used: ours are always there."""


@dataclass(frozen=True, slots=True)
class Used:
    """What is known of a business's platforms."""

    lines: Mapping[str, Sequence[str]]
    """Names of the lines that were called lately, by platform."""
    heard: Mapping[str, datetime]
    """When a platform's own word was accepted for the last time."""
    connecting: Collection[str]
    """Platforms for whose API a key is set."""


def _is_webhook_secret(text: str) -> bool:
    try:
        return text.startswith("whsec_") and bool(base64.b64decode(text[6:], validate=True))
    except (binascii.Error, ValueError):
        return False


def _retell(secret: str, now: datetime) -> tuple[bytes, Mapping[str, str]]:
    return _BODY, retell.sign(_BODY, secret, at=now)


def _vapi(secret: str, _now: datetime) -> tuple[bytes, Mapping[str, str]]:
    return b'{"message": {"type": "assistant-request"}}', {"x-vapi-secret": secret}


def _elevenlabs(secret: str, _now: datetime) -> tuple[bytes, Mapping[str, str]]:
    return b"{}", {"authorization": f"Bearer {secret}"}


def _openai(secret: str, now: datetime) -> tuple[bytes, Mapping[str, str]]:
    """No event: it is let in and then turned away."""
    return _BODY, openai.sign(_BODY, secret, message_id="slotline_doctor", at=now)


_INTO_THE_FILE: Final = "into its business file, and apply that."
_COPY_RETELL: Final = "Copy the API key with the webhook badge from Retell (Settings, API Keys)"
_COPY_OPENAI: Final = "Copy the webhook's signing secret from OpenAI (project settings, Webhooks)"

_PLATFORMS: Final = (
    _Platform(
        "retell",
        "retell_key",
        _Key(
            lambda text: text.startswith("key_"),
            "retell_key does not look like a key of Retell's (key_ and letters)",
            f"{_COPY_RETELL} {_INTO_THE_FILE}",
        ),
        f"{_COPY_RETELL} {_INTO_THE_FILE}",
        "retell/inbound",
        _retell,
        is_marked=True,
    ),
    _Platform(
        "vapi",
        "vapi_secret",
        None,
        f'Write vapi_secret = "generate" {_INTO_THE_FILE}',
        "vapi",
        _vapi,
    ),
    _Platform(
        "elevenlabs",
        "elevenlabs_secret",
        _Key(
            lambda text: text.startswith("wsec_"),
            "knows no webhook secret of ElevenLabs' (wsec_...): what it tells of calls is refused",
            "Let `slotline connect elevenlabs --apply` make the webhook: it keeps the secret.",
        ),
        f'Write elevenlabs_secret = "generate" {_INTO_THE_FILE}',
        "elevenlabs/init",
        _elevenlabs,
    ),
    _Platform(
        "openai",
        "openai_webhook_secret",
        _Key(
            _is_webhook_secret,
            "openai_webhook_secret does not look like one (whsec_ and base64)",
            f"{_COPY_OPENAI} {_INTO_THE_FILE}",
        ),
        f"{_COPY_OPENAI} {_INTO_THE_FILE}",
        "openai/webhook",
        _openai,
        is_marked=True,
    ),
)

_API_KEYS: Final = {
    "retell": (re.compile(r"key_\w{8,}"), "key_ and letters"),
    "vapi": (re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "a UUID"),
    "elevenlabs": (re.compile(r"sk_\w{8,}|[0-9a-f]{32}"), "sk_ and letters"),
}
"""How the keys of the platforms' APIs look, for those that can be connected."""


def judge_api_keys(keys: Mapping[str, str]) -> Iterator[Finding]:
    """Judge the keys that `slotline connect` is given, by platform, by their looks.

    Whether one counts is seen by `slotline connect PLATFORM --diff`, which may take a minute.
    """
    for platform, key in keys.items():
        subject, variable = f"{platform} API", f"{platform.upper()}_API_KEY"
        form, looks = _API_KEYS[platform]
        if form.fullmatch(key):
            yield fine(subject, f"{variable} looks like a key of its API")
        else:
            todo = f"Compare it with the key at {platform.capitalize()}; `--diff` tries it."
            yield doubtful(subject, f"{variable} does not look like one ({looks})", todo)


@dataclass(frozen=True, slots=True)
class Doors:
    """How phone platforms reach us."""

    connecting: Collection[str] = ()
    """Platforms for whose API a key is set."""
    can_take_calls: bool = False
    """Whether `OPENAI_API_KEY` is set, with which calls that ring at OpenAI are taken."""
    public_url: str | None = None
    """`None` if it is not known, or nobody answers there."""
    transport: httpx.AsyncBaseTransport | None = None
    """In place of the network to that address, for tests in process."""


async def examine(
    access: Access, database: Database, doors: Doors, *, now: datetime
) -> list[Finding]:
    """Whether each platform that a business uses can come in.

    Args:
        access: The business and its credentials.
        database: Where its calls are.
        doors: How platforms reach us.
        now: When.
    """
    used = await _used(access.business, database, connecting=doors.connecting, now=now)
    findings: list[Finding] = []
    async with httpx.AsyncClient(
        transport=doors.transport, trust_env=False, timeout=_SECONDS
    ) as http:
        for platform in _PLATFORMS:
            about = list(_judge(platform, access, used))
            findings += about
            if about and platform.name == "openai" and not doors.can_take_calls:
                findings.append(_not_taken(access.business))
            secrets = access.secrets.get(platform.credential, ())
            if about and secrets and doors.public_url:
                address = f"{doors.public_url}/v1/{access.business.slug}/{platform.path}"
                findings.append(await _knock(http, platform, access, address, secrets[0], now))
    return findings


async def _used(
    business: Business, database: Database, *, connecting: Collection[str], now: datetime
) -> Used:
    async with database.single(business.id) as tx:
        seen = await calls.platforms_since(tx, since=now - LATELY)
    async with database.single(business.id) as tx:
        heard = await inbox.last_heard(tx)
    names = {line.id: line.name for line in business.lines}
    lines: dict[str, list[str]] = {}
    for call in seen:
        lines.setdefault(call.platform, [])
        if call.line_id in names:
            lines[call.platform].append(names[call.line_id])
    return Used(lines, {each.source: each.at for each in heard}, connecting)


def _judge(platform: _Platform, access: Access, used: Used) -> Iterator[Finding]:
    """What is to be said of a platform's credential; nothing if nobody uses the platform."""
    secrets = access.secrets.get(platform.credential, ())
    subject = f"{access.business.slug} {platform.name}"
    reasons = []
    if platform.name in used.lines:
        told = ", ".join(sorted(used.lines[platform.name])) or "no line of ours"
        reasons.append(f"calls to {told} come from there")
    if platform.name in used.connecting:
        reasons.append(f"{platform.name.upper()}_API_KEY is set")
    if not reasons and not (platform.is_marked and secrets):
        return
    if not secrets:
        what = f"has no {platform.credential}, though {' and '.join(reasons)}"
        yield broken(subject, what, platform.where)
        return
    if platform.key and not any(map(platform.key.form, secrets)):
        yield doubtful(subject, platform.key.what, platform.key.todo)
    if at := used.heard.get(platform.name):
        yield fine(subject, f"told us of a call last on {at:%Y-%m-%d}")
    else:
        what = f"has {platform.credential}, and has told us of no call yet"
        yield skipped(subject, what)


def _not_taken(business: Business) -> Finding:
    what = "calls that ring there are not taken: OPENAI_API_KEY is not set"
    return broken(f"{business.slug} openai", what, "Set it to a key of the project that rings.")


async def _knock(
    http: httpx.AsyncClient,
    platform: _Platform,
    access: Access,
    address: str,
    secret: str,
    now: datetime,
) -> Finding:
    """Ask as the platform would, from here to the public address and back in."""
    subject = f"{access.business.slug} {platform.name}"
    body, headers = platform.knock(secret, now)
    try:
        answer = await http.post(
            address, content=body, headers={"content-type": "application/json", **headers}
        )
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        what = f"{address} does not answer: {str(error) or type(error).__name__}"
        return broken(subject, what, "Let the proxy hand on /v1/ to `slotline serve`.")
    match answer.status_code:
        case httpx.codes.OK | httpx.codes.BAD_REQUEST:
            return fine(subject, f"{platform.credential} opens {address}")
        case httpx.codes.UNAUTHORIZED:
            what = f"{address} refuses what {platform.credential} has signed or sent"
            todo = (
                "Let the proxy hand on bodies and headers byte for byte, set the clocks, and give "
                "the server there this database and SLOTLINE_SECRET_KEY."
            )
            return broken(subject, what, todo)
        case status:
            todo = "Let the proxy hand on /v1/ to `slotline serve` unchanged."
            return broken(subject, f"{address} answers {status}", todo)
