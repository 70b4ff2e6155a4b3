"""What kind of sound file some bytes are, by how they begin.

Source: the formats' own specifications; https://mimesniff.spec.whatwg.org/#matching-an-audio-or-video-type-pattern
"""

from dataclasses import dataclass
from typing import Final

HEAD_BYTES: Final = 12
"""How many are needed to tell."""


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of sound file."""

    media_type: str
    extension: str


_MP3: Final = Format("audio/mpeg", "mp3")
_AAC: Final = Format("audio/aac", "aac")
_MP4: Final = Format("audio/mp4", "m4a")

_BEGINNINGS: Final = (
    (b"ID3", _MP3),
    (b"OggS", Format("audio/ogg", "ogg")),
    (b"fLaC", Format("audio/flac", "flac")),
    (b"\x1a\x45\xdf\xa3", Format("audio/webm", "webm")),
)

_UNSPECIFIC: Final = frozenset({"", "application/octet-stream", "binary/octet-stream"})
"""What storage says of everything."""

_CONTAINERS: Final = frozenset({"application/ogg", "video/mp4", "video/webm"})


def may_be_audio(content_type: str) -> bool:
    """Whether a `Content-Type` leaves it open that this is sound."""
    media_type = content_type.partition(";")[0].strip().lower()
    return media_type.startswith("audio/") or media_type in _UNSPECIFIC | _CONTAINERS


def recognise(head: bytes) -> Format | None:
    """The format of a file that begins with `head`; `None` if it is no sound that we know."""
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return Format("audio/wav", "wav")
    if head[4:8] == b"ftyp":
        return _MP4
    for beginning, found in _BEGINNINGS:
        if head.startswith(beginning):
            return found
    return _frame(head)


def _frame(head: bytes) -> Format | None:
    """MPEG audio without a header begins with a frame: eleven bits set, then version and layer."""
    if len(head) < 3 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:  # noqa: PLR2004 - as specified
        return None
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    if layer == 0:
        return _AAC if head[1] & 0xF0 == 0xF0 else None  # noqa: PLR2004 - as specified
    is_reserved = version == 1 or head[2] >> 4 == 15 or head[2] >> 2 & 3 == 3  # noqa: PLR2004
    return None if is_reserved else _MP3
