"""What `slotline doctor` finds of phone platforms: keys that are none, doors that stay shut."""

import json
from collections.abc import AsyncIterator, Mapping

import httpx
import pytest

from booking.directory import Access
from slotline.doctor import Finding, Verdict, public_address
from slotline.doctor.platforms import Doors, examine, judge_api_keys
from tests.practice import Practice
from tests.server.platforms.phones import Retell, RetellOverMcp
from tests.server.platforms.switchboard import Switchboard, connected
from tests.servers import Addresses

URL = "https://phone.example.com"
ALL = ("retell", "vapi", "elevenlabs")


@pytest.fixture
async def switchboard(practice: Practice, addresses: Addresses) -> AsyncIterator[Switchboard]:
    async with connected(practice, addresses) as switchboard:
        yield switchboard


class Rewriting(httpx.ASGITransport):
    """A proxy that reads JSON and writes it anew."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        anew = json.dumps(json.loads(await request.aread())).encode()
        headers = {**request.headers, "content-length": str(len(anew))}
        return await super().handle_async_request(
            httpx.Request(request.method, request.url, headers=headers, content=anew)
        )


def doors(connecting: tuple[str, ...], outside: httpx.AsyncBaseTransport) -> Doors:
    """Where there is everything, and that address leads to `outside`."""
    return Doors(connecting, can_take_calls=True, public_url=URL, transport=outside)


async def found(
    switchboard: Switchboard, doors: Doors, **secrets: tuple[str, ...]
) -> dict[tuple[str, Verdict], Finding]:
    """By platform and verdict."""
    practice = switchboard.practice
    access = await practice.parts.directory.access(practice.slug)
    assert access
    access = Access(access.business, {**access.secrets, **secrets})
    findings = await examine(access, practice.database, doors, now=practice.clock())
    for each in findings:
        assert each.todo or each.verdict in {Verdict.FINE, Verdict.SKIPPED}
        assert not any(
            value in repr(each) for values in access.secrets.values() for value in values
        )
    return {(each.subject.removeprefix("praxis "), each.verdict): each for each in findings}


async def test_only_platforms_that_are_used_are_worth_a_word(switchboard: Switchboard) -> None:
    told = await found(switchboard, Doors(), openai_webhook_secret=())
    assert told.keys() == {("retell", Verdict.SKIPPED)}


async def test_every_platform_can_come_in_from_outside(switchboard: Switchboard) -> None:
    outside = httpx.ASGITransport(switchboard.app)
    told = await found(switchboard, doors(ALL, outside))
    open_ = {name for (name, verdict), each in told.items() if verdict is Verdict.FINE}
    assert open_ == {"retell", "vapi", "elevenlabs", "openai"}
    assert told["retell", Verdict.FINE].what == f"retell_key opens {URL}/v1/praxis/retell/inbound"
    assert await switchboard.calls() == []
    assert await switchboard.events() == []


async def test_a_proxy_that_writes_bodies_anew_is_found(switchboard: Switchboard) -> None:
    """Only what is signed suffers: the others would go on, and nobody would look there."""
    told = await found(switchboard, doors(ALL, Rewriting(switchboard.app)))
    broken = {name for name, verdict in told if verdict is Verdict.BROKEN}
    assert broken == {"retell", "openai"}
    assert "byte for byte" in told["retell", Verdict.BROKEN].todo


@pytest.mark.parametrize("status", [404, 502])
async def test_an_address_that_leads_elsewhere_is_found(
    switchboard: Switchboard, status: int
) -> None:
    elsewhere = httpx.MockTransport(lambda _request: httpx.Response(status))
    told = await found(switchboard, doors((), elsewhere))
    assert f"answers {status}" in told["retell", Verdict.BROKEN].what


async def test_a_credential_that_is_missing_is_found_where_its_platform_is_used(
    switchboard: Switchboard,
) -> None:
    told = await found(switchboard, Doors(("retell",)), retell_key=())
    missing = told["retell", Verdict.BROKEN]
    assert missing.what == "has no retell_key, though RETELL_API_KEY is set"
    assert "webhook badge" in missing.todo
    assert ("retell", Verdict.BROKEN) not in await found(switchboard, Doors(), retell_key=())

    await RetellOverMcp(switchboard).ask("check_availability", service="check-up")
    told = await found(switchboard, Doors(), retell_key=())
    assert "calls to Praxis come from there" in told["retell", Verdict.BROKEN].what


async def test_calls_that_nobody_could_take_are_found(switchboard: Switchboard) -> None:
    """They would ring until the caller gives up, with a line in our log."""
    told = await found(switchboard, Doors())
    assert "OPENAI_API_KEY is not set" in told["openai", Verdict.BROKEN].what
    assert ("openai", Verdict.BROKEN) not in await found(switchboard, Doors(can_take_calls=True))


async def test_what_a_platform_signs_has_been_accepted_or_not_yet(
    switchboard: Switchboard,
) -> None:
    assert ("retell", Verdict.SKIPPED) in await found(switchboard, Doors())
    await Retell(switchboard).hangs_up()
    told = await found(switchboard, Doors())
    assert told["retell", Verdict.FINE].what == "told us of a call last on 2026-02-10"


@pytest.mark.parametrize(
    ("secrets", "platform"),
    [
        ({"retell_key": ("a-secret-of-our-own",)}, "retell"),
        ({"openai_webhook_secret": ("sk-an-api-key",)}, "openai"),
        ({"openai_webhook_secret": ("whsec_***",)}, "openai"),
        ({"elevenlabs_secret": ("generated-here",)}, "elevenlabs"),
    ],
)
async def test_what_does_not_look_like_a_platforms_key_is_doubted(
    switchboard: Switchboard, secrets: Mapping[str, tuple[str, ...]], platform: str
) -> None:
    assert (platform, Verdict.DOUBTFUL) in await found(switchboard, Doors(ALL), **secrets)


async def test_one_good_key_is_enough_while_it_is_rotated(switchboard: Switchboard) -> None:
    keys = {"retell_key": ("odd", "key_0123456789")}
    told = await found(switchboard, Doors(ALL), elevenlabs_secret=("ours", "wsec_1"), **keys)
    assert Verdict.DOUBTFUL not in {verdict for _, verdict in told}


def test_keys_of_apis_are_known_by_their_looks() -> None:
    good = {
        "retell": "key_0123456789abcdef",
        "vapi": "00000000-0000-4000-8000-000000000001",
        "elevenlabs": "sk_0123456789abcdef",
    }
    swapped = dict(zip(good, reversed(good.values()), strict=True)) | {"vapi": "key_01234567"}
    assert {each.verdict for each in judge_api_keys(good)} == {Verdict.FINE}
    assert {each.verdict for each in judge_api_keys(swapped)} == {Verdict.DOUBTFUL}
    assert "key_01234567" not in repr(list(judge_api_keys(swapped)))


async def test_whoever_connects_a_platform_needs_a_public_address() -> None:
    (unset,) = await public_address.examine(None, wanted_by=["retell"])
    assert unset.verdict is Verdict.BROKEN
    near = public_address.judge("http://10.0.0.7", 200, wanted_by=["vapi", "retell"])
    assert (near.verdict, "retell and vapi cannot" in near.what) == (Verdict.DOUBTFUL, True)
    assert public_address.judge(URL, 200, wanted_by=["retell"]).verdict is Verdict.FINE
