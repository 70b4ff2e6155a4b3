"""Judges of calls through deepeval, with any model behind an OpenAI-compatible address.

Imported when judges are asked for, and never before: deepeval takes seconds to import, comes with
its own group of packages (`evals`), and would otherwise tell others that it runs.
"""

import os
from collections.abc import Iterator, Sequence
from statistics import median

os.environ.setdefault("DEEPEVAL_TELEMETRY_OPT_OUT", "1")
os.environ.setdefault("DEEPEVAL_DISABLE_DOTENV", "1")
os.environ.setdefault("DEEPEVAL_FILE_SYSTEM", "READ_ONLY")

from deepeval.metrics import ConversationalGEval
from deepeval.models import LocalModel
from deepeval.test_case import ConversationalTestCase, MultiTurnParams, ToolCall, Turn

from evals.judge import RUBRICS, VOTES, Judgement, Rubric, conversation, opinion_of
from evals.records import TrialRecord


class Judge:
    """One model, asked about one rubric at a time."""

    def __init__(self, model: str, *, base_url: str, api_key: str) -> None:
        self.model = model
        self._llm = LocalModel(model=model, base_url=base_url, api_key=api_key, temperature=0)

    def judge(self, trials: Sequence[TrialRecord]) -> Iterator[Judgement]:
        """Ask about every call, every rubric, several times."""
        for trial in trials:
            case = as_case(trial)
            for rubric in RUBRICS:
                yield self._judged(trial, case, rubric)

    def _judged(
        self, trial: TrialRecord, case: ConversationalTestCase, rubric: Rubric
    ) -> Judgement:
        metric = ConversationalGEval(
            name=rubric.name,
            criteria=rubric.criteria,
            evaluation_params=[MultiTurnParams.CONTENT, MultiTurnParams.TOOLS_CALLED],
            model=self._llm,
            async_mode=False,
        )
        votes: list[tuple[float, str]] = []
        for _ in range(VOTES):
            score = float(metric.measure(case, _show_indicator=False))
            votes.append((score, str(metric.reason or "")))
        scores = [score for score, _ in votes]
        middle = median(scores)
        return Judgement(
            *trial.key,
            rubric=rubric.name,
            opinion=opinion_of(scores),
            scores=scores,
            reason=next((reason for score, reason in votes if score == middle), ""),
            judge=self.model,
        )


def as_case(trial: TrialRecord) -> ConversationalTestCase:
    """A call as deepeval has it."""
    turns = [
        Turn(
            role=turn["role"],
            content=turn["content"],
            tools_called=[
                ToolCall(
                    name=call["name"], input_parameters=call["arguments"], output=call["reply"]
                )
                for call in turn["tools"]
            ],
        )
        for turn in conversation(trial)
    ]
    return ConversationalTestCase(turns=turns, name=trial.scenario, tags=[*trial.tags])
