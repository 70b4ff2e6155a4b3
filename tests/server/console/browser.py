"""A real browser in front of a real server; what it complains about fails the test."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from db.states import UserRole
from server.app import create_app
from server.serve import listen, serve
from server.settings import Server
from tests.chromium import found
from tests.practice import Practice
from tests.server.console.people import PASSWORD, address

_AXE: Final = Path(__file__).parents[2] / "vendor" / "axe-core-4.14.1.min.js"
_SERIOUS: Final = {"serious", "critical"}

REQUIRED: Final = "NOTHING_SKIPPED"
"""Set by `.ci/run`: there a missing Chromium is a failure."""

PATIENCE_MS: Final = 20_000
"""A machine that does something else as well is not what is tested."""


@asynccontextmanager
async def chromium(*, required: bool) -> AsyncIterator[Browser]:
    """A Chromium without a window; one is enough for all tests of a process."""
    here = found()
    if here is None:
        reason = "no Chromium here: run `make chromium`, or install it"
        if required:
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    flags = ["--autoplay-policy=no-user-gesture-required", "--mute-audio"]
    if os.getuid() == 0:
        flags.append("--no-sandbox")  # it refuses to be root otherwise, as containers are
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=here.path, args=flags, env={**os.environ, **here.environment}
        )
        yield browser
        await browser.close()


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody at a browser."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)

    async def go(self, path: str) -> None:
        await self.page.goto(f"{self.url}{path}")

    async def log_in(self, role: UserRole) -> None:
        await self.go("/console/login")
        await self.page.get_by_label("E-mail").fill(address(role))
        await self.page.get_by_label("Password").fill(PASSWORD)
        await self.page.get_by_role("button", name="Log in").click()
        await self.page.wait_for_url("**/queue")

    async def until(self, condition: str) -> None:
        """Wait until something is so in the page, whose policy forbids it to be asked by itself."""
        async with asyncio.timeout(PATIENCE_MS / 1000):
            while not await self.page.evaluate(condition):  # noqa: ASYNC110 - no event of ours
                await asyncio.sleep(0.05)

    async def barriers(self, *, only: str | None = None) -> list[str]:
        """What keeps people out of this page, as axe-core sees it; by one of its rules or all."""
        await self.page.evaluate(_AXE.read_text(encoding="utf-8"))
        options = {"runOnly": [only]} if only else {}
        found: dict[str, Any] = await self.page.evaluate(
            "options => axe.run(document, options)", options
        )
        return [
            f"{each['id']}: {each['nodes'][0]['html'][:200]} {each['nodes'][0]['failureSummary']}"
            for each in found["violations"]
            if each["impact"] in _SERIOUS
        ]


@asynccontextmanager
async def served(practice: Practice) -> AsyncIterator[str]:
    """The practice's server on a port of its own."""
    stop = asyncio.Event()
    console = practice.parts.console
    assert console
    with listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        serving = asyncio.create_task(
            serve(
                create_app(practice.parts),
                Server(drain_seconds=1),
                listener=listener,
                stop=stop,
                close_streams=console.close,
            )
        )
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            stop.set()
            await serving


@asynccontextmanager
async def visiting(browser: Browser, url: str, **options: Any) -> AsyncIterator[Visitor]:
    """A browser of somebody's own; anything in its console is a complaint."""
    context: BrowserContext = await browser.new_context(
        locale=options.pop("locale", "en-GB"), reduced_motion="reduce", **options
    )
    context.set_default_timeout(PATIENCE_MS)
    page = await context.new_page()
    visitor = Visitor(page, url)
    page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
    page.on(
        "console",
        lambda said: (
            visitor.complaints.append(said.text) if said.type in {"error", "warning"} else None
        ),
    )
    try:
        yield visitor
    finally:
        await context.close()
