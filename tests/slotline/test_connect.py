"""`slotline connect` against the platforms' APIs, on real sockets."""

import json
import re
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from db.database import Database
from slotline.connect import CannotConnect, connecting
from slotline.connect.account import Account, PlatformRefused
from slotline.connect.merging import Difference, differences, merged
from slotline.connect.platforms import PLATFORMS
from tests.practice import LINE, SECRET_KEY, Practice
from tests.server.platforms.switchboard import SECRETS, Switchboard, connected
from tests.servers import Addresses
from tests.slotline import vendors
from tests.slotline.command import slotline
from tests.slotline.vendors import KEY, Vendor

MAKERS: dict[str, Callable[..., Vendor]] = {
    "retell": vendors.retell,
    "vapi": vendors.vapi,
    "elevenlabs": vendors.elevenlabs,
}
PERSON = "+493023125019"


@pytest.fixture
async def practice_with_keys(
    practice: Practice, addresses: Addresses, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Switchboard]:
    """With every credential, a human to connect with, and the environment of an operator."""
    monkeypatch.setenv("DATABASE_URL", addresses.database_url)
    monkeypatch.setenv("DATABASE_OWNER_URL", addresses.database_owner_url)
    monkeypatch.setenv("SLOTLINE_SECRET_KEY", SECRET_KEY)
    monkeypatch.setenv("SLOTLINE_PUBLIC_URL", "https://phone.example.com")
    for name in MAKERS:
        monkeypatch.delenv(f"{name.upper()}_API_KEY", raising=False)
    async with connected(practice, addresses) as switchboard:
        yield switchboard


@pytest.fixture(params=sorted(MAKERS))
async def platform(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[str, Vendor]]:
    """A platform that has the practice's number."""
    vendor = MAKERS[request.param](LINE)
    async with vendor.serving() as url:
        monkeypatch.setenv(f"{request.param.upper()}_API_KEY", KEY)
        monkeypatch.setenv(f"{request.param.upper()}_BASE_URL", url)
        yield request.param, vendor


async def settled(name: str, *, writes: bool) -> Account:
    return await connecting._settle(PLATFORMS[name], "praxis", writes=writes)


async def test_applied_twice_is_applied_once(
    practice_with_keys: Switchboard, platform: tuple[str, Vendor]
) -> None:
    name, vendor = platform
    looked = await settled(name, writes=False)
    assert looked.changes
    assert vendor.writes == []

    done = await settled(name, writes=True)
    assert [each.subject for each in done.changes] == [each.subject for each in looked.changes]
    assert not done.missing
    written = list(vendor.writes)
    assert written

    assert (await settled(name, writes=False)).changes == []
    assert (await settled(name, writes=True)).changes == []
    assert vendor.writes == written


async def test_what_somebody_changed_there_is_found_and_mended(
    practice_with_keys: Switchboard, platform: tuple[str, Vendor]
) -> None:
    """A tool that was made slower; what the owner has added or chosen stays."""
    name, vendor = platform
    await settled(name, writes=True)
    _SPOILERS[name](vendor)
    chosen = _chosen(vendor)

    (change,) = (await settled(name, writes=True)).changes
    (found,) = change.differences

    assert (found.there, found.wanted) in {(60_000, 9_000), (60, 9)}
    assert _chosen(vendor) == chosen
    assert (await settled(name, writes=False)).changes == []


def _spoil_retell(vendor: Vendor) -> None:
    agent, llm = vendor.kind("agents")["agents-1"], vendor.kind("llms")["llms-1"]
    agent["voice_id"] = "the owner's"
    llm["general_tools"][0]["timeout_ms"] = 60_000
    llm["general_tools"].append({"type": "custom", "name": "weather", "url": "https://w.example"})


def _spoil_vapi(vendor: Vendor) -> None:
    assistant = vendor.kind("assistants")["assistants-1"]
    assistant["voice"] = {"provider": "the owner's"}
    assistant["model"]["tools"][0]["server"]["timeoutSeconds"] = 60


