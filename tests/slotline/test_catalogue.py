import json
from io import StringIO

import pytest
from rich.console import Console

from slotline.catalogue import MOST_CHARACTERS, characters, print_overview, print_schemas
from tools.catalogue import TOOLS, schemas


@pytest.fixture
def console() -> Console:
    return Console(file=StringIO(), width=100)


def written_on(console: Console) -> str:
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def test_models_read_no_more_than_they_must() -> None:
    assert characters(schemas()) <= MOST_CHARACTERS


def test_the_overview_names_every_tool_with_every_argument(console: Console) -> None:
    print_overview(console)

    overview = written_on(console)
    for tool in TOOLS.values():
        assert tool.name in overview
        for argument in tool.takes.model_fields:
            assert f" {argument}" in overview
    assert f"{characters(schemas()):,}" in overview


@pytest.mark.parametrize("wrapped_for", ["neutral", "openai"])
def test_schemas_can_be_piped_as_they_are(console: Console, wrapped_for: str) -> None:
    print_schemas(console, wrapped_for)

    assert json.loads(written_on(console)) == schemas(wrapped_for)


def test_an_unknown_platform_is_refused(console: Console) -> None:
    with pytest.raises(ValueError, match="no tool schemas for 'fax'"):
        print_schemas(console, "fax")
