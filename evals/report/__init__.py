"""What a run comes to, for people: one HTML page without a network, and Markdown for a review."""

from evals.report.markdown import as_markdown
from evals.report.page import as_html
from evals.report.told import Told, tell

__all__ = ["Told", "as_html", "as_markdown", "tell"]
