"""Sound is known by how it begins, whatever it is called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.recordings.audio import may_be_audio, recognise

BEGINNINGS = {
    b"RIFF\x24\x08\x00\x00WAVEfmt ": "audio/wav",
    b"ID3\x04\x00\x00\x00\x00\x00\x00\x00\x00": "audio/mpeg",
    b"\xff\xfb\x90\x64\x00\x00\x00\x00\x00\x00\x00\x00": "audio/mpeg",
    b"\xff\xf3\x44\xc4\x00\x00\x00\x00\x00\x00\x00\x00": "audio/mpeg",
    b"\xff\xf1\x50\x80\x00\x1f\xfc\x00\x00\x00\x00\x00": "audio/aac",
    b"OggS\x00\x02\x00\x00\x00\x00\x00\x00": "audio/ogg",
    b"fLaC\x00\x00\x00\x22\x10\x00\x10\x00": "audio/flac",
    b"\x00\x00\x00\x20ftypM4A ": "audio/mp4",
    b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81": "audio/webm",
}


@pytest.mark.parametrize(("head", "media_type"), BEGINNINGS.items())
def test_formats_are_recognised(head: bytes, media_type: str) -> None:
    found = recognise(head)
    assert found
    assert found.media_type == media_type


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"<!doctype html>",
        b'{"error": "no such key"}',
        b"RIFF\x24\x08\x00\x00AVI LIST",
        b"%PDF-1.7 and so on",
        b"\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00",
        b"\xff\xfe<\x00h\x00t\x00m\x00l\x00",  # text in UTF-16
        b"\xff" * 12,
    ],
)
def test_what_is_no_sound_is_not_taken_for_it(head: bytes) -> None:
    assert recognise(head) is None


@given(st.binary(max_size=16))
def test_any_beginning_is_looked_at(head: bytes) -> None:
    found = recognise(head)
    assert found is None or found.media_type.startswith("audio/")


@pytest.mark.parametrize(
    ("content_type", "may_be"),
    [
        ("audio/wav", True),
        ("Audio/MPEG; charset=binary", True),
        ("binary/octet-stream", True),
        ("", True),
        ("video/webm", True),
        ("text/html", False),
        ("application/json", False),
        ("image/svg+xml", False),
    ],
)
def test_storage_may_leave_the_kind_open_but_not_deny_it(content_type: str, may_be: bool) -> None:
    assert may_be_audio(content_type) is may_be
