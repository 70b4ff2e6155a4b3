"""The tools as a model receives them: few characters, and no argument that it must invent."""

import json
import re
from dataclasses import fields

import pytest

from prompts import receptionist
from tools.catalogue import TOOLS, WRAPPINGS, schemas
from tools.reply import Reply, Status
from tools.words import WORDS

ALL_TOOLS_AT_MOST = 2_400
PROMPT_AT_MOST = 2_500


@pytest.mark.parametrize("wrapped_for", WRAPPINGS)
def test_all_schemas_together_are_short(wrapped_for: str) -> None:
    assert len(json.dumps(schemas(wrapped_for), ensure_ascii=False)) <= ALL_TOOLS_AT_MOST


@pytest.mark.parametrize("language", sorted(WORDS))
def test_each_language_has_a_short_prompt(language: str) -> None:
    prompt = receptionist(language)
    assert len(prompt.text) <= PROMPT_AT_MOST
    assert len(prompt.digest) == 12
    filled = prompt.text.format(business="Praxis am Park", today="heute", tomorrow="morgen")
    assert "{" not in filled


@pytest.mark.parametrize("language", sorted(WORDS))
def test_a_prompt_names_only_what_there_is(language: str) -> None:
    """Every tool, every word of the envelope that it relies on, and no status that nobody has."""
    text = receptionist(language).text
    for tool in TOOLS:
        assert tool in text
    assert set(re.findall(r"`(\w+)`", text)) <= {field.name for field in fields(Reply)}
    assert set(re.findall(r"\b[a-z]+_[a-z_]+\b", text)) <= {*TOOLS, *Status}


def test_a_schema_requires_only_what_a_caller_always_says() -> None:
    required = {tool["name"]: tool["parameters"].get("required", []) for tool in schemas()}
    assert required == {
        "check_availability": [],
        "verify_name": ["name"],
        "book": ["slot"],
        "find_booking": [],
        "reschedule": [],
        "cancel": [],
        "request_callback": ["reason"],
    }


def test_every_argument_is_a_string_or_a_boolean() -> None:
    for tool in schemas():
        assert tool["description"]
        for name, argument in tool["parameters"]["properties"].items():
            assert argument["type"] in {"string", "boolean"}, name


def test_openai_gets_the_same_schemas_in_its_own_wrapping() -> None:
    assert [tool["function"] for tool in schemas("openai")] == schemas()


def test_an_unknown_wrapping_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="carrier pigeon"):
        schemas("carrier pigeon")
