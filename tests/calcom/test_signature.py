"""Webhooks as a real Cal.com signed them, with the secret `s3cret`."""

import json
from pathlib import Path

import pytest

from calcom.signature import is_genuine, sign

RECORDED = json.loads(
    (Path(__file__).parent / "recorded" / "webhook-signatures.json").read_text(encoding="utf-8")
)
SECRET = RECORDED["secret"]
SAMPLES = [(each["raw_body"].encode(), each["signature"]) for each in RECORDED["samples"]]
BODY, SIGNATURE = SAMPLES[0]


@pytest.mark.parametrize(("body", "signature"), SAMPLES)
def test_we_sign_as_cal_com_does(body: bytes, signature: str) -> None:
    assert sign(body, SECRET) == signature


@pytest.mark.parametrize(("body", "signature"), SAMPLES)
def test_genuine_webhooks_pass(body: bytes, signature: str) -> None:
    assert is_genuine(body, signature, [SECRET])


@pytest.mark.parametrize(("body", "signature"), SAMPLES)
def test_a_single_altered_byte_is_noticed(body: bytes, signature: str) -> None:
    altered = body[:-2] + bytes([body[-2] ^ 1]) + body[-1:]
    assert not is_genuine(altered, signature, [SECRET])


def test_while_a_secret_is_rotated_both_count() -> None:
    assert is_genuine(BODY, SIGNATURE, ["the new one", SECRET])
    assert is_genuine(BODY, SIGNATURE, [SECRET, "the new one"])
    assert not is_genuine(BODY, SIGNATURE, ["the new one"])


@pytest.mark.parametrize(
    "signature",
    [
        None,
        "",
        "no-secret-provided",
        SIGNATURE.upper(),
        f"sha256={SIGNATURE}",
        f" {SIGNATURE}",
        SIGNATURE[:-1],
        "é" * 64,
        sign(BODY, "another secret"),
    ],
)
def test_anything_else_is_refused(signature: str | None) -> None:
    assert not is_genuine(BODY, signature, [SECRET])


def test_no_secret_means_no_entry() -> None:
    assert not is_genuine(BODY, SIGNATURE, [])
    assert not is_genuine(BODY, sign(BODY, ""), [""])
