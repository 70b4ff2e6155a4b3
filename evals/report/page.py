"""The report as one HTML file: no script, no font, no address of anywhere."""

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Final

from evals.compare import Compared
from evals.judge import BELIEVED_FROM, ENOUGH_LABELS, Opinion
from evals.latency.comparison import TARGET_GAP, Length
from evals.latency.old_flow import FLOOR_SECONDS
from evals.latency.percentiles import LADDER, Percentiles
from evals.latency.profile import Speech
from evals.latency.timeline import Origin, by_origin
from evals.records import AgentKind, TrialRecord
from evals.report import svg
from evals.report.html import bad, figure, good, holds, plots, quiet, table
from evals.report.told import KINDS, Failure, Told, failed_by_judges, pass_rates

_STYLE: Final = Path(__file__).with_name("page.css")
_AT_FIRST: Final = 8
_MOST_FAILURES: Final = 60

_PATTERNS: Final = (
    '<svg width="0" height="0" style="position:absolute" aria-hidden="true"><defs>'
    '<pattern id="documented" width="5" height="5" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><line x1="0" y1="0" x2="0" y2="5" stroke="var(--paper)" '
    'stroke-width="1.6"/></pattern></defs></svg>'
)


def as_html(told: Told) -> str:
    """The whole page."""
    title = escape(told.title)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{_STYLE.read_text(encoding='utf-8')}</style></head>"
        f"<body>{_PATTERNS}{''.join(_sections(told))}</body></html>\n"
    )


def _sections(told: Told) -> Iterator[str]:
    yield _head(told)
    yield _targets(told)
    yield _gates(told)
    yield _failures(told)
    if told.reliability:
        yield _reliability(told)
    yield _calls(told)
    if told.gaps:
        yield _gaps(told)
    yield _tokens(told)
    if told.compared:
        yield _compared(told.compared)
    if told.judgements:
        yield _judges(told)
    yield _grid(told)
    yield _about(told)


def _head(told: Told) -> str:
    record = told.run.record
    kind = record.agent.kind
    words = KINDS[kind]
    claim = "claim model" if kind is AgentKind.MODEL else "claim"
    model = f" {record.agent.model}" if record.agent.claims_accuracy else ""
    unfinished = "" if record.finished_at else " The run is not finished."
    trials = len(told.run.trials)
    return (
        f"<h1>{escape(told.title)}</h1>"
        f'<p class="{claim}">Behind the endpoint: {escape(words)}{escape(model)}.'
        f"{unfinished}</p>"
        f'<p class="quiet">{trials:,} calls of {len(record.scenarios)} scenarios, started '
        f"{record.started_at:%Y-%m-%d %H:%M} UTC; {len(told.troubles)} say nothing "
        f"(infrastructure, or a caller who broke its own rules) and are counted apart.</p>"
    )


def _targets(told: Told) -> str:
    rows = [
        [escape(each.name), escape(each.aim), escape(each.reached), holds(each.holds)]
        for each in told.targets
    ]
    return "<h2>Targets</h2>" + table(["", "aimed at", "reached", ""], rows)


def _gates(told: Told) -> str:
    rows = [[escape(each.name), holds(each.holds), escape(each.evidence)] for each in told.gates]
    return "<h2>Gates</h2>" + table(["", "", ""], rows)


def _failures(told: Told) -> str:
    head = "<h2>What went wrong</h2>"
    if not told.failures and not told.troubles:
        return f"{head}<p>Nothing: every check of every call held.</p>"
    rows = [_failure(each) for each in told.failures[:_MOST_FAILURES]]
    rows += [
        [_call_name(each.scenario, each.trial), f"{each.noise:.0%}", "says nothing", _said(each)]
        for each in told.troubles[:_MOST_FAILURES]
    ]
    heads = ["call", "noise", "check", "evidence"]
    shown = head + table(heads, rows[:_AT_FIRST])
    if rest := rows[_AT_FIRST:]:
        left = len(told.failures) + len(told.troubles) - len(rows)
        more = f" and {left:,} in trials.jsonl" if left else ""
        shown += f"<details><summary>{len(rest)} more{more}</summary>{table(heads, rest)}</details>"
    return shown