def _spoil_elevenlabs(vendor: Vendor) -> None:
    vendor.kind("agents")["agents-1"]["conversation_config"]["tts"] = {"voice_id": "the owner's"}
    vendor.kind("tools")["tools-1"]["tool_config"]["response_timeout_secs"] = 60


_SPOILERS: dict[str, Callable[[Vendor], None]] = {
    "retell": _spoil_retell,
    "vapi": _spoil_vapi,
    "elevenlabs": _spoil_elevenlabs,
}


def _chosen(vendor: Vendor) -> list[str]:
    """How often the owner's own words are there."""
    return re.findall("the owner's|https://w.example", json.dumps(vendor.kept))


async def test_a_human_comes_and_goes_with_the_transfer_number(
    practice_with_keys: Switchboard, addresses: Addresses, platform: tuple[str, Vendor]
) -> None:
    name, vendor = platform
    await settled(name, writes=True)
    assert PERSON not in json.dumps(vendor.kept)
    practice = practice_with_keys.practice
    async with Database.connect(addresses.database_owner_url, role=None) as owner:
        for number in (PERSON, None):
            async with owner.transaction(practice.id) as tx:
                await tx.run("UPDATE business SET transfer_number = %(n)s", {"n": number})
            await settled(name, writes=True)
            assert (PERSON in json.dumps(vendor.kept)) == (number is not None)
            assert (await settled(name, writes=False)).changes == []


async def test_numbers_that_are_not_there_are_named(
    practice_with_keys: Switchboard, platform: tuple[str, Vendor]
) -> None:
    name, vendor = platform
    vendor.kind("numbers").clear()
    (sentence,) = (await settled(name, writes=True)).missing
    assert LINE in sentence


