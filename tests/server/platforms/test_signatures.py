"""Every platform's credentials, with the same bad intentions: forged, old, early, written anew."""

import hmac
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from retell.lib.webhook_auth import symmetric

from server import mcp
from server.adapter import Verify
from server.agent import chat
from server.platforms import elevenlabs, neutral, openai, retell, vapi
from server.wire import Refused
from tests.server.platforms.switchboard import SECRETS, elevenlabs_signature, standard_webhook

_NOW: Final = datetime(2026, 9, 10, 8, 2, tzinfo=UTC)
_KEYS: Final = {name: (secret,) for name, secret in SECRETS.items()}
_BODY: Final = '{"event":"call_ended","note":"Grüße, 你好"}'.encode()
"""As platforms write it: no blanks, and letters as they are."""

Sign = Callable[[bytes, datetime], Mapping[str, str]]


def _as_retell(body: bytes, at: datetime) -> Mapping[str, str]:
    stamp = int(at.timestamp() * 1000)
    signature = symmetric["sign"](body.decode(), SECRETS["retell_key"], stamp)
    return {"x-retell-signature": signature}


def _as_vapi(body: bytes, at: datetime) -> Mapping[str, str]:
    stamp = str(int(at.timestamp()))
    signed = f"{stamp}.".encode() + body
    digest = hmac.digest(SECRETS["vapi_secret"].encode(), signed, "sha256").hex()
    return {"x-signature": digest, "x-timestamp": stamp}


def _as_elevenlabs(body: bytes, at: datetime) -> Mapping[str, str]:
    return {"elevenlabs-signature": elevenlabs_signature(body, at=int(at.timestamp()))}


def _as_openai(body: bytes, at: datetime) -> Mapping[str, str]:
    return standard_webhook(body, at=int(at.timestamp()))


SIGNED: Final[Mapping[str, tuple[Verify, Sign]]] = {
    "retell": (retell.tools.verify, _as_retell),
    "vapi": (vapi.tools.verify, _as_vapi),
    "elevenlabs": (elevenlabs.events.verify, _as_elevenlabs),
    "openai": (openai.events.verify, _as_openai),
}
ALL: Final[Mapping[str, Verify]] = {
    **{name: verify for name, (verify, _) in SIGNED.items()},
    "retell calls": retell.inbound.verify,
    "elevenlabs tools": elevenlabs.tools.verify,
    "neutral": neutral.adapter.verify,
    "chat": chat.verify,
    "mcp": mcp.verify,
}
_HEADERS: Final = (
    "authorization",
    "elevenlabs-signature",
    "origin",
    "webhook-id",
    "webhook-signature",
    "webhook-timestamp",
    "x-retell-signature",
    "x-signature",
    "x-timestamp",
    "x-vapi-secret",
)


@pytest.mark.parametrize("platform", SIGNED)
def test_what_is_signed_opens_within_five_minutes(platform: str) -> None:
    verify, sign = SIGNED[platform]
    for minutes in (-5, 0, 5):
        verify(sign(_BODY, _NOW), _BODY, _KEYS, _NOW + timedelta(minutes=minutes))


@pytest.mark.parametrize("minutes", [-6, 6, 60 * 24 * 365, -60 * 24 * 365])
@pytest.mark.parametrize("platform", SIGNED)
def test_what_is_stale_or_of_the_future_is_refused(platform: str, minutes: int) -> None:
    verify, sign = SIGNED[platform]
    with pytest.raises(Refused, match="five minutes"):
        verify(sign(_BODY, _NOW), _BODY, _KEYS, _NOW + timedelta(minutes=minutes))


@pytest.mark.parametrize("platform", SIGNED)
def test_a_body_that_was_written_anew_is_refused(platform: str) -> None:
    """The same JSON is not the same bytes: a proxy that parses it breaks the signature."""
    verify, sign = SIGNED[platform]
    for anew in (
        json.dumps(json.loads(_BODY)).encode(),
        json.dumps(json.loads(_BODY), ensure_ascii=False).encode(),
        _BODY + b"\n",
    ):
        with pytest.raises(Refused, match="not of this body"):
            verify(sign(_BODY, _NOW), anew, _KEYS, _NOW)


@pytest.mark.parametrize("platform", SIGNED)
def test_another_business_cannot_sign_for_us(platform: str) -> None:
    verify, sign = SIGNED[platform]
    others = dict.fromkeys(SECRETS, ("whsec_b3RoZXI=",))
    for keys in (others, {}, dict.fromkeys(SECRETS, ()), dict.fromkeys(SECRETS, ("",))):
        with pytest.raises(Refused):
            verify(sign(_BODY, _NOW), _BODY, keys, _NOW)


@pytest.mark.parametrize("other", SIGNED)
@pytest.mark.parametrize("platform", SIGNED)
def test_one_platforms_signature_opens_no_other_door(platform: str, other: str) -> None:
    verify, sign = SIGNED[platform][0], SIGNED[other][1]
    if platform != other:
        with pytest.raises(Refused):
            verify(sign(_BODY, _NOW), _BODY, _KEYS, _NOW)


@pytest.mark.parametrize("platform", ALL)
@settings(suppress_health_check=[HealthCheck.too_slow])  # the first text loads Unicode's tables
@given(
    headers=st.dictionaries(
        st.sampled_from(_HEADERS),
        st.text()
        | st.sampled_from([f"Bearer {secret}" for secret in SECRETS.values()])
        | st.sampled_from(["v1,", "t=1,v0=" + "0" * 64, "v=1,d=" + "0" * 64, "9" * 14]),
    ),
    body=st.binary(),
    now=st.datetimes(timezones=st.just(UTC)),
)
def test_verification_returns_or_refuses_and_nothing_else(
    platform: str, headers: dict[str, str], body: bytes, now: datetime
) -> None:
    known = {f"Bearer {secret}" for secret in SECRETS.values()}
    try:
        ALL[platform](headers, body, _KEYS, now)
    except Refused:
        return
    assert headers["authorization"] in known
