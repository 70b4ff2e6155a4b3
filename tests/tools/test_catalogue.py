"""The tools as a model receives them: few characters, and no argument that it must invent."""

import json

import pytest

from prompts import receptionist
from tools.catalogue import TOOLS, schemas
from tools.words import WORDS

ALL_TOOLS_AT_MOST = 2_400
PROMPT_AT_MOST = 2_500


@pytest.mark.parametrize("wrapped_for", ["neutral", "openai"])
def test_all_schemas_together_are_short(wrapped_for: str) -> None:
    assert len(json.dumps(schemas(wrapped_for), ensure_ascii=False)) <= ALL_TOOLS_AT_MOST


@pytest.mark.parametrize("language", sorted(WORDS))
def test_each_language_has_a_short_prompt(language: str) -> None:
    prompt = receptionist(language)
    assert len(prompt.text) <= PROMPT_AT_MOST
    assert len(prompt.digest) == 12
    filled = prompt.text.format(business="Praxis am Park", today="heute", tomorrow="morgen")
    assert "{" not in filled


def test_a_schema_requires_only_what_a_caller_always_says() -> None:
    required = {tool["name"]: tool["parameters"].get("required", []) for tool in schemas()}
    assert required == {"check_availability": [], "verify_name": ["name"], "book": ["slot"]}


def test_every_argument_is_a_string_or_a_boolean_with_a_description() -> None:
    for tool in schemas():
        assert tool["description"]
        for name, argument in tool["parameters"]["properties"].items():
            assert argument["type"] in {"string", "boolean"}, name


def test_openai_gets_the_same_schemas_in_its_own_wrapping() -> None:
    assert [tool["function"] for tool in schemas("openai")] == schemas()


def test_an_unknown_wrapping_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="carrier pigeon"):
        schemas("carrier pigeon")


@pytest.mark.parametrize(
    ("sent", "understood"),
    [
        ({"datum": "4.5.", "uhrzeit": "9:15"}, {"date": "4.5.", "time": "9:15"}),
        ({"datetime": "2026-05-04T09:15"}, {"date": "2026-05-04T09:15"}),
        ({"date": "4 May", "datum": "5 May"}, {"date": "4 May"}),
        ({"Dienstleistung": " Kontrolle\n"}, {"service": "Kontrolle"}),
        ({"time": 14}, {"time": "14"}),
        ({"date": "None", "time": "null", "staff": ""}, {}),
        ({"date": {"day": 4}, "time": ["9"], "service": None}, {}),
        ({"call_id": "1", "caller": "+491"}, {}),
    ],
)
def test_f_071_arguments_are_taken_as_models_send_them(
    sent: dict[str, object], understood: dict[str, str]
) -> None:
    args = TOOLS["check_availability"].takes.model_validate(sent)
    assert args.model_dump(exclude_none=True) == understood


@pytest.mark.parametrize(
    ("sent", "means"),
    [
        (True, True),
        ("true", True),
        ("Yes", True),
        ("ja", True),
        (False, False),
        ("false", False),
        ("no", False),
        (None, None),
        ("null", None),
        ([], None),
    ],
)
def test_a_yes_is_a_yes_in_any_spelling_and_silence_is_not_a_no(
    sent: object, means: bool | None
) -> None:
    """F-039: unset, no and yes are three things."""
    args = TOOLS["book"].takes.model_validate({"slot": "A", "confirmed": sent})
    assert args.model_dump()["confirmed"] is means


def test_endless_arguments_are_cut() -> None:
    args = TOOLS["check_availability"].takes.model_validate({"service": "x" * 10_000})
    assert len(args.model_dump()["service"]) == 500