async def test_a_wrong_key_is_one_sentence_and_no_secret(
    practice_with_keys: Switchboard,
    platform: tuple[str, Vendor],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    name, vendor = platform
    monkeypatch.setenv(f"{name.upper()}_API_KEY", "another key")
    with pytest.raises(PlatformRefused, match=f"{name} answers 401"):
        await settled(name, writes=True)
    monkeypatch.delenv(f"{name.upper()}_API_KEY")
    with pytest.raises(CannotConnect, match=f"{name.upper()}_API_KEY is not set"):
        await settled(name, writes=True)
    assert vendor.writes == []


async def test_a_platform_that_is_away_is_one_sentence(
    practice_with_keys: Switchboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAPI_API_KEY", KEY)
    monkeypatch.setenv("VAPI_BASE_URL", "http://127.0.0.1:1")
    with pytest.raises(PlatformRefused, match="vapi cannot be reached"):
        await settled("vapi", writes=True)


async def test_without_a_public_address_nothing_is_connected(
    practice_with_keys: Switchboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLOTLINE_PUBLIC_URL", "")
    with pytest.raises(CannotConnect, match="SLOTLINE_PUBLIC_URL is not set"):
        await connecting._agents_to_show(PLATFORMS["retell"], "praxis")
    with pytest.raises(CannotConnect, match="no active business 'nobody'"):
        await connecting._agents_to_show(PLATFORMS["retell"], "nobody")


async def test_numbers_at_vapi_ask_us_who_answers(practice_with_keys: Switchboard) -> None:
    """Else nobody would be told who rings."""
    vendor = vendors.vapi(LINE)
    with pytest.MonkeyPatch.context() as environment:
        async with vendor.serving() as url:
            environment.setenv("VAPI_API_KEY", KEY)
            environment.setenv("VAPI_BASE_URL", url)
            await settled("vapi", writes=True)
    (number,) = vendor.kind("numbers").values()
    assert number["assistantId"] is None
    assert number["server"]["url"] == "https://phone.example.com/v1/praxis/vapi"
    assert number["server"]["headers"] == {"X-Vapi-Secret": SECRETS["vapi_secret"]}


async def test_elevenlabs_signs_with_its_own_secret_and_shows_it_too(
    practice_with_keys: Switchboard,
) -> None:
    vendor = vendors.elevenlabs(LINE)
    with pytest.MonkeyPatch.context() as environment:
        async with vendor.serving() as url:
            environment.setenv("ELEVENLABS_API_KEY", KEY)
            environment.setenv("ELEVENLABS_BASE_URL", url)
            await settled("elevenlabs", writes=True)
    (secret,) = vendor.kind("secrets").values()
    assert secret["value"] == "Bearer wsec_of_elevenlabs"
    practice = practice_with_keys.practice
    practice.parts.directory.forget("praxis")
    access = await practice.parts.directory.access("praxis")
    assert access
    assert set(access.secrets["elevenlabs_secret"]) == {
        "wsec_of_elevenlabs",
        SECRETS["elevenlabs_secret"],
    }


# --- the command --------------------------------------------------------------------------------


@pytest.mark.slow
async def test_the_command_prints_compares_and_makes(
    practice_with_keys: Switchboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendor = vendors.retell(LINE)
    async with vendor.serving() as url:
        monkeypatch.setenv("RETELL_API_KEY", KEY)
        monkeypatch.setenv("RETELL_BASE_URL", url)
        words = ("connect", "retell", "--business", "praxis")
        shown = await slotline(*words, "--json")
        compared = await slotline(*words, "--diff")
        made = await slotline(*words, "--apply")
        again = await slotline(*words, "--diff", "--json")
        both = await slotline(*words, "--diff", "--apply")

    (requests,) = json.loads(shown[1]).values()
    assert list(requests) == [
        "POST /create-retell-llm",
        "POST /create-agent",
        f"PATCH /update-phone-number/{LINE}",
    ]
    assert shown[0] == 0
    assert compared[0] == 1
    assert "not there yet: agent slotline praxis en" in compared[1]
    assert (made[0], made[1].splitlines()[0]) == (0, "made: LLM of slotline praxis en")
    assert (again[0], json.loads(again[1])["changes"]) == (0, [])
    assert both[0] == 2
    agent = vendor.kind("agents")["agents-1"]
    assert (agent["is_published"], agent["timezone"]) == (True, "Europe/Berlin")
    assert vendor.kind("numbers")[LINE]["inbound_agents"][0]["agent_id"] == "agents-1"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["vapi", "elevenlabs"])
async def test_what_is_printed_holds_no_secret(practice_with_keys: Switchboard, name: str) -> None:
    code, said = await slotline("connect", name, "--business", "praxis")
    assert code == 0
    assert f"slotline key show praxis {name}_secret" in said
    assert not [value for value in SECRETS.values() if value in said]


@pytest.mark.slow
async def test_tools_are_printed_by_themselves(practice_with_keys: Switchboard) -> None:
    code, said = await slotline("tools", "--for", "vapi", "--business", "praxis")
    assert code == 0
    assert json.loads(said)[0]["server"]["url"] == "https://phone.example.com/v1/praxis/vapi"
    assert (await slotline("tools", "--for", "vapi"))[0] == 2
    _, mcp = await slotline("tools", "--for", "mcp")
    assert json.loads(mcp)[0]["name"] == "check_availability"


# --- laying one document over another -----------------------------------------------------------


def test_ours_is_laid_over_theirs() -> None:
    there = {
        "voice": "theirs",
        "events": ["theirs", "both"],
        "tools": [
            {"type": "custom", "name": "weather", "url": "theirs"},
            {"type": "custom", "name": "book", "url": "old", "colour": "theirs"},
            {"type": "transfer_call", "name": "transfer_call"},
        ],
    }
    wanted = {"events": ["both", "ours"], "tools": [{"type": "custom", "name": "book", "url": "u"}]}
    whole = merged(there, wanted)
    assert whole == {
        "voice": "theirs",
        "events": ["theirs", "both", "ours"],
        "tools": [
            {"type": "custom", "name": "weather", "url": "theirs"},
            {"type": "custom", "name": "book", "url": "u", "colour": "theirs"},
        ],
    }
    assert Difference("tools[book].url", "old", "u") in list(differences(there, whole))
    assert list(differences(whole, merged(whole, wanted))) == []


def test_nothing_and_null_are_the_same() -> None:
    found: list[Any] = list(differences({}, {"assistantId": None}))
    assert found == []