def _failure(each: Failure) -> list[str]:
    return [
        _call_name(each.scenario, each.trial),
        f"{each.noise:.0%}",
        bad(each.check) + ("" if each.decided else quiet(" (call passed)")),
        f"{escape(each.evidence)}{_quotes(each.lines)}",
    ]


def _quotes(lines: Sequence[str]) -> str:
    return "".join(f"<blockquote>{escape(line)}</blockquote>" for line in lines)


def _call_name(scenario: str, trial: int) -> str:
    return f"{escape(scenario)}&nbsp;#{trial}"


def _said(trial: TrialRecord) -> str:
    return escape(trial.trouble or "")


def _reliability(told: Told) -> str:
    hats = next(iter(told.reliability.values()))
    drawn = [
        figure(
            svg.rates(
                {float(k): (each.estimate, each.low, each.high) for k, each in hats.items()},
                "share of scenarios that pass k times in a row, by k",
                "k = {:.0f}",
            ),
            "<strong>pass^k without noise.</strong> The chance that k calls of a scenario all "
            "pass; 95 % by bootstrap over scenarios.",
        )
    ]
    by_noise = pass_rates(told)
    if len(by_noise) > 1:
        drawn.append(
            figure(
                svg.rates(
                    {n: (each.estimate, each.low, each.high) for n, each in by_noise.items()},
                    "share of calls that passed, by word error rate",
                    "{:.0%} WER",
                ),
                "<strong>Pass rate over recognition errors.</strong> A model of noise in text, "
                "not audio.",
            )
        )
    return f"<h2>How reliable</h2>{plots(*drawn)}"


def _calls(told: Told) -> str:
    calls = told.calls
    mark = (calls.flow.reported_seconds, f"{calls.flow.reported_seconds:.0f} s reported")
    rows = [
        (
            row.silence,
            [
                _bar("before", row.old),
                *(_bar(f"ours, {who}", each) for who, each in row.ours.items()),
            ],
        )
        for row in calls.rows
    ]
    bars = [svg.Bar("before", calls.old)]
    bars += [
        svg.Bar(f"ours, {who} ({calls.chosen[who]})", each) for who, each in calls.ours.items()
    ]
    alone = calls.documented_alone
    origins = " · ".join(
        f"{who}: {by_origin(each)[Origin.MEASURED]:.2f} s measured"
        for who, each in calls.ours.items()
    )
    thinking = " · ".join(f"{who}: {s:.0f} s" for who, s in calls.as_slow_a_caller.items())
    reported = calls.flow.reported_seconds
    middle = next(row for row in calls.rows if row.silence.endswith(f"{TARGET_GAP} s")).old.p50
    return (
        "<h2>Whole calls</h2>"
        f"<p>The flow before, from its documented parts, beside ours in the same simulation: the "
        f"same silences, the same rates of speech. Our tools are measured in this run, the old "
        f"ones documented, speech and silences modelled. For the old flow {reported:.0f} s were "
        f"reported; our model of it gives {middle:.0f} s at gaps of {TARGET_GAP} s (p5 to p95 in "
        f"the table), and its documented parts alone, without a word around them, "
        f"{alone.p50:.0f} s ({alone.p5:.0f} to {alone.p95:.0f}). Nothing was fitted.</p>"
        + plots(
            figure(
                svg.call_bars(rows, FLOOR_SECONDS, mark),
                "<strong>Seconds of a booking call.</strong> Bars to the median, whiskers p5 to "
                "p95: of draws from the documented ranges before, over scenarios for ours. "
                "Plain: one check and one booking, as in the call that was reported of before.",
            ),
            figure(
                svg.waterfall(bars, FLOOR_SECONDS, mark),
                f"<strong>Where the seconds go</strong>, gaps of {TARGET_GAP} s, the call of "
                f"median length. Hatched: documented. {escape(origins)}.",
            ),
        )
        + _legend()
        + _lengths(told)
        + f'<p class="quiet">If our callers thought as long before each answer as the 30 s of '
        f"the old flow make it: {escape(thinking) or 'no call to tell'}. Nothing says that the "
        f"old flow knew anybody, so a known caller is asked there, too.</p>"
    )


