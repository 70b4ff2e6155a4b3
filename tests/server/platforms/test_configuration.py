"""What `slotline connect` makes at each platform, as the platform's own SDK has its types."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import time
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from pydantic import BaseModel, TypeAdapter
from retell.types import agent_create_params, llm_create_params, phone_number_update_params

from booking.business import Business, Line, Service
from prompts import handover
from server.brief import Brief
from server.briefing import VARIABLES, brief_for, briefs
from server.platforms.elevenlabs import configuration as elevenlabs
from server.platforms.retell import configuration as retell
from server.platforms.vapi import configuration as vapi
from tools.catalogue import TOOLS
from tools.words import WORDS, words_in

BERLIN, ZURICH = ZoneInfo("Europe/Berlin"), ZoneInfo("Europe/Zurich")
PERSON = "+493023125019"


def line(number: str, language: str = "de", zone: ZoneInfo = BERLIN) -> Line:
    hours = {0: ((time(9), time(17)),)}
    return Line(uuid4(), number, "Salon", zone, language, opening_hours=hours)


BUSINESS = Business(
    id=uuid4(),
    slug="salon-mitte",
    name="Salon Mitte",
    timezone=BERLIN,
    language="de",
    attendee_email_domain="anrufer.salon-mitte.example",
    lines=(line("+493023125010"), line("+493023125011"), line("+12025550110", "en")),
    services=(Service(uuid4(), "schnitt", "Haarschnitt"), Service(uuid4(), "farbe", "Färben")),
    transfer_number=PERSON,
)


def brief(business: Business = BUSINESS, *, tool: str = "transfer_call") -> Brief:
    told = briefs(business, public_url="https://t.example", secret="hush", transfer_tool=tool)
    return next(iter(told))


def texts(value: object) -> Iterable[str]:
    """Every text in a document, keys left out."""
    match value:
        case str():
            yield value
        case Mapping():
            for each in value.values():
                yield from texts(each)
        case list():
            for each in value:
                yield from texts(each)


def unknown(value: object, path: str = "") -> list[str]:
    """Where a model of an SDK holds what its type does not name."""
    match value:
        case BaseModel():
            found = [f"{path}.{name}" for name in value.model_extra or {}]
            names = type(value).model_fields
            return found + [
                each for name in names for each in unknown(getattr(value, name), f"{path}.{name}")
            ]
        case list() | tuple():
            return [each for one in value for each in unknown(one, f"{path}[]")]
        case dict():
            return [each for name, one in value.items() for each in unknown(one, f"{path}.{name}")]
        case _:
            return []


def of_typed_dict(kind: Any, body: dict[str, Any]) -> None:
    """The body is of that type, and nothing in it is unknown there."""
    adapter = TypeAdapter(kind)
    assert json.loads(adapter.dump_json(adapter.validate_python(body), warnings=False)) == body


# --- which agents, and what they are told -------------------------------------------------------


def test_lines_that_speak_alike_share_an_agent() -> None:
    told = briefs(BUSINESS, public_url="https://t.example", secret="", transfer_tool="t")
    assert [(one.language, [each.number for each in lines]) for one, lines in told.items()] == [
        ("de", ["+493023125010", "+493023125011"]),
        ("en", ["+12025550110"]),
    ]
    elsewhere = replace(BUSINESS, lines=(line("+41441", zone=ZURICH), *BUSINESS.lines))
    named = briefs(elsewhere, public_url="https://t.example", secret="", transfer_tool="t")
    assert len({one.name for one in named}) == 3
    assert {one.timezone for one in named} == {"Europe/Berlin", "Europe/Zurich"}


def test_a_name_fits_where_forty_characters_are_allowed() -> None:
    long = [replace(BUSINESS, slug="s" * 63), replace(BUSINESS, slug="s" * 62 + "t")]
    names = {brief(one).name for one in long}
    assert len(names) == 2
    assert all(len(name) <= 40 for name in names)


def test_a_business_without_lines_has_an_agent_of_its_own_language() -> None:
    assert brief(replace(BUSINESS, lines=(), language="en")).language == "en"
    known = brief_for(BUSINESS, None, public_url="", secret="", transfer_tool="t")
    assert (known.language, known.timezone) == ("de", "Europe/Berlin")


@pytest.mark.parametrize("language", sorted(WORDS))
def test_what_differs_from_call_to_call_is_a_variable(language: str) -> None:
    """And every variable of the prompt has a value even where no call fills it."""
    told = brief(replace(BUSINESS, lines=(line("+491", language),)))
    blanks = set(re.findall(r"\{\{(\w+)\}\}", told.prompt))
    assert {"today", "tomorrow", "name", "bookings", "services", "open"} <= blanks
    assert blanks <= told.variables.keys() == set(VARIABLES)
    assert told.variables["services"] == "Haarschnitt, Färben"
    assert told.variables["open"] == "false"


@pytest.mark.parametrize("language", sorted(WORDS))
def test_a_human_is_promised_only_where_one_can_be_had(language: str) -> None:
    lines = (line("+491", language),)
    with_human = brief(replace(BUSINESS, lines=lines))
    without = brief(replace(BUSINESS, lines=lines, transfer_number=None))
    told = handover(language).text.format(open="{{open}}", tool="transfer_call").strip()
    assert with_human.prompt == f"{without.prompt}\n\n{told}"
    assert "transfer_call" not in without.prompt


# --- Retell -------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [PERSON, None])
def test_retell_takes_it(number: str | None) -> None:
    told = brief(replace(BUSINESS, transfer_number=number))
    of_typed_dict(llm_create_params.LlmCreateParams, retell.LLM_AT_FIRST | retell.llm(told))
    of_typed_dict(
        agent_create_params.AgentCreateParams,
        retell.AGENT_AT_FIRST | retell.agent(told, llm_id="llm_1"),
    )
    of_typed_dict(
        phone_number_update_params.PhoneNumberUpdateParams,
        retell.phone_number(told, agent_id="agent_1"),
    )


def test_retell_tools_wait_nine_seconds_and_are_never_sent_twice() -> None:
    ours = [tool for tool in retell.tools(brief()) if tool["type"] == "custom"]
    assert [tool["name"] for tool in ours] == list(TOOLS)
    for tool in ours:
        assert (tool["timeout_ms"], tool["max_retry"], tool["args_at_root"]) == (9000, 0, False)
        assert tool["url"] == "https://t.example/v1/salon-mitte/retell/tools"
        spoken = tool.get("execution_message_description")
        assert spoken == (words_in("de").one_moment if tool["speak_during_execution"] else None)


def test_retell_never_falls_back_to_its_own_zone_or_language() -> None:
    agent = retell.agent(brief(), llm_id="llm_1")
    assert (agent["timezone"], agent["language"]) == ("Europe/Berlin", "de-DE")
    assert agent["opt_in_signed_url"]


# --- Vapi ---------------------------------------------------------------------------------------


@pytest.mark.slow  # its types take seconds to import
@pytest.mark.parametrize("number", [PERSON, None])
def test_vapi_takes_it(number: str | None) -> None:
    from vapi.types.create_assistant_dto import CreateAssistantDto  # noqa: PLC0415
    from vapi.types.server import Server  # noqa: PLC0415

    told = brief(replace(BUSINESS, transfer_number=number), tool=vapi.TRANSFER_TOOL)
    read = CreateAssistantDto.model_validate(vapi.transient(told))
    assert unknown(read) == []
    assert read.model
    assert len(read.model.tools or []) == len(vapi.tools(told))
    assert unknown(Server.model_validate(vapi.phone_number(told)["server"])) == []


def test_vapi_shows_its_secret_and_passes_no_caller_in_arguments() -> None:
    told = brief(tool=vapi.TRANSFER_TOOL)
    ours = [tool for tool in vapi.tools(told) if tool["type"] == "function"]
    assert [tool["function"]["name"] for tool in ours] == list(TOOLS)
    for tool in ours:
        assert tool["server"]["headers"] == {"X-Vapi-Secret": "hush"}
        assert tool["server"]["timeoutSeconds"] == 9
        assert not {"parameters", "backoffPlan"} & tool.keys()
        assert tool["messages"][0]["type"] == "request-start"
    assert vapi.phone_number(told)["assistantId"] is None


# --- ElevenLabs ---------------------------------------------------------------------------------


@pytest.mark.slow  # its types take seconds to import
@pytest.mark.parametrize("number", [PERSON, None])
def test_elevenlabs_takes_it(number: str | None) -> None:
    from elevenlabs.types import (  # noqa: PLC0415
        AgentPlatformSettingsRequestModel,
        ConversationalConfig,
    )
    from elevenlabs.types.webhook_tool_config_input import (  # noqa: PLC0415
        WebhookToolConfigInput,
    )

    told = brief(replace(BUSINESS, transfer_number=number), tool=elevenlabs.TRANSFER_TOOL)
    for tool in elevenlabs.tools(told, secret_id="s1"):
        without_type = {name: value for name, value in tool.items() if name != "type"}
        assert unknown(WebhookToolConfigInput.model_validate(without_type)) == []
    agent = elevenlabs.agent(told, tool_ids=["t1"], secret_id="s1", webhook_id="w1")
    assert agent.keys() == {"name", "conversation_config", "platform_settings"}
    for config in (
        agent["conversation_config"],
        elevenlabs.AGENT_AT_FIRST["conversation_config"],
    ):
        assert unknown(ConversationalConfig.model_validate(config)) == []
    settings = AgentPlatformSettingsRequestModel.model_validate(agent["platform_settings"])
    assert unknown(settings) == []


def test_elevenlabs_fills_in_who_rings_and_holds_our_secret_itself() -> None:
    told = brief(tool=elevenlabs.TRANSFER_TOOL)
    tools = elevenlabs.tools(told, secret_id="s1")
    agent = elevenlabs.agent(told, tool_ids=[], secret_id="s1", webhook_id="w1")
    for tool in tools:
        asked = tool["api_schema"]["request_body_schema"]["properties"]
        assert asked["caller_number"] == {
            "type": "string",
            "dynamic_variable": "system__caller_id",
        }
        for one in asked.values():
            assert ("description" in one) != ("dynamic_variable" in one)
        assert tool["tool_error_handling_mode"] == "passthrough"
        assert tool["response_timeout_secs"] == 9
    assert not [text for text in texts([tools, agent]) if "hush" in text]
