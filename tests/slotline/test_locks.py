"""The locks name exact versions and hashes, and nothing about where they come from."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import ROOT

_LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
_PIN = re.compile(r"(?P<name>[a-z0-9.-]+)==(?P<version>[^ ;]+)( ; (?P<marker>.+?))? \\")
_HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")
_ASKED = re.compile(r"(?P<name>[a-z0-9.-]+)(\[[a-z0-9,]+\])?==(?P<version>[^ ;]+)")


def _pins(lock: Path) -> Iterator[re.Match[str]]:
    return filter(None, map(_PIN.fullmatch, lock.read_text().splitlines()))


def _asked_for() -> dict[str, list[str]]:
    """What `pyproject.toml` wants, by the name of the lock that has to bring it."""
    whole = tomllib.loads((ROOT / "pyproject.toml").read_text())
    project = whole["project"]
    return {
        "runtime": project["dependencies"],
        **project["optional-dependencies"],
        **whole["dependency-groups"],
        "build": whole["build-system"]["requires"],
    }


def test_there_is_a_lock_for_each_group_and_no_other() -> None:
    assert {lock.stem for lock in _LOCKS} == set(_asked_for())


@pytest.mark.parametrize("lock", _LOCKS, ids=lambda lock: lock.stem)
def test_every_line_is_a_pin_or_its_hash(lock: Path) -> None:
    """No option, no address, no file; and pip refuses a pin without a hash for all the others."""
    lines = lock.read_text().splitlines()
    assert lines
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if _PIN.fullmatch(line):
            assert _HASH.fullmatch(following), line
        else:
            assert _HASH.fullmatch(line), line
            assert line.endswith("\\") == bool(_HASH.fullmatch(following)), line


@pytest.mark.parametrize("lock", _LOCKS, ids=lambda lock: lock.stem)
def test_a_lock_brings_what_pyproject_asks_for(lock: Path) -> None:
    """A version that was changed by hand without `make lock` shows here."""
    locked = {pin["name"]: pin["version"] for pin in _pins(lock)}
    for asked in _asked_for()[lock.stem]:
        match = _ASKED.fullmatch(asked)
        assert match, f"{asked} is not pinned"
        assert locked[match["name"].replace(".", "-")] == match["version"], asked


def test_all_locks_agree() -> None:
    """They are installed together: the same package has the same version in each of them."""
    versions: dict[tuple[str, str | None], set[str]] = {}
    for lock in _LOCKS:
        for pin in _pins(lock):
            versions.setdefault((pin["name"], pin["marker"]), set()).add(pin["version"])
    assert [name for name, found in versions.items() if len(found) > 1] == []


def test_locks_that_name_an_index_stay_out() -> None:
    """Whoever works with uv's own commands makes them; git does not take them."""
    ignored = (ROOT / ".gitignore").read_text().splitlines()
    assert {"uv.lock", "pylock.toml"} <= set(ignored)
