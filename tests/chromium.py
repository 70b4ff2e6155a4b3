"""Find a Chromium for the tests in a browser, or fetch Playwright's own into `.slotline/browsers`.

    python -m tests.chromium

Prints where it is. Nothing is fetched where the system has one.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
BROWSERS: Final = ROOT / ".slotline" / "browsers"

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_SECONDS: Final = 300


def found() -> str | None:
    """The system's, or one that was fetched before; `None` if there is neither."""
    for name in _NAMES:
        if path := shutil.which(name):
            return path
    fetched = sorted(BROWSERS.glob("chromium*/**/*headless*shell")) if BROWSERS.exists() else []
    return next((str(path) for path in fetched if os.access(path, os.X_OK)), None)


def fetch() -> None:
    """Have Playwright fetch the build that it was tested with."""
    command = [sys.executable, "-m", "playwright", "install", "--only-shell", "chromium"]
    environment = os.environ | {"PLAYWRIGHT_BROWSERS_PATH": str(BROWSERS)}
    subprocess.run(command, env=environment, check=True, timeout=_SECONDS)


def main() -> None:
    """Say where it is; 1 if there is none."""
    if found() is None:
        try:
            fetch()
        except (subprocess.SubprocessError, OSError) as error:
            sys.stderr.write(f"chromium: could not be fetched: {error}\n")
    path = found()
    if path is None:
        sys.exit("chromium: none here; install it (Debian: apt-get install chromium)")
    sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    main()
