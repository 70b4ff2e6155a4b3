"""Find a Chromium for tests and screenshots, or fetch one into `.slotline/browsers`.

    python -m tests.chromium

The system's counts first. Else Playwright's own build is fetched, or where that cannot be had, the
packages of Debian's: they are unpacked there, and nothing is installed.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
BROWSERS: Final = ROOT / ".slotline" / "browsers"

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_DEBIAN: Final = BROWSERS / "debian"
_SECONDS: Final = 300


@dataclass(frozen=True, slots=True)
class Chromium:
    """A browser, and what it needs in its environment."""

    path: str
    environment: dict[str, str] = field(default_factory=dict)


def found() -> Chromium | None:
    """The system's, or one that was fetched before; `None` if there is neither."""
    for name in _NAMES:
        if path := shutil.which(name):
            return Chromium(path)
    for fetched in sorted(BROWSERS.glob("chromium*/**/*headless*shell")):
        if os.access(fetched, os.X_OK):
            return Chromium(str(fetched))
    unpacked = _DEBIAN / "usr" / "lib" / "chromium" / "chromium"
    if unpacked.exists():
        libraries = sorted({str(path.parent) for path in _DEBIAN.rglob("*.so*")})
        fonts = _DEBIAN / "etc" / "fonts"
        return Chromium(
            str(unpacked),
            {"LD_LIBRARY_PATH": ":".join(libraries), "FONTCONFIG_PATH": str(fonts)},
        )
    return None


def _from_playwright() -> None:
    command = [sys.executable, "-m", "playwright", "install", "--only-shell", "chromium"]
    environment = os.environ | {"PLAYWRIGHT_BROWSERS_PATH": str(BROWSERS)}
    _run(command, environment=environment)


def _from_debian() -> None:
    """Unpack Chromium and whatever of its libraries this machine lacks."""
    wanted = ["apt-get", "--simulate", "--no-install-recommends", "install", "chromium"]
    _unpack(re.findall(r"^Inst (\S+)", _run(wanted), re.MULTILINE))


def _unpack(packages: Sequence[str]) -> None:
    BROWSERS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BROWSERS) as folder:
        _run(["apt-get", "download", *packages], folder=folder)
        tree = Path(folder) / "tree"
        for package in Path(folder).glob("*.deb"):
            _run(["dpkg-deb", "-x", str(package), str(tree)])
        tree.rename(_DEBIAN)


def _run(
    command: list[str], *, environment: dict[str, str] | None = None, folder: str | None = None
) -> str:
    done = subprocess.run(
        command,
        env=environment,
        cwd=folder,
        check=True,
        timeout=_SECONDS,
        capture_output=True,
        text=True,
    )
    return done.stdout


def main() -> None:
    """Say where it is; 1 if there is none."""
    for fetch in (_from_playwright, _from_debian):
        if found() is None:
            try:
                fetch()
            except (subprocess.SubprocessError, OSError) as error:
                sys.stderr.write(f"chromium: {fetch.__name__.lstrip('_')}: {error}\n")
    chromium = found()
    if chromium is None:
        sys.exit("chromium: none here; install it (Debian: apt-get install chromium)")
    sys.stdout.write(f"{chromium.path}\n")


if __name__ == "__main__":
    main()
