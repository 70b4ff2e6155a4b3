import json
from io import StringIO

import pytest
from rich.console import Console

from prompts import receptionist
from slotline.catalogue import characters, print_overview, print_schemas, tokens
from tools.catalogue import TOOLS, WRAPPINGS, schemas
from tools.words import WORDS


@pytest.fixture
def console() -> Console:
    return Console(file=StringIO(), width=100)


def written_on(console: Console) -> str:
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def test_the_overview_names_every_tool_with_every_argument(console: Console) -> None:
    print_overview(console)

    overview = written_on(console)
    for tool in TOOLS.values():
        assert tool.name in overview
        for argument in tool.takes.model_fields:
            assert f" {argument}" in overview
    assert f"{characters(schemas()):,}" in overview
    assert f"{tokens(characters(schemas())):,}" in overview
    for language in WORDS:
        assert receptionist(language).digest in overview
    assert "estimated" in overview


@pytest.mark.parametrize("wrapped_for", WRAPPINGS)
def test_schemas_can_be_piped_as_they_are(console: Console, wrapped_for: str) -> None:
    print_schemas(console, wrapped_for)

    assert json.loads(written_on(console)) == schemas(wrapped_for)


def test_an_unknown_platform_is_refused(console: Console) -> None:
    with pytest.raises(ValueError, match="no tool schemas for 'fax'"):
        print_schemas(console, "fax")
