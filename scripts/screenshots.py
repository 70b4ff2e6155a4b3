"""Every page of the console as a picture, of a demo that has had its day of calls.

    python -m scripts.screenshots

Writes `docs/screenshots/*.png`. Servers are this run's own, in `.slotline/screenshots/`.
"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import httpx
from playwright.async_api import Browser, Page, async_playwright

from db import businesses
from db.console import queue
from db.database import Database
from server.settings import Settings
from slotline.demo.calls_of_a_day import Day, day
from slotline.demo.people import Login, employ
from slotline.demo.stage import Stage, open_stage
from slotline.demo.subscribing import subscribe
from slotline.places import Places
from slotline.surroundings import stores
from tests.chromium import found

ROOT: Final = Path(__file__).resolve().parents[1]
SHOTS: Final = ROOT / "docs" / "screenshots"

_WIDE: Final = {"width": 1360, "height": 900}
_PHONE: Final = {"width": 390, "height": 800}
_FLAGGED_WITHIN_SECONDS: Final = 60.0
_FLAGGED: Final = 4
"""Calls of the day that the rules find something odd about, at least."""


async def main() -> None:
    """Start everything, let the day happen, and take the pictures."""
    chromium = found()
    if chromium is None:
        raise SystemExit("screenshots: no Chromium here: make chromium")
    directory = ROOT / ".slotline" / "screenshots"
    shutil.rmtree(directory, ignore_errors=True)
    SHOTS.mkdir(exist_ok=True)
    flags = ["--no-sandbox"] if os.getuid() == 0 else []
    async with _filled(Places(directory)) as (stage, logins, call), async_playwright() as driver:
        browser = await driver.chromium.launch(
            executable_path=chromium.path, args=flags, env={**os.environ, **chromium.environment}
        )
        await _take(browser, stage, logins, call)
        await browser.close()


@asynccontextmanager
async def _filled(places: Places) -> AsyncIterator[tuple[Stage, list[Login], str]]:
    """A demo after its day, and the call that is shown."""
    recordings = (places.directory / "recordings").as_uri()
    os.environ["RECORDINGS_URL"] = recordings
    async with (
        stores(Settings.read(), places) as running,
        open_stage(
            places.directory,
            running,
            file=Places.here().demo_business,
            language="en",
            variables={"RECORDINGS_URL": recordings},
        ) as stage,
        httpx.AsyncClient(trust_env=False, timeout=20.0) as http,
        Database.connect(running.database_url) as database,
    ):
        await subscribe(stage)
        logins = await employ(stage, note=places.directory / "none.json", language="en")
        await Day(stage, http, database).play(day(), today=datetime.now(UTC))
        yield stage, logins, await _flagged(database, stage)


async def _flagged(database: Database, stage: Stage) -> str:
    """The worst call, once the worker has looked through all of them."""
    async with database.registry() as tx:
        business = await businesses.by_slug(tx, slug=stage.business.slug)
    if business is None:
        raise LookupError(stage.business.slug)
    async with asyncio.timeout(_FLAGGED_WITHIN_SECONDS):
        while True:
            async with database.single(business.id) as tx:
                matters = await queue.open_matters(tx)
            if len(matters) >= _FLAGGED:
                return str(matters[0].id)
            await asyncio.sleep(0.5)


async def _take(browser: Browser, stage: Stage, logins: list[Login], call: str) -> None:
    home = f"{stage.base_url}/console"
    slug = stage.business.slug
    admin = next(login for login in logins if login["role"] == "admin")
    page = await _page(browser, viewport=_WIDE)
    await page.goto(f"{home}/login")
    await _shoot(page, "login")
    await _log_in(page, admin)
    for name in ("queue", "callbacks", "customers", "calls", "health", "prompts"):
        await page.goto(f"{home}/{slug}/{name}")
        await _shoot(page, name)
    await page.goto(f"{home}/{slug}/customers")
    await page.locator("a.cover").first.click()
    await _shoot(page, "customer")
    await _show_call(page, f"{home}/{slug}/matters/{call}")
    await _shoot(page, "call")
    booked = f"{home}/{slug}/calls?status=booked"
    await page.goto(booked)
    await page.locator("a.cover").first.click()
    await page.locator(".tool summary").first.click()
    await _shoot(page, "tools")
    await page.get_by_role("link", name="Move").click()
    await _shoot(page, "move")
    await page.goto(f"{home}/{slug}/audit")
    await _shoot(page, "audit")
    phone = await _page(browser, viewport=_PHONE, color_scheme="dark", locale="de-DE")
    await phone.goto(f"{home}/login")
    await _log_in(phone, admin)
    await phone.get_by_role("button", name="Deutsch").click()
    await _shoot(phone, "phone-queue")
    await _show_call(phone, f"{home}/{slug}/matters/{call}")
    await _shoot(phone, "phone-call")


async def _show_call(page: Page, address: str) -> None:
    """A call with its waveform, a turn marked in the middle."""
    await page.goto(address)
    await page.wait_for_selector(".player[data-ready]")
    await page.locator(".turn").nth(2).click()
    await page.keyboard.press("Space")
    await page.evaluate("scrollTo(0, 0)")


async def _page(browser: Browser, **options: Any) -> Page:
    options = {"locale": "en-GB", "reduced_motion": "reduce", **options}
    return await (await browser.new_context(**options)).new_page()


async def _log_in(page: Page, login: Login) -> None:
    await page.locator("[name=email]").fill(login["email"])
    await page.locator("[name=password]").fill(login["password"])
    await page.locator("button.primary").click()
    await page.wait_for_url("**/queue")


async def _shoot(page: Page, name: str) -> None:
    await page.evaluate("document.fonts.ready.then(() => true)")
    await page.screenshot(path=SHOTS / f"{name}.png")


if __name__ == "__main__":
    asyncio.run(main())
