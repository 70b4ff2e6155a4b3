"""Plots as SVG: drawn 360 units wide, so that a phone shows letters at their size.

Colours are classes (`page.css`), because light, dark and paper have others; what a colour says, a
pattern, a dash or a word says too, because grey has none.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from math import log10
from typing import Final

from evals.latency.percentiles import curve
from evals.latency.timeline import Kind, Origin, Stretch, total

WIDTH: Final = 360
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 12, 14, 32

_HALF: Final = 0.5
_ORDER: Final = {kind: place for place, kind in enumerate(Kind)}

CLASSES: Final[Mapping[Kind, str]] = {
    Kind.AGENT: "agent",
    Kind.CALLER: "caller",
    Kind.THINKING: "thinking",
    Kind.NAMING: "naming",
    Kind.SILENCE: "silence",
    Kind.TOOLS: "tools",
}


@dataclass(frozen=True, slots=True)
class Frame:
    """Where values lie on the paper."""

    x: tuple[float, float]
    y: tuple[float, float]
    height: float = 220
    left: float = _LEFT
    logarithmic: bool = False
    """Of `y`."""

    def at_x(self, value: float) -> float:
        low, high = self.x
        return self.left + (value - low) / (high - low) * (WIDTH - self.left - _RIGHT)

    def at_y(self, value: float) -> float:
        low, high, value = (
            (log10(each) for each in (*self.y, max(value, self.y[0])))
            if self.logarithmic
            else (*self.y, value)
        )
        share = min(max((value - low) / (high - low), 0.0), 1.0)
        return self.height - _BOTTOM - share * (self.height - _TOP - _BOTTOM)


@dataclass(slots=True)
class Drawing:
    """Elements, and the words that stand in for them where nobody sees them."""

    title: str
    height: float
    parts: list[str] = field(default_factory=list)

    def add(self, element: str) -> None:
        self.parts.append(element)

    def text(self, x: float, y: float, words: str, name: str = "", anchor: str = "start") -> None:
        self.add(
            f'<text x="{x:.1f}" y="{y:.1f}" class="{name}" text-anchor="{anchor}">'
            f"{escape(words)}</text>"
        )

    def line(self, x1: float, y1: float, x2: float, y2: float, name: str) -> None:
        self.add(f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{name}"/>')

    def box(
        self, x: float, y: float, width: float, height: float, name: str, title: str = ""
    ) -> None:
        inside = f"<title>{escape(title)}</title>" if title else ""
        self.add(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{height:.1f}" '
            f'class="{name}">{inside}</rect>'
        )

    def done(self) -> str:
        """The whole element."""
        return (
            f'<svg viewBox="0 0 {WIDTH} {self.height:.0f}" role="img" '
            f'aria-label="{escape(self.title)}">{"".join(self.parts)}</svg>'
        )


def percentile_curves(
    series: Mapping[str, Sequence[float]], title: str, band: tuple[float, float] | None = None
) -> str:
    """Milliseconds over percentiles, the rare ones drawn out, as far as the samples carry.

    Args:
        series: Samples by name; at most four, told apart by dashes.
        title: For those who do not see it.
        band: Milliseconds that are shaded: what is natural.
    """
    curves = {name: curve(samples) for name, samples in series.items()}
    values = [value for each in curves.values() for _, value in each]
    rare = max(-log10(1 - each[-1][0]) for each in curves.values())
    high = max([*values, *(band or ())])
    low = max(min([*values, *(band[:1] if band else ())]), high / 1e5, 0.1)
    frame = Frame(
        (-log10(0.5), max(rare, 1.0)), (low / 1.3, high * 1.3), height=230, logarithmic=True
    )
    drawing = Drawing(title, 230 + 16 * len(series))
    if band:
        top, bottom = frame.at_y(band[1]), frame.at_y(band[0])
        drawing.box(frame.left, top, WIDTH - frame.left - _RIGHT, bottom - top, "band")
        drawing.text(WIDTH - _RIGHT - 4, top + 12, "natural (EVA)", "small", "end")
    for value in _powers(*frame.y):
        _rule(drawing, frame, value, _milliseconds(value))
    for percent in (50.0, 90.0, 99.0, 99.9, 99.99):
        if (x := -log10(1 - percent / 100)) <= frame.x[1] + 1e-9:
            drawing.text(frame.at_x(x), frame.height - _BOTTOM + 14, f"p{percent:g}", "", "middle")
    for row, (name, points) in enumerate(curves.items()):
        path = " ".join(
            f"{frame.at_x(-log10(1 - share)):.1f},{frame.at_y(value):.1f}"
            for share, value in points
        )
        drawing.add(f'<polyline points="{path}" class="curve c{row}"/>')
        y = frame.height + 16 * row
        drawing.line(frame.left, y - 4, frame.left + 34, y - 4, f"curve c{row}")
        drawing.text(frame.left + 42, y, f"{name}, n = {len(series[name]):,}")
    return drawing.done()


@dataclass(frozen=True, slots=True)
class Bar:
    """One call in a waterfall."""

    name: str
    stretches: Sequence[Stretch]


def waterfall(
    bars: Sequence[Bar], floor: tuple[float, float], mark: tuple[float, str] | None
) -> str:
    """Where the seconds of calls go, all on one axis: a row for each step of each call.

    Args:
        bars: Calls.
        floor: Seconds of a minimal dialogue.
        mark: Another figure to compare with, and what it is.
    """
    longest = max([total(bar.stretches) for bar in bars] + [mark[0] if mark else 0.0])
    rows = [(bar, list(_steps(bar.stretches))) for bar in bars]
    count = sum(len(steps) + 1.6 for _, steps in rows)
    row_height = 15
    height = 26 + count * row_height + 28
    frame = Frame((0, longest * 1.04), (0, 1), left=112)
    drawing = Drawing("where the seconds of calls go", height)
    _second_axis(drawing, frame, longest, height, floor, mark)
    y = 26.0
    for bar, steps in rows:
        drawing.text(2, y + 11, f"{bar.name}: {total(bar.stretches):.0f} s", "strong")
        y += row_height * 1.2
        began = 0.0
        for label, stretches in steps:
            drawing.text(frame.left - 5, y + 10, f"{label} {total(stretches):.1f}", "", "end")
            for each in stretches:
                x, end = frame.at_x(began), frame.at_x(began + each.seconds)
                words = f"{label}: {each.kind} {each.seconds:.1f} s, {each.origin}"
                drawing.box(x, y, end - x, row_height - 4, f"k-{CLASSES[each.kind]}", words)
                if each.origin is Origin.DOCUMENTED:
                    drawing.box(x, y, end - x, row_height - 4, "documented", words)
                elif each.origin is Origin.MEASURED and end - x < 1:
                    drawing.box(x, y, 1, row_height - 4, "k-tools", words)
                began += each.seconds
            y += row_height
        y += row_height * 0.4
    return drawing.done()


def call_bars(
    rows: Sequence[tuple[str, Sequence[tuple[str, float, float, float]]]],
    floor: tuple[float, float],
    mark: tuple[float, str],
) -> str:
    """Seconds of calls, grouped: a bar to the median with a whisker from p5 to p95.

    Args:
        rows: Group, and in it (name, p5, p50, p95).
        floor: Seconds of a minimal dialogue.
        mark: Another figure to compare with, and what it is.
    """
    longest = max([mark[0]] + [p95 for _, bars in rows for *_, p95 in bars])
    count = sum(len(bars) + 1.3 for _, bars in rows)
    row_height, frame = 17, Frame((0, longest * 1.12), (0, 1), left=128)
    height = 26 + count * row_height + 28
    drawing = Drawing("seconds of whole calls", height)
    _second_axis(drawing, frame, longest, height, floor, mark)
    y = 26.0
    for group, bars in rows:
        drawing.text(2, y + 12, group, "strong")
        y += row_height
        for number, (name, low, middle, high) in enumerate(bars):
            drawing.text(frame.left - 5, y + 11, name, "", "end")
            fill = "old" if number == 0 else "ours"
            drawing.box(frame.left, y, frame.at_x(middle) - frame.left, row_height - 4, fill)
            drawing.line(frame.at_x(low), y + 6.5, frame.at_x(high), y + 6.5, "whisker")
            drawing.text(frame.at_x(max(high, middle)) + 4, y + 11, f"{middle:.0f}", "strong")
            y += row_height
        y += row_height * 0.3
    return drawing.done()


def rates(points: Mapping[float, tuple[float, float, float]], title: str, unit: str) -> str:
    """Shares with their intervals over a number such as the noise.

    Args:
        points: (estimate, low, high) by the number.
        title: For those who do not see it.
        unit: Of the number, as a format.
    """
    least = min(low for _, low, _ in points.values())
    bottom = 0.0 if least < _HALF else max(0.0, (int(least * 10) - 1) / 10)
    numbers = sorted(points)
    margin = (numbers[-1] - numbers[0]) * 0.12 or 0.5
    frame = Frame((numbers[0] - margin, numbers[-1] + margin), (bottom, 1.0), height=190)
    drawing = Drawing(title, 190)
    for tick in range(round(bottom * 10), 11, 1 if bottom >= _HALF else 2):
        _rule(drawing, frame, tick / 10, f"{tick * 10} %")
    where = {number: frame.at_x(number) for number in numbers}
    path = " ".join(f"{where[n]:.1f},{frame.at_y(points[n][0]):.1f}" for n in numbers)
    drawing.add(f'<polyline points="{path}" class="curve c0"/>')
    for number, (estimate, low, high) in points.items():
        x = where[number]
        drawing.line(x, frame.at_y(low), x, frame.at_y(high), "whisker")
        drawing.add(f'<circle cx="{x:.1f}" cy="{frame.at_y(estimate):.1f}" r="4" class="dot"/>')
        drawing.text(x, frame.height - _BOTTOM + 14, unit.format(number), "", "middle")
        drawing.text(x, frame.at_y(low) + 13, f"{estimate:.1%}", "small", "middle")
    return drawing.done()


def lengths(bars: Sequence[tuple[str, float]], title: str) -> str:
    """Plain bars with their number."""
    longest = max((value for _, value in bars), default=1.0) or 1.0
    row_height, frame = 20, Frame((0, longest * 1.18), (0, 1), left=112)
    drawing = Drawing(title, row_height * len(bars) + 6)
    for number, (name, value) in enumerate(bars):
        y = number * row_height + 3
        drawing.text(frame.left - 5, y + 12, name, "", "end")
        fill = "ours" if number == len(bars) - 1 else "old"
        drawing.box(frame.left, y, frame.at_x(value) - frame.left, row_height - 5, fill)
        drawing.text(frame.at_x(value) + 4, y + 12, f"{value:,.0f}", "strong")
    return drawing.done()


def _second_axis(
    drawing: Drawing,
    frame: Frame,
    longest: float,
    height: float,
    floor: tuple[float, float],
    mark: tuple[float, str] | None,
) -> None:
    top, bottom = 20.0, height - 24
    low, high = (frame.at_x(each) for each in floor)
    drawing.box(low, top, high - low, bottom - top, "band")
    drawing.text(low, top - 6, f"floor {floor[0]:.0f}-{floor[1]:.0f} s", "small")
    step = next(step for step in (5, 10, 20, 50, 100, 1000) if longest / step <= 6)  # noqa: PLR2004
    for second in range(0, int(longest) + 1, step):
        x = frame.at_x(second)
        drawing.line(x, top, x, bottom, "grid")
        drawing.text(x, bottom + 13, f"{second} s", "", "middle")
    if mark:
        x = frame.at_x(mark[0])
        drawing.line(x, top, x, bottom, "mark")
        drawing.text(x, top - 6, mark[1], "small", "middle")


def _steps(stretches: Sequence[Stretch]) -> Iterator[tuple[str, list[Stretch]]]:
    """Neighbours of one label together, each kind in one piece."""
    step: list[Stretch] = []
    for each in stretches:
        if step and step[-1].label != each.label:
            yield step[0].label, _by_kind(step)
            step = []
        step.append(each)
    if step:
        yield step[0].label, _by_kind(step)


def _by_kind(step: Sequence[Stretch]) -> list[Stretch]:
    found: dict[tuple[Kind, Origin], float] = {}
    for each in step:
        found[each.kind, each.origin] = found.get((each.kind, each.origin), 0.0) + each.seconds
    return [
        Stretch(kind, seconds, origin, step[0].label)
        for (kind, origin), seconds in sorted(
            found.items(), key=lambda e: list(Kind).index(e[0][0])
        )
    ]


def _rule(drawing: Drawing, frame: Frame, value: float, words: str) -> None:
    y = frame.at_y(value)
    drawing.line(frame.left, y, WIDTH - _RIGHT, y, "grid")
    drawing.text(frame.left - 5, y + 4, words, "", "end")


def _powers(low: float, high: float) -> Iterator[float]:
    for power in range(-1, 6):
        for digit in (1, 2, 5):
            value = digit * 10.0**power
            if low <= value <= high and (digit == 1 or high / low < 200):  # noqa: PLR2004
                yield value


def _milliseconds(value: float) -> str:
    return f"{value / 1000:g} s" if value >= 1000 else f"{value:g} ms"  # noqa: PLR2004
