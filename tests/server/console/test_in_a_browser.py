"""The console in a real Chromium: what people see, hear and press."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from db.states import Role, UserRole
from tests.practice import Practice
from tests.server.console import browser as browsers
from tests.server.console.browser import PATIENCE_MS, Visitor, served, visiting
from tests.server.console.people import employ
from tests.server.console.played import played, shown
from tests.server.console.scene import SAID, ring, tone
from tests.servers import Addresses

pytestmark = pytest.mark.browser
expect.set_options(timeout=PATIENCE_MS)

_REQUIRED = bool(os.environ.get(browsers.REQUIRED))


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with browsers.chromium(required=_REQUIRED) as browser:
        yield browser


@pytest.fixture
async def url(browser: Browser, addresses: Addresses, practice: Practice) -> AsyncIterator[str]:
    await employ(addresses, slug=practice.slug, now=practice.clock())
    async with served(practice) as url:
        yield url


@pytest.fixture
async def staff(browser: Browser, url: str) -> AsyncIterator[Visitor]:
    async with visiting(browser, url) as visitor:
        await visitor.log_in(UserRole.STAFF)
        yield visitor
        assert visitor.complaints == []


async def test_each_role_sees_its_own_pages(browser: Browser, url: str) -> None:
    pages = {
        UserRole.STAFF: ["Queue", "Callbacks", "Customers"],
        UserRole.OPS: ["Queue", "Callbacks", "Customers", "Calls", "Health", "Prompts and evals"],
    }
    pages[UserRole.ADMIN] = [*pages[UserRole.OPS], "Audit log"]
    for role, names in pages.items():
        async with visiting(browser, url) as visitor:
            await visitor.log_in(role)
            links = visitor.page.get_by_role("navigation", name="Pages").get_by_role("link")
            assert [text.strip() for text in await links.all_inner_texts()] == names
            assert visitor.complaints == []


async def test_a_flagged_call_is_heard(staff: Visitor, practice: Practice) -> None:
    """The sound really plays; the turn that is heard is marked; a click leads to another."""
    call = await ring(practice, sound=tone(18))
    page = staff.page
    await staff.go(f"/console/praxis/matters/{call.id}")
    await page.wait_for_selector(".player[data-ready]")
    assert await page.evaluate("document.getElementById('sound').currentTime") == 5  # 3 s before
    drawn = "document.querySelector('#wave > div').shadowRoot.querySelectorAll('canvas').length"
    assert await page.evaluate(drawn) >= 1

    await page.get_by_role("button", name="Play", exact=True).click()
    await staff.until("document.getElementById('sound').currentTime > 5.4")
    await expect(page.locator(".turn.now")).to_contain_text("half past two, please")
    await page.get_by_role("button", name="Pause").click()

    await page.locator(".turn").get_by_text("Yes, please.").click()
    await staff.until("document.getElementById('sound').currentTime >= 11.6")
    await expect(page.locator(".turn.now")).to_contain_text("Yes, please.")
    await page.keyboard.press("Space")
    await page.get_by_label("Speed").select_option("1.5")
    assert await page.evaluate("document.getElementById('sound').playbackRate") == 1.5
    await page.get_by_role("button", name="Play from 0:14").click()
    await expect(page.locator(".turn.now")).to_contain_text("Booked. See you then.")


async def test_a_booking_is_moved_and_stands_at_calcom(staff: Visitor, practice: Practice) -> None:
    call = await ring(practice)
    page = staff.page
    await staff.go(f"/console/praxis/matters/{call.id}")
    await page.get_by_role("link", name="Move").click()
    await page.get_by_role("link", name="Thu 12 Feb").click()
    times = page.locator("button[name=slot]")
    wished = await times.nth(3).get_attribute("value")
    await times.nth(3).click()
    await expect(page.get_by_role("status").first).to_contain_text("Moved")

    [held] = await practice.bookings_at_calcom()
    assert wished
    assert held["start"].rstrip("Z").removesuffix(".000") == wished.partition("+")[0]


async def test_the_queue_is_worked_with_the_keyboard(staff: Visitor, practice: Practice) -> None:
    """A call appears by itself; it is taken, opened and resolved without a mouse."""
    page = staff.page
    await expect(page.get_by_text("Nothing is waiting")).to_be_visible()
    call = await ring(practice, books=False)
    await expect(page.locator(f'[data-matter="{call.id}"]')).to_be_visible()

    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog")).to_be_visible()
    await page.keyboard.press("Escape")
    await page.keyboard.press("j")
    await page.keyboard.press("a")
    await expect(page.get_by_text("Assigned.")).to_be_visible()
    await page.keyboard.press("j")
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"**/matters/{call.id}")
    await page.keyboard.press("r")
    await page.keyboard.type("False")
    await page.keyboard.press("Tab")
    await page.keyboard.type("She was only asking.")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Nothing is waiting")).to_be_visible()
    async with practice.database.single(practice.id) as tx:
        assert await tx.all("SELECT label FROM flag", into=str) == ["false_alarm"]


async def test_on_a_phone_in_german_in_the_dark(
    browser: Browser, url: str, practice: Practice
) -> None:
    call = await ring(practice, sound=tone(4))
    phone = {"viewport": {"width": 375, "height": 740}, "color_scheme": "dark"}
    async with visiting(browser, url, **phone) as visitor:
        page = visitor.page
        await visitor.log_in(UserRole.OPS)
        await page.get_by_role("button", name="Deutsch").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Warteschlange")
        for path in ("queue", f"matters/{call.id}", "callbacks", "customers", "calls", "health"):
            await visitor.go(f"/console/praxis/{path}")
            width = await page.evaluate("document.documentElement.scrollWidth")
            assert width <= 375, path
            back = await page.evaluate("getComputedStyle(document.body).backgroundColor")
            assert back == "rgb(16, 20, 27)"
        await page.get_by_role("button", name="Hell oder dunkel").click()
        await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        assert visitor.complaints == []


async def test_nothing_serious_keeps_anybody_out(
    browser: Browser, url: str, practice: Practice
) -> None:
    """Axe on every page, light and dark."""
    call = await ring(practice, sound=tone(4))
    await practice.call().ask("request_callback", reason="a question", number="030 23125099")
    async with practice.database.single(practice.id) as tx:
        customer = await tx.only("SELECT id::text FROM customer", into=str)
    matter = f"matters/{call.id}"
    paths = [
        *("queue", matter, f"{matter}/bookings/{call.booking['id']}/move", "callbacks"),
        *("customers", f"customers/{customer}", "calls", "health", "prompts", "audit", "nowhere"),
    ]
    async with visiting(browser, url) as visitor:
        await visitor.go("/console/login")
        barriers = {"login": await visitor.barriers()}
        await visitor.log_in(UserRole.ADMIN)
        for path in [*(f"praxis/{path}" for path in paths), "account"]:
            await visitor.page.emulate_media(color_scheme="light")
            await visitor.go(f"/console/{path}")
            barriers[path] = await visitor.barriers()
            await visitor.page.emulate_media(color_scheme="dark")
            barriers[f"{path} in the dark"] = await visitor.barriers(only="color-contrast")
    assert {page: found for page, found in barriers.items() if found} == {}


async def test_a_report_of_evals_looks_as_it_was_made_and_runs_nothing(
    browser: Browser,
    url: str,
    practice: Practice,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    played(tmp_path)
    shown(monkeypatch, practice, tmp_path)
    async with visiting(browser, url) as visitor:
        page = visitor.page
        await visitor.log_in(UserRole.OPS)
        await visitor.go("/console/praxis/prompts")
        assert await visitor.barriers() == []
        assert visitor.complaints == []
        await page.get_by_role("link", name="Report").click()
        await expect(page.get_by_text("All of it")).to_be_visible()
        colour = await page.evaluate("getComputedStyle(document.body).color")
        assert (colour, await page.title()) == ("rgb(1, 2, 3)", "core")
        assert any("sandbox" in each for each in visitor.complaints)  # of the script in it


async def test_what_cannot_be_heard_is_said(staff: Visitor, practice: Practice) -> None:
    """And a call of 500 turns can be read."""
    said = [(tuple(Role)[n % 2], f"Sentence {n}.", 1000 * n, 1000 * n + 800) for n in range(500)]
    broken = b"OggS" + b"\0" * 4000
    call = await ring(practice, said=[*SAID, *said], books=False, sound=broken)
    await staff.go(f"/console/praxis/matters/{call.id}")
    await expect(staff.page.locator(".turn").get_by_text("Sentence 499.")).to_be_attached()
    await expect(staff.page.get_by_text("The recording cannot be played.")).to_be_visible()
    staff.complaints.clear()  # the browser says so, too
