"""The report as Markdown, short enough for a pull request."""

from collections.abc import Iterator, Sequence

from evals.latency.comparison import TARGET_GAP
from evals.latency.old_flow import FLOOR_SECONDS
from evals.report.told import KINDS, Told

_MOST_ROWS = 12


def as_markdown(told: Told) -> str:
    """The whole text."""
    return "\n".join(_lines(told)) + "\n"


def _lines(told: Told) -> Iterator[str]:
    record = told.run.record
    yield f"## {told.title}"
    yield ""
    yield (
        f"Behind the endpoint: **{KINDS[record.agent.kind]}**. {len(told.run.trials):,} calls of "
        f"{len(record.scenarios)} scenarios, {len(told.troubles)} of which say nothing. Run "
        f"`{record.id}`, commit `{record.git.sha[:12]}`"
        f"{' with changes' if record.git.dirty else ''}."
    )
    yield ""
    yield from _table(
        ("target", "aimed at", "reached", ""),
        [(each.name, each.aim, each.reached, _mark(each.holds)) for each in told.targets],
    )
    broken = [gate for gate in told.gates if not gate.holds]
    yield "All gates hold." if not broken else f"**{len(broken)} gates are broken:**"
    for gate in broken:
        yield f"- {gate.name}: {gate.evidence}"
    yield ""
    for noise, hats in told.reliability.items():
        each = ", ".join(
            f"pass^{k} {hat.estimate:.3f} ({hat.low:.3f} to {hat.high:.3f})"
            for k, hat in hats.items()
        )
        yield f"- {noise:.0%} word errors: {each}"
    yield ""
    yield from _failures(told)
    yield from _calls(told)
    yield from _compared(told)


def _failures(told: Told) -> Iterator[str]:
    if not told.failures:
        yield "Every check of every call held."
        yield ""
        return
    yield from _table(
        ("call", "check", "evidence"),
        [
            (f"{each.scenario} #{each.trial} {each.noise:.0%}", each.check, each.evidence)
            for each in told.failures[:_MOST_ROWS]
        ],
    )
    if (left := len(told.failures) - _MOST_ROWS) > 0:
        yield f"And {left} more."
        yield ""


def _calls(told: Told) -> Iterator[str]:
    calls = told.calls
    whom = sorted({who for row in calls.rows for who in row.ours})
    yield from _table(
        ("seconds of a booking call, p50", "before", *(f"ours, {who}" for who in whom)),
        [
            (
                row.silence,
                f"{row.old.p50:.0f}",
                *(f"{row.ours[who].p50:.1f}" if who in row.ours else "" for who in whom),
            )
            for row in calls.rows
        ],
    )
    middle = next(row for row in calls.rows if row.silence.endswith(f"{TARGET_GAP} s")).old.p50
    low, high = FLOOR_SECONDS
    yield (
        f"Before: {calls.flow.reported_seconds:.0f} s were reported; our model of that flow gives "
        f"{middle:.0f} s, its documented parts alone {calls.documented_alone.p50:.0f} s; nothing "
        f"was fitted. Floor of a minimal dialogue: {low:.0f} to {high:.0f} s. Speech and silences "
        f"are modelled, our tools measured."
    )
    yield ""


def _compared(told: Told) -> Iterator[str]:
    if (compared := told.compared) is None:
        return
    yield f"### Compared with `{compared.before.run}`"
    yield ""
    yield (
        f"{len(compared.pairs.both):,} trials paired: {len(compared.pairs.fell)} fell, "
        f"{len(compared.pairs.rose)} rose, McNemar exact p {compared.pairs.p:.3f}; the smallest "
        f"change that so many pairs can show is {compared.detectable:.1%}."
    )
    yield ""
    for note in compared.notes:
        yield f"- {note}"
    for flip in compared.flips[:_MOST_ROWS]:
        word = "rose" if flip.rose else "**fell**"
        yield f"- {word}: {flip.scenario} #{flip.trial} at {flip.noise:.0%}"
    yield ""
    yield from _table(
        ("mean over scenarios", "then", "now", "", "95 %"),
        [
            (
                each.name,
                f"{each.before:.1f}",
                f"{each.after:.1f}",
                f"{each.share:+.1%}",
                f"{each.difference.low:+.2f} to {each.difference.high:+.2f}",
            )
            for each in compared.changes
        ],
    )


def _mark(holds: bool | None) -> str:
    return "not told" if holds is None else "holds" if holds else "**broken**"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(map(_cell, row))} |"
    yield ""


def _cell(words: str) -> str:
    return words.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")