def _bar(name: str, each: Length) -> tuple[str, float, float, float]:
    return (name, each.p5, each.p50, each.p95)


def _lengths(told: Told) -> str:
    rows = []
    for row in told.calls.rows:
        for name, each in (("before", row.old), *((f"ours, {w}", e) for w, e in row.ours.items())):
            cells = [f"{value:.1f}" for value in (each.p5, each.p50, each.p95)]
            rows.append([escape(row.silence), escape(name), f"{each.n:,}", *cells])
    return table(["", "", "n", "p5", "p50", "p95"], rows, numbers=4)


def _legend() -> str:
    items = [
        f'<li><svg viewBox="0 0 14 9"><rect width="14" height="9" class="k-{name}"/></svg>'
        f"{escape(kind)}</li>"
        for kind, name in svg.CLASSES.items()
    ]
    items.append(
        '<li><svg viewBox="0 0 14 9"><rect width="14" height="9" class="k-naming"/>'
        '<rect width="14" height="9" class="documented"/></svg>hatched: documented</li>'
    )
    return f'<ul class="legend">{"".join(items)}</ul>'


def _gaps(told: Told) -> str:
    with_gaps = {each.name: each.milliseconds for each in told.gaps}
    rows = [
        [
            escape(each.name),
            *_percentiles(each.milliseconds),
            f"{each.late:.1%}",
            f"{each.score:.2f}",
        ]
        for each in told.gaps
    ]
    tools = [[escape(name), *_percentiles(samples)] for name, samples in told.tools.items()]
    heads = ["n", *(f"p{percent:g}" for percent in LADDER)]
    most = sorted(told.tools, key=lambda name: -len(told.tools[name]))[:4]
    drawn = figure(
        svg.percentile_curves(with_gaps, "silence before the agent speaks", (500, 2000)),
        "<strong>Silence before the agent speaks.</strong> Modelled, with the measured time of "
        "tools in it. Shaded: what EVA calls natural without a tool.",
    )
    if told.tools:
        drawn += figure(
            svg.percentile_curves(
                {name: told.tools[name] for name in most}, "milliseconds of tools"
            ),
            "<strong>Tools.</strong> Measured inside this run, one call after the other; for "
            "load see <code>evals tools</code>.",
        )
    return (
        f"<h2>Silences</h2>{plots(drawn)}"
        "<p>Modelled milliseconds from the caller's last word to the agent's first:</p>"
        + table(["", *heads, "late", "EVA's score"], rows, numbers=len(heads) + 2)
        + "<p>Measured milliseconds of tools; a percentile is shown where ten samples lie "
        "beyond it:</p>" + table(["", *heads], tools, numbers=len(heads))
    )


def _percentiles(samples: Sequence[float]) -> list[str]:
    told = Percentiles.of(samples)
    return [f"{told.n:,}", *(f"{told.values[p]:,.0f}" if p in told.values else "" for p in LADDER)]


def _tokens(told: Told) -> str:
    bars = [(f"prompt {each.version[:8]}", each.a_round) for each in told.tokens]
    return "<h2>What a model reads</h2>" + figure(
        svg.lengths(bars, "tokens that a model reads in each round"),
        "<strong>Tokens a round, by version of the prompt</strong>: prompt, what was said, and "
        "the tools' schemas as sent. A ruler, not a bill: other models count otherwise.",
    )


def _compared(told: Compared) -> str:
    flips = [
        [
            good("rose") if each.rose else bad("fell"),
            escape(each.scenario),
            f"#{each.trial}",
            f"{each.noise:.0%}",
        ]
        for each in told.flips
    ]
    changes = [
        [
            escape(each.name),
            f"{each.before:.1f}",
            f"{each.after:.1f}",
            f"{each.share:+.1%}",
            f"{each.difference.low:+.2f} to {each.difference.high:+.2f}",
        ]
        for each in told.changes
    ]
    notes = "".join(f"<li>{escape(note)}</li>" for note in told.notes)
    pass_hat = told.pass_hat
    reliability = (
        f" pass^4 {pass_hat.estimate:+.1%} ({pass_hat.low:+.1%} to {pass_hat.high:+.1%})."
        if pass_hat
        else ""
    )
    return (
        f"<h2>Compared with {escape(told.before.run)}</h2>"
        f"<p>{len(told.pairs.both):,} trials paired: {len(told.pairs.fell)} fell, "
        f"{len(told.pairs.rose)} rose, {told.pairs.difference:+.1%}, McNemar exact p "
        f"{told.pairs.p:.3f}.{reliability} The smallest change that so many pairs can show: "
        f"{told.detectable:.1%}.</p>"
        + (f"<ul>{notes}</ul>" if notes else "")
        + (table(["", "scenario", "trial", "noise"], flips) if flips else "<p>Nobody flipped.</p>")
        + table(["mean over scenarios", "then", "now", "", "95 %"], changes, numbers=4)
    )


