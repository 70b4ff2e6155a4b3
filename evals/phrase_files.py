"""Phrase files: what callers say and what it must come to, graded on the production code.

A file holds one JSON object a line, with at least `id`, `lang` and `expect`; what else an item
carries is the matter of its kind. A new kind is one entry in `KINDS`.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from evals import dates, names, services
from evals.grading import Grade

Item = Mapping[str, Any]
Grader = Callable[[Item], Grade]

KINDS: Mapping[str, Grader] = {
    "dates": dates.grade,
    "names": names.grade,
    "services": services.grade,
}
_OURS = Path(__file__).parent / "phrases"


class BadPhraseFile(Exception):
    """A line of a phrase file cannot be used; the message names file and line."""


@dataclass(frozen=True, slots=True)
class Graded:
    """An item, and what came of it."""

    item: Item
    grade: Grade

    def line(self) -> str:
        """One line for people: what was said, what was wanted, what came out."""
        mark = "SILENT" if self.grade.silent_wrong else "missed"
        said = {
            key: value
            for key, value in self.item.items()
            if key not in ("id", "lang", "expect", "why", "tz", "hours")
        }
        wanted = json.dumps(self.item["expect"], ensure_ascii=False)
        return (
            f"{mark} {self.item['id']} [{self.item['lang']}] "
            f"{json.dumps(said, ensure_ascii=False)}\n"
            f"       wanted {wanted}\n       got    {self.grade.got}"
        )


@dataclass(frozen=True, slots=True)
class Report:
    """How a whole file came out."""

    kind: str
    graded: tuple[Graded, ...]
    seconds: float
    """What reading and grading took in all."""

    @property
    def microseconds_each(self) -> int:
        return round(self.seconds / max(len(self.graded), 1) * 1_000_000)

    @property
    def failing(self) -> tuple[Graded, ...]:
        return tuple(each for each in self.graded if not each.grade.right)

    def summary(self) -> dict[str, Any]:
        """The result line: `kind`, `n`, `accuracy`, `silent_wrong`, and these by language."""
        languages = sorted({str(each.item["lang"]) for each in self.graded})
        return {
            "kind": self.kind,
            **_rates(self.graded),
            "by_lang": {
                language: _rates([each for each in self.graded if each.item["lang"] == language])
                for language in languages
            },
        }


def ours(kind: str) -> tuple[Path, ...]:
    """The project's own files of a kind."""
    return tuple(sorted(_OURS.glob(f"{kind}-*.jsonl")))


def run(kind: str, *paths: Path) -> Report:
    """Grade every item of some files.

    Raises:
        BadPhraseFile: A file cannot be read, or a line is no item of this kind.
    """
    grade = KINDS[kind]
    graded = []
    began = perf_counter()
    for path in paths:
        for number, item in _items(path):
            try:
                graded.append(Graded(item, grade(item)))
            except (KeyError, TypeError, ValueError) as error:
                raise BadPhraseFile(
                    f"{path}:{number}: no item of kind {kind}: {error!r}"
                ) from error
    return Report(kind, tuple(graded), seconds=perf_counter() - began)


def _items(path: Path) -> Iterable[tuple[int, Item]]:
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadPhraseFile(f"{path}: {error}") from error
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
        except json.JSONDecodeError as error:
            raise BadPhraseFile(f"{path}:{number}: not JSON: {error}") from error
        if not isinstance(item, dict):
            raise BadPhraseFile(f"{path}:{number}: not an object")
        yield number, item


def _rates(graded: Iterable[Graded]) -> dict[str, float]:
    grades = [each.grade for each in graded]
    n = len(grades)
    return {
        "n": n,
        "accuracy": round(sum(each.right for each in grades) / n, 4) if n else 0.0,
        "silent_wrong": round(sum(each.silent_wrong for each in grades) / n, 4) if n else 0.0,
    }
