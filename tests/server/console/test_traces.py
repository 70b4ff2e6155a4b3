"""Ops get from a call to its trace, where there are traces; staff have no use for one."""

from dataclasses import replace

from tests.practice import Practice
from tests.server.console.people import Person
from tests.server.console.scene import ring

LANGFUSE = "https://langfuse.example"


async def test_a_call_leads_to_its_trace(ops: Person, staff: Person, practice: Practice) -> None:
    call = await ring(practice, books=False)
    page = f"/console/praxis/matters/{call.id}"
    console = practice.parts.console
    assert console
    assert "Langfuse" not in (await ops.see(page)).text

    console._parts = replace(console._parts, traces_at=LANGFUSE)

    assert f'href="{LANGFUSE}/trace/' in (await ops.see(page)).text
    assert "Langfuse" not in (await staff.see(page)).text