def _judges(told: Told) -> str:
    rows = []
    for each in told.agreements:
        said = [one.opinion for one in told.judgements if one.rubric == each.rubric]
        counts = [str(said.count(opinion)) for opinion in Opinion]
        shown = [
            "" if value is None else f"{value:.2f}"
            for value in (each.kappa, each.precision, each.recall)
        ]
        believed = good("heard") if each.believed else quiet("not heard")
        rows.append([escape(each.rubric), believed, *counts, str(each.n), *shown])
    heads = ["", "", *Opinion, "labels", "kappa", "precision", "recall"]
    models = ", ".join(sorted({each.judge for each in told.judgements}))
    return (
        f"<h2>What judges say</h2><p>{escape(models)}. A judge may fail a call that passed, and "
        f"never rescue one; it is heard from {ENOUGH_LABELS} labels and a kappa of "
        f"{BELIEVED_FROM} on. Failed by judges who are heard: {failed_by_judges(told)} calls.</p>"
        + table(heads, rows, numbers=len(heads) - 2)
    )


def _grid(told: Told) -> str:
    heads = "".join(f"<th><span>{escape(check)}</span></th>" for check in told.checks)
    noisy = len({noise for _, noise in told.grid}) > 1
    rows = []
    for (scenario, noise), cells in told.grid.items():
        name = f"{scenario} {noise:.0%}" if noisy else scenario
        row = "".join(_cell(cells.get(check)) for check in told.checks)
        rows.append(f'<tr><th scope="row">{escape(name)}</th>{row}</tr>')
    return (
        "<h2>Every scenario, every check</h2>"
        '<p class="quiet">&#10003; always, 3/4 how often, &#10007; never, empty: not asked.</p>'
        f'<div class="wide"><table class="checks"><thead><tr><th></th>{heads}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _cell(cell: tuple[int, int] | None) -> str:
    if cell is None:
        return "<td></td>"
    passed, asked = cell
    if passed == asked:
        return '<td class="good">&#10003;</td>'
    return f'<td class="bad">{f"{passed}/{asked}" if passed else "&#10007;"}</td>'


def _about(told: Told) -> str:
    record = told.run.record
    facts = {
        "run": record.id,
        "agent": f"{record.agent.kind}, {record.agent.model}",
        "endpoint": record.agent.base_url_host or "in this process",
        "commit": record.git.sha[:12] + (" with changes" if record.git.dirty else ""),
        "seed": str(record.seed),
        **{f"version of {name}": digest for name, digest in record.digests.items()},
        **record.versions,
    }
    listed = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts.items()
    )
    profile = told.calls.profile
    figures = [
        *(
            (part, f"{part.median_seconds:.2f} s, sigma {part.sigma:.2f}")
            for part in profile.parts.values()
        ),
        (profile.decoding, f"{profile.decoding.seconds_a_token * 1000:.0f} ms"),
        (profile.reading, f"{profile.reading.seconds_a_thousand_tokens * 1000:.0f} ms"),
        (profile.speech, _rates(profile.speech)),
    ]
    parts = [
        [escape(part.what), escape(value), "<br>".join(map(escape, part.sources))]
        for part, value in figures
    ]
    return (
        f"<h2>About this run</h2><dl>{listed}</dl>"
        "<h2>What is modelled, and after whom</h2>" + table(["", "median", "source"], parts)
    )


def _rates(speech: Speech) -> str:
    agent, caller = speech.agent_words_per_minute, speech.caller_words_per_minute
    return f"agent {agent:.0f}, caller {caller:.0f} words a minute"
