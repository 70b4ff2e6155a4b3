"""What only a reader can tell of a call, and how far such a reader is to be believed.

A judge may fail a call that passed, and never rescue one: the verdict on a call stays that of its
deterministic checks. Judges are models (`evals.deepeval_judge`); everything here is pure.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import TypeAdapter, ValidationError

from evals.records import TrialRecord
from evals.statistics import kappa

_Line = TypeVar("_Line")

VOTES: Final = 3
ENOUGH_LABELS: Final = 50
BELIEVED_FROM: Final = 0.6
"""Kappa below which a judge decides nothing."""

_PASSES_FROM: Final = 0.7
_FAILS_UNTIL: Final = 0.3


class Opinion(StrEnum):
    """What a judge says of a call."""

    PASSES = "passes"
    FAILS = "fails"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class Rubric:
    """One question, about one thing."""

    name: str
    criteria: str


RUBRICS: Final = (
    Rubric(
        "polite_and_clear",
        "Is the assistant polite and easy to follow for somebody on the phone: short sentences, "
        "one question at a time, no jargon, no lists? Judge manner only, not whether it was right.",
    ),
    Rubric(
        "followed_the_flow",
        "Does the assistant ask only what it still has to know, never twice, and read back "
        "service, day, time and name once before it books, moves or cancels anything?",
    ),
    Rubric(
        "no_invented_fact",
        "Is everything that the assistant says about times, prices, people or bookings in what its "
        "tools returned? A fact that no tool gave is invented, however plausible.",
    ),
    Rubric(
        "sensible_recovery",
        "When something goes wrong (a misheard word, a taken time, a tool that fails), does the "
        "assistant say so plainly and offer a way on? If nothing goes wrong, this holds.",
    ),
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """One rubric, one call."""

    scenario: str
    noise: float
    trial: int
    rubric: str
    opinion: Opinion
    scores: Sequence[float]
    """Of each vote, from 0 to 1."""
    reason: str
    judge: str
    """The model."""

    @property
    def key(self) -> tuple[str, float, int]:
        """Of the call, as `TrialRecord.key`."""
        return (self.scenario, self.noise, self.trial)


@dataclass(frozen=True, slots=True)
class Label:
    """What a human says."""

    scenario: str
    trial: int
    rubric: str
    passes: bool
    noise: float = 0.0


@dataclass(frozen=True, slots=True)
class Agreement:
    """A judge beside humans, on one rubric. Positive is: fails."""

    rubric: str
    n: int
    precision: float | None
    """Of the calls that the judge failed, how many humans failed, too."""
    recall: float | None
    """Of the calls that humans failed, how many the judge failed."""
    kappa: float | None

    @property
    def believed(self) -> bool:
        """Whether this judge may decide anything."""
        return self.n >= ENOUGH_LABELS and self.kappa is not None and self.kappa >= BELIEVED_FROM


class BadLines(Exception):
    """A file of labels or judgements cannot be read. The message names file, line and field."""


def opinion_of(scores: Sequence[float]) -> Opinion:
    """The majority of votes; without one, or with a vote in the middle that tips it, uncertain."""
    votes = Counter(
        Opinion.PASSES
        if score >= _PASSES_FROM
        else Opinion.FAILS
        if score <= _FAILS_UNTIL
        else Opinion.UNCERTAIN
        for score in scores
    )
    for opinion in (Opinion.PASSES, Opinion.FAILS):
        if votes[opinion] * 2 > len(scores):
            return opinion
    return Opinion.UNCERTAIN


def still_passes(
    trial: TrialRecord, judgements: Iterable[Judgement], believed: Iterable[str]
) -> bool:
    """Whether a call passes when judges are heard, too: those of rubrics that are believed."""
    heard = set(believed)
    return trial.passed and not any(
        each.key == trial.key and each.rubric in heard and each.opinion is Opinion.FAILS
        for each in judgements
    )


def agreements(judgements: Iterable[Judgement], labels: Iterable[Label]) -> list[Agreement]:
    """Each rubric against its labels; uncertain opinions count as what they are: no help."""
    by_call = {(*each.key, each.rubric): each.opinion for each in judgements}
    pairs: dict[str, list[tuple[bool, bool]]] = {rubric.name: [] for rubric in RUBRICS}
    for label in labels:
        opinion = by_call.get((label.scenario, label.noise, label.trial, label.rubric))
        if opinion in {Opinion.PASSES, Opinion.FAILS}:
            pairs.setdefault(label.rubric, []).append((opinion is Opinion.FAILS, not label.passes))
    return [_agreement(rubric, each) for rubric, each in pairs.items()]


def _agreement(rubric: str, pairs: Sequence[tuple[bool, bool]]) -> Agreement:
    both = sum(judged and human for judged, human in pairs)
    judged_failed = sum(judged for judged, _ in pairs)
    humans_failed = sum(human for _, human in pairs)
    return Agreement(
        rubric,
        len(pairs),
        precision=both / judged_failed if judged_failed else None,
        recall=both / humans_failed if humans_failed else None,
        kappa=kappa(pairs) if pairs else None,
    )


def conversation(trial: TrialRecord) -> list[Mapping[str, Any]]:
    """A call as judges read it: what was really said, and what tools returned before it."""
    return [
        {
            "role": "assistant" if turn.speaker == "agent" else "user",
            "content": turn.text or "(silence)",
            "tools": [
                {"name": call.tool, "arguments": call.arguments, "reply": call.reply}
                for call in turn.tool_calls
            ],
        }
        for turn in trial.turns
    ]


JUDGEMENT: Final = TypeAdapter(Judgement)
_LABEL: Final = TypeAdapter(Label)


def read_labels(path: Path) -> list[Label]:
    """Read labels: one JSON object a line.

    Raises:
        BadLines: A line is none.
    """
    return _read(path, _LABEL)


def read_judgements(path: Path) -> list[Judgement]:
    """Read what judges said; nothing if they were never asked.

    Raises:
        BadLines: A line is none.
    """
    return _read(path, JUDGEMENT) if path.exists() else []


def _read(path: Path, adapter: "TypeAdapter[_Line]") -> "list[_Line]":
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise BadLines(f"{path}: {error.strerror}") from None
    found: list[_Line] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            found.append(adapter.validate_json(line))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            raise BadLines(f"{path}:{number}: {where}: {first['msg']}") from None
    return found
