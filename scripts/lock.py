"""Write `requirements/*.txt`: exact versions with hashes, and no address of any index.

    python scripts/lock.py [--upgrade]

Everything is resolved together first, so that all groups agree; then each group gets its file.
`uv.lock` would name the index of whoever wrote it (docs/adr, "Locks without a registry").
"""

import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ROOT / "requirements"
UV = Path(sys.executable).with_name("uv")
_COMPILE = ["--universal", "--python-version", "3.11", "--no-header", "--no-annotate", "--quiet"]


def overrides() -> list[str]:
    """What counts instead of the bounds that packages set themselves."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked: list[str] = project["tool"]["slotline"]["overrides"]
    return asked


def groups() -> dict[str, list[str]]:
    """What each group asks for, by the name of its file."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked: dict[str, list[str]] = {"runtime": project["project"]["dependencies"]}
    asked |= project["project"]["optional-dependencies"]
    asked |= {"build": project["build-system"]["requires"]}
    asked |= project["dependency-groups"]
    return asked


def main(options: list[str]) -> None:
    """Resolve, and write a file for each group."""
    with tempfile.TemporaryDirectory() as folder:
        together = Path(folder) / "together.txt"
        # Versions that are locked already stay unless --upgrade says otherwise.
        bounds = Path(folder) / "overrides.txt"
        bounds.write_text("\n".join(overrides()))
        options = [*options, "--overrides", str(bounds)]
        together.write_text("".join(lock.read_text() for lock in sorted(LOCKS.glob("*.txt"))))
        everything = [requirement for asked in groups().values() for requirement in asked]
        _compile(everything, together, options)
        for name, asked in groups().items():
            lock = LOCKS / f"{name}.txt"
            lock.unlink(missing_ok=True)
            _compile(asked, lock, ["--generate-hashes", "--constraints", str(together), *options])
            print(f"lock: {lock.relative_to(ROOT)}")


def _compile(requirements: list[str], output: Path, options: list[str]) -> None:
    command = [str(UV), "pip", "compile", "-", *_COMPILE, *options, "-o", str(output)]
    words = "\n".join(requirements)
    subprocess.run(command, input=words, text=True, check=True, stdout=subprocess.DEVNULL, cwd=ROOT)


if __name__ == "__main__":
    main(sys.argv[1:])
