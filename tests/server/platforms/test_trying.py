"""The commands of `docs/platforms/trying.md`, as they stand there."""

import asyncio
import json
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import pytest

from server.agent.model import Model
from server.settings import OpenAI
from tests.practice import ADA, LINE
from tests.server.agent.scripted import ScriptedModel, served
from tests.server.platforms.switchboard import SECRETS, Switchboard
from tests.serving import on_a_port

_DOCUMENT: Final = Path(__file__).parents[3] / "docs/platforms/trying.md"
_BLOCKS: Final = re.findall(r"```sh\n(.*?)```", _DOCUMENT.read_text("utf-8"), re.DOTALL)

pytestmark = pytest.mark.skipif(
    not (shutil.which("curl") and shutil.which("openssl")), reason="needs curl and openssl"
)


@pytest.fixture
async def there(switchboard: Switchboard, tmp_path: Path) -> AsyncIterator[Path]:
    """A folder in which the practice is described as the demo describes its own."""
    async with served(ScriptedModel(["Tomorrow at ten?"])) as url:
        ours = Model(OpenAI(base_url=url), name="scripted")
        switchboard.practice.parts.agent.model = ours
        async with on_a_port(switchboard.app) as base_url:
            told = {"base_url": base_url, "business": "praxis", "line": LINE, **SECRETS}
            known = {"known_caller": {"number": ADA, "name": "Ada Lindqvist"}}
            (tmp_path / ".slotline").mkdir()
            (tmp_path / ".slotline/demo.json").write_text(json.dumps(told | known))
            yield tmp_path
        await ours.aclose()


async def typed(commands: str, folder: Path, *, now: int) -> list[dict[str, Any]]:
    """What commands print, one JSON object after the other; the clock is the practice's."""
    shell = await asyncio.create_subprocess_exec(
        *("bash", "-euo", "pipefail", "-c", f"date() {{ echo {now}; }}\n{commands}"),
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
    )
    printed, _ = await shell.communicate()
    assert shell.returncode == 0
    text, found, at = printed.decode(), list[dict[str, Any]](), 0
    while at < len(text):
        value, at = json.JSONDecoder().raw_decode(text, at)
        found.append(value)
    return found


async def test_each_platform_can_be_played_with_curl(switchboard: Switchboard, there: Path) -> None:
    now = int(switchboard.practice.clock().timestamp())
    told = await typed("\n".join(_BLOCKS), there, now=now)
    retell, vapi, ringing, elevenlabs, mcp, context, found, chat = told
    assert retell["status"] == elevenlabs["status"] == "available"
    assert [json.loads(each["result"])["status"] for each in vapi["results"]] == [
        "none_found",
        "available",
    ]
    assert ringing["dynamic_variables"]["name"] == context["name"] == "Ada Lindqvist"
    assert mcp["result"]["structuredContent"]["status"] == "available"
    assert found["status"] == "none_found"
    assert chat["choices"][0]["message"]["content"].strip() == "Tomorrow at ten?"
    platforms = {call["platform"] for call in await switchboard.calls()}
    assert platforms == {"retell", "vapi", "elevenlabs", "mcp", "neutral"}
