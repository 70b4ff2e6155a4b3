"""`python -m evals judge`: ask a model about calls that are over."""

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from evals import archive
from evals.commands.report import JUDGED
from evals.commands.runs import Unusable, plainly
from evals.judge import JUDGEMENT, RUBRICS, Opinion, read_judgements


def judge(
    run: Annotated[Path, typer.Argument(help="The run's folder.")],
    model: Annotated[str, typer.Option(help="The judge; not the model that is judged.")],
    base_url: Annotated[
        str, typer.Option(envvar="OPENAI_BASE_URL", help="Its server.")
    ] = "https://api.openai.com/v1",
) -> None:
    """Have every call judged, through deepeval; goes on where it was interrupted.

    A judge may fail a call and never rescue one. Put labels of your own into labels.jsonl beside
    what it writes, and the report says how far it is to be believed.
    """
    with plainly():
        found = archive.load(run)
        if model == found.record.agent.model:
            raise Unusable(f"{model} would judge itself: name another model")
        key = os.environ.get("OPENAI_API_KEY", "")
        if not key:
            raise Unusable("OPENAI_API_KEY is not set: judges are models")
        try:
            from evals.deepeval_judge import Judge  # noqa: PLC0415 - takes seconds, and a group
        except ImportError:
            raise Unusable(
                "deepeval is not installed: scripts/setup runtime embedded evals"
            ) from None
        path = run / JUDGED
        done = {each.key for each in read_judgements(path)}
        todo = [each for each in found.trials if not each.trouble and each.key not in done]
        failed = 0
        console = Console(soft_wrap=True, highlight=False)
        with Progress(console=console, transient=True) as progress:
            bar = progress.add_task("judgements", total=len(todo) * len(RUBRICS))
            for trial in todo:
                judged = list(Judge(model, base_url=base_url, api_key=key).judge([trial]))
                with path.open("ab") as lines:  # a call at a time: it is judged whole, or not yet
                    lines.write(b"".join(JUDGEMENT.dump_json(each) + b"\n" for each in judged))
                failed += sum(each.opinion is Opinion.FAILS for each in judged)
                progress.advance(bar, len(judged))
    typer.echo(f"{path}: {failed} opinions that something is wrong, about {len(todo)} calls")
