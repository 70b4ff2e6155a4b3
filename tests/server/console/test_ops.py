"""What ops see and mend: calls, health, prompts, the audit log."""

import tomllib
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import httpx
from fastapi import FastAPI
from starlette.applications import Starlette

from db import sync_failures
from db.states import Quarrel, UserRole
from prompts import receptionist
from server.console import Console
from slotline import serving
from tests.practice import Practice
from tests.server.console.people import Person, address
from tests.server.console.scene import ring, tone


async def test_calls_are_found_by_whatever_is_known(ops: Person, practice: Practice) -> None:
    call = await ring(practice)
    empty = await ring(practice, books=False, flagged=[])
    found = {
        "": {call.id, empty.id},
        "q=Lindqvist": {call.id, empty.id},
        "q=030 23125077": {call.id, empty.id},
        "q=0815": set(),
        "q=%25": set(),
        "tool=book": {call.id},
        "status=booked": {call.id},
        "status=booked&tool=cancel": set(),
        "slow=2000": set(),
        "failed=1": set(),
        "flagged=1": {call.id},
        "from=2026-02-10&to=2026-02-10": {call.id, empty.id},
        "from=2026-02-11": set(),
        "to=2026-02-09": set(),
        # What nobody means is as if it were not said.
        "from=yesterday&to=9999-99-99&slow=-1&before=x": {call.id, empty.id},
        "from=0001-01-01&before=0001-01-01T00:00:00%2B00:00|x": {call.id, empty.id},
    }
    for query, expected in found.items():
        page = (await ops.see(f"/console/praxis/calls?{query}")).text
        assert {each for each in (call.id, empty.id) if str(each) in page} == expected, query


async def test_health_shows_what_was_done_and_what_waits(ops: Person, practice: Practice) -> None:
    await ring(practice)
    page = (await ops.see("/console/praxis/health?span=1h")).text
    assert "<code>check_availability</code>" in page
    assert "of 2 tool calls" in page
    assert "1 ended in a booking" in page
    assert "never compared yet" in page

    answer = await ops.press("/console/praxis/health", "/console/praxis/health/compare")
    report = (await ops.see(answer.headers["location"])).text
    assert "1 compared, 1 agreed, 0 mended; 0 differences are left" in report

    practice.clock.advance(hours=2)
    later = (await ops.see("/console/praxis/health?span=1h")).text
    assert "No tool was used in this time" in later


async def test_a_difference_is_shown_and_settled_by_hand(ops: Person, practice: Practice) -> None:
    failure = uuid4()
    async with practice.database.single(practice.id) as tx:
        await sync_failures.record(
            tx,
            id=failure,
            kind=Quarrel.TWIN,
            subject="x",
            booking_id=None,
            ours={"state": "confirmed", "start": "2026-02-11T13:30:00+00:00"},
            theirs=None,
            now=practice.clock(),
        )
    page = "/console/praxis/health"
    assert "Cal.com holds it twice" in (await ops.see(page)).text
    await ops.press(page, f"{page}/failures/{failure}/settle")
    assert "Cal.com holds it twice" not in (await ops.see(page)).text


async def test_while_calcom_is_away_a_comparison_says_so(ops: Person, practice: Practice) -> None:
    await practice.misbehave("list", "error_before", times=50)
    answer = await ops.press("/console/praxis/health", "/console/praxis/health/compare")
    assert answer.headers["location"].endswith("sorry=calendar_away")


async def test_prompts_are_shown_by_their_digest(ops: Person) -> None:
    page = (await ops.see("/console/praxis/prompts")).text
    assert receptionist("en").digest in page
    assert receptionist("de").digest in page


async def test_whatever_was_done_is_in_the_log(admin: Person, practice: Practice) -> None:
    call = await ring(practice, books=False, sound=tone(1))
    matter = f"/console/praxis/matters/{call.id}"
    page = (await admin.see(matter)).text
    await admin.see(page.split('data-source="')[1].partition('"')[0])
    practice.clock.advance(minutes=1)
    await admin.press(matter, f"{matter}/resolve", {"label": "caller"})
    log = (await admin.see("/console/praxis/audit")).text
    assert log.index("resolved") < log.index("listened to")
    assert log.count("Admin Person</td>") == 2
    future = practice.clock() + timedelta(days=1)
    assert (
        "listened to"
        in (
            await admin.see(
                f"/console/praxis/audit?before={future.isoformat().replace('+', '%2B')}"
            )
        ).text
    )
    assert (await admin.see("/console/praxis/audit?before=never")).status_code == 200


async def test_a_scenario_is_drafted_from_a_call(practice: Practice, app: FastAPI) -> None:
    """By the evals that this machine has; where it has none, nothing is offered."""
    call = await ring(practice)
    matter = f"/console/praxis/matters/{call.id}"
    with_evals = Starlette(routes=_with_evals(practice).routes)
    for served, offered in ((app, False), (with_evals, True)):
        transport = httpx.ASGITransport(served)
        async with httpx.AsyncClient(transport=transport, base_url="http://slotline.test") as http:
            person = Person(http)
            await person.log_in(address(UserRole.OPS))
            assert ("Make a scenario of it" in (await person.see(matter)).text) is offered
            draft = await person.press(matter, f"{matter}/scenario")
            assert draft.status_code == (200 if offered else 404)
    assert draft.headers["content-disposition"].endswith('.toml"')
    scenario = tomllib.loads(draft.text)
    assert scenario["suite"] == "drafts"
    assert "Lindqvist" not in draft.text


def _with_evals(practice: Practice) -> Console:
    console, drafting = practice.parts.console, serving._drafting()
    assert console
    assert drafting
    return Console(replace(console._parts, draft=drafting(practice.database)))
