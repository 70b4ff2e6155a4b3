"""Pieces of the page."""

from collections.abc import Sequence
from html import escape


def good(words: str) -> str:
    """What is well: a mark says it, too, because grey has no green."""
    return f'<span class="good">&#10003; {escape(words)}</span>'


def bad(words: str) -> str:
    """What is wrong."""
    return f'<span class="bad">&#10007; {escape(words)}</span>'


def quiet(words: str) -> str:
    """What is said beside."""
    return f'<span class="quiet">{escape(words)}</span>'


def holds(value: bool | None) -> str:
    """Of a target or a gate; `None` is not known."""
    if value is None:
        return quiet("not told")
    return good("holds") if value else bad("broken")


def figure(drawing: str, caption: str) -> str:
    """A plot. The caption is HTML."""
    return f"<figure>{drawing}<figcaption>{caption}</figcaption></figure>"


def plots(*figures: str) -> str:
    """Beside each other where there is room."""
    return f'<div class="plots">{"".join(figures)}</div>'


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: int = 0) -> str:
    """Cells are HTML, heads are text; the last `numbers` columns are numbers."""
    first = len(heads) - numbers
    head = "".join(_cell("th", n >= first, escape(each)) for n, each in enumerate(heads))
    body = "".join(
        f"<tr>{''.join(_cell('td', n >= first, each) for n, each in enumerate(row))}</tr>"
        for row in rows
    )
    top = f"<thead><tr>{head}</tr></thead>" if any(heads) else ""
    return f'<div class="wide"><table>{top}<tbody>{body}</tbody></table></div>'


def _cell(tag: str, is_number: bool, content: str) -> str:
    return f"<{tag}{' class=n' if is_number else ''}>{content}</{tag}>"
