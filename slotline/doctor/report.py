"""The findings as people read them: broken things last, where the eye is."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from slotline.doctor.finding import Finding, Verdict

_MARKS = {
    Verdict.FINE: ("✓", "green"),
    Verdict.SKIPPED: ("–", "dim"),
    Verdict.DOUBTFUL: ("!", "yellow"),
    Verdict.BROKEN: ("✗", "bold red"),
}


def print_report(console: Console, findings: Sequence[Finding]) -> None:
    """Print one line for each finding, what to do below it, and a sum at the end."""
    table = Table.grid(padding=(0, 2))
    order = list(_MARKS)
    for finding in sorted(findings, key=lambda each: order.index(each.verdict)):
        mark, style = _MARKS[finding.verdict]
        words = Text(finding.what)
        if finding.todo:
            words.append(f"\n→ {finding.todo}", style="italic")
        table.add_row(Text(mark, style=style), Text(finding.subject, style="bold"), words)
    console.print(table)
    console.print(summary(findings))


def summary(findings: Sequence[Finding]) -> str:
    """One sentence on how it stands."""
    broken = sum(finding.verdict is Verdict.BROKEN for finding in findings)
    doubtful = sum(finding.verdict is Verdict.DOUBTFUL for finding in findings)
    if not broken and not doubtful:
        return "Everything examined is fine."
    parts = [f"{broken} broken"] * bool(broken) + [f"{doubtful} doubtful"] * bool(doubtful)
    return " and ".join(parts) + "."
