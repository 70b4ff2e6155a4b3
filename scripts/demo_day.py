"""Speak the calls of the demo's day: `slotline/demo/day/script.toml` becomes sound and times.

    python scripts/demo_day.py

Needs espeak-ng and opusenc (Debian: `apt-get install espeak-ng opus-tools`). What it makes is
committed, so that nobody else needs them.
"""

import io
import json
import subprocess
import tomllib
import wave
from pathlib import Path
from typing import Any, Final

DAY: Final = Path(__file__).resolve().parents[1] / "slotline" / "demo" / "day"

_RATE: Final = 22050
_GAP_SECONDS: Final = 0.7
_TOOL_SECONDS: Final = 0.4
_VOICES: Final = {
    ("agent", "en"): ["-v", "en-gb-x-rp+f3", "-p", "55"],
    ("caller", "en"): ["-v", "en-us+m3", "-p", "38"],
    ("agent", "de"): ["-v", "de+f3", "-p", "55"],
    ("caller", "de"): ["-v", "de+m3", "-p", "38"],
}
_BITRATE: Final = "16"


def main() -> None:
    """Speak every call."""
    calls = tomllib.loads((DAY / "script.toml").read_text(encoding="utf-8"))["calls"]
    told = [_speak(call) for call in calls]
    text = json.dumps(told, indent=1, ensure_ascii=False)
    (DAY / "calls.json").write_text(text + "\n", encoding="utf-8")


def _speak(call: dict[str, Any]) -> dict[str, Any]:
    sound, turns, tools = bytearray(), [], []
    for kind, what, *rest in call["lines"]:
        if kind == "pause":
            sound += _silence(what)
        elif kind == "tool":
            tools.append({"at_ms": _milliseconds(sound), "tool": what, "arguments": rest[0]})
            sound += _silence(_TOOL_SECONDS)
        else:
            starts = _milliseconds(sound)
            sound += _spoken(what, _VOICES[kind, call["language"]])
            times = {"starts_at_ms": starts, "ends_at_ms": _milliseconds(sound)}
            turns.append({"role": kind, "text": what, **times})
            sound += _silence(_GAP_SECONDS)
    file = f"{call['id']}.opus"
    _encode(bytes(sound), DAY / file)
    about = {name: call[name] for name in ("id", "language", "caller", "minutes_ago", "ending")}
    lasts = _milliseconds(sound)
    return {**about, "lasts_ms": lasts, "sound": file, "turns": turns, "tools": tools}


def _spoken(words: str, voice: list[str]) -> bytes:
    command = ["espeak-ng", *voice, "-s", "165", "--stdout", words]
    made = subprocess.run(command, capture_output=True, check=True).stdout
    # What it says of its length is a guess: it writes while it speaks.
    return made[44:]


def _silence(seconds: float) -> bytes:
    return b"\0\0" * round(seconds * _RATE)


def _milliseconds(sound: bytearray) -> int:
    return round(len(sound) / 2 / _RATE * 1000)


def _encode(sound: bytes, to: Path) -> None:
    file = io.BytesIO()
    with wave.open(file, "wb") as whole:
        whole.setnchannels(1)
        whole.setsampwidth(2)
        whole.setframerate(_RATE)
        whole.writeframes(sound)
    # The same file each time: no date, no random serial number.
    command = ["opusenc", "--quiet", "--bitrate", _BITRATE, "--speech", "--serial", "1"]
    subprocess.run([*command, "-", str(to)], input=file.getvalue(), check=True)


if __name__ == "__main__":
    main()
