"""What the documentation says about tools is what there is."""

import re

from tests.servers import ROOT
from tools.catalogue import TOOLS
from tools.reply import Status

TEXT = (ROOT / "docs/tools.md").read_text("utf-8")
ROWS = re.findall(r"^\| `(\w+)` \| (.*?) \| (.*?) \|$", TEXT, re.MULTILINE)


def test_every_tool_has_its_arguments() -> None:
    documented = {
        name: [(argument, bool(star)) for argument, star in re.findall(r"`(\w+)`(\*?)", arguments)]
        for name, arguments, _ in ROWS
    }
    assert documented == {
        tool.name: [(name, name in tool.takes.required) for name in tool.takes.model_fields]
        for tool in TOOLS.values()
    }


def test_every_status_is_documented_and_nothing_else() -> None:
    in_rows = {status for *_, statuses in ROWS for status in statuses.split(", ")}
    anywhere = in_rows | {"limited", "technical_fault"}
    assert anywhere == set(Status)
    assert all(status in TEXT for status in anywhere)
