"""The scenarios and checks of the evals, for teams whose runner is deepeval.

    deepeval test run evals/deepeval_suite.py

plays `core` once with the reference policy and asserts every check that decides. Variables choose
otherwise: EVALS_RUN names the folder of a run that is finished already; EVALS_ARGUMENTS are those
of `python -m evals run`, such as `core faults --agent model --model NAME --trials 4`.

No key is needed: the checks are ours and ask no model.
"""

import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

os.environ.setdefault("DEEPEVAL_TELEMETRY_OPT_OUT", "1")
os.environ.setdefault("DEEPEVAL_DISABLE_DOTENV", "1")

import pytest
from deepeval import assert_test
from deepeval.metrics import BaseConversationalMetric
from deepeval.test_case import ConversationalTestCase

from evals import archive
from evals.checks import DECIDING
from evals.deepeval_judge import as_case
from evals.records import TrialRecord
from evals.scenario import load_suite

_ARGUMENTS: Final = shlex.split(os.environ.get("EVALS_ARGUMENTS", "core --trials 1"))
_TREE: Final = Path(__file__).parents[1]


def _suites() -> list[str]:
    """Those that will be played, or were."""
    if finished := os.environ.get("EVALS_RUN"):
        return archive.load(Path(finished)).record.suite.split("+")
    first_option = next(
        (place for place, word in enumerate(_ARGUMENTS) if word.startswith("-")), len(_ARGUMENTS)
    )
    return _ARGUMENTS[:first_option]


class Check(BaseConversationalMetric):  # type: ignore[misc]
    """One of our checks as a metric: what it found is in the record of the call."""

    def __init__(self, name: str, trial: TrialRecord) -> None:
        """Deepeval makes copies: it looks for each argument as an attribute of that name."""
        self.name = name
        self.trial = trial
        self.threshold = 1.0
        self.async_mode = False

    def measure(self, test_case: ConversationalTestCase, *_: Any, **__: Any) -> float:  # noqa: ARG002
        verdict = self.trial.verdict(self.name)
        self.score = 1.0 if verdict is None or verdict.passed else 0.0
        self.reason = verdict.evidence if verdict else "not asked in this scenario"
        self.success = self.score >= self.threshold
        return self.score

    async def a_measure(
        self, test_case: ConversationalTestCase, *arguments: Any, **named: Any
    ) -> float:
        return self.measure(test_case, *arguments, **named)

    def is_successful(self) -> bool:
        return bool(self.success)

    @property
    def __name__(self) -> str:
        return self.name


@pytest.fixture(scope="session")
def trials(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[TrialRecord]]:
    """Every call of the run, by scenario."""
    found: dict[str, list[TrialRecord]] = {}
    for trial in archive.load(_folder(tmp_path_factory.mktemp("runs"))).trials:
        found.setdefault(trial.scenario, []).append(trial)
    return found


def _folder(out: Path) -> Path:
    if finished := os.environ.get("EVALS_RUN"):
        return Path(finished)
    command = [sys.executable, "-m", "evals", "run", *_ARGUMENTS, f"--out={out}"]
    subprocess.run(command, cwd=_TREE, check=False)  # noqa: S603 - calls that fail are told below
    [folder] = out.iterdir()
    return folder


@pytest.mark.parametrize("scenario", [each.id for each in load_suite(*_suites())])
def test_scenario(scenario: str, trials: dict[str, list[TrialRecord]]) -> None:
    """Every call of the scenario passes every check that decides."""
    assert scenario in trials, "was not played"
    for trial in trials[scenario]:
        assert trial.trouble is None, trial.trouble
        assert_test(as_case(trial), [Check(name, trial) for name in DECIDING])
