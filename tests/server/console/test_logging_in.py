"""Logging in: who gets in, who does not, and what a browser is told meanwhile."""

import asyncio
from collections.abc import Callable
from typing import Any, Final, cast

import pytest
from starlette.applications import Starlette
from starlette.responses import Response

from db import users
from db.database import Database
from db.states import UserRole, UserState
from server.console import Console, ConsoleParts
from server.console.cookies import Cookies
from server.console.live import Live
from server.console.logging_in import FREE_ATTEMPTS, LoggingIn
from server.console.passwords import BadPassword, hashed
from tests.db.conftest import opened
from tests.practice import TUESDAY, Clock
from tests.server.console.people import PASSWORD, Person, address, employ, token_of
from tests.servers import Addresses

STAFF = address(UserRole.STAFF)


@pytest.fixture
def clock() -> Clock:
    return Clock(TUESDAY)


@pytest.fixture
async def app(addresses: Addresses, db: Database, clock: Clock) -> Starlette:
    """The console alone: whoever logs in reaches nothing but people's own tables."""
    async with Database.connect(addresses.database_owner_url, role=None) as owner:
        await opened(owner, "salon")
    await employ(addresses, slug="salon", now=clock())
    rest = cast("Any", None)
    parts = ConsoleParts(
        database=db,
        directory=rest,
        desk=rest,
        accepting=rest,
        live=Live(db),
        reconciler=rest,
        store=rest,
        gates=rest,
        is_https=False,
        eval_runs=rest,
        clock=clock,
    )
    return Starlette(routes=Console(parts).routes)


async def test_whoever_has_the_password_gets_in(stranger: Person) -> None:
    before = await stranger.see("/console/account")
    answer = await stranger.log_in(STAFF.upper())
    after = await stranger.see("/console/account")

    assert (before.status_code, before.headers["location"]) == (
        303,
        "/console/login?next=/console/account",
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/console/")
    assert "Staff Person" in after.text
    assert "Salon" in after.text


async def test_the_session_is_a_secret_of_the_browser(stranger: Person, db: Database) -> None:
    answer = await stranger.log_in(STAFF)
    [cookie] = [c for c in answer.headers.get_list("set-cookie") if "session" in c]
    token = cookie.partition("=")[2].partition(";")[0]

    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    async with db.registry() as tx:
        kept = await tx.only("SELECT login_session::text FROM login_session", into=str)
    assert token not in kept


def test_with_https_cookies_never_travel_without_it() -> None:
    answer = Response()
    Cookies(is_https=True).begin(answer, "token")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-slotline_session=token")
    assert "Secure" in cookie


_WRONG: Final = [
    (STAFF, "wrong horse battery"),
    ("nobody@praxis.example", PASSWORD),
    ("", ""),
    ("'; DROP TABLE user_account; --", PASSWORD),
    (STAFF, "x" * 60_000),
]


async def test_nobody_else_does(stranger: Person) -> None:
    """And they cannot tell which of the two was wrong."""
    for email, password in _WRONG:
        answer = await stranger.log_in(email, password)
        assert answer.status_code == 403, email
        assert "do not belong together" in answer.text
        assert (await stranger.see("/console/account")).status_code == 303


async def test_guessing_locks_also_the_right_password_out_for_a_while(
    stranger: Person, clock: Clock
) -> None:
    for _ in range(FREE_ATTEMPTS):
        assert (await stranger.log_in(STAFF, "a guess of mine")).status_code == 403
    locked = await stranger.log_in(STAFF)
    clock.advance(seconds=61)
    later = await stranger.log_in(STAFF)

    assert locked.status_code == 429
    assert later.status_code == 303


async def test_each_further_failure_locks_for_longer(stranger: Person, clock: Clock) -> None:
    for _ in range(FREE_ATTEMPTS):
        await stranger.log_in(STAFF, "a guess of mine")
    clock.advance(seconds=61)
    again = await stranger.log_in(STAFF, "a guess of mine")
    clock.advance(seconds=61)
    still = await stranger.log_in(STAFF)
    clock.advance(seconds=60)

    assert (again.status_code, still.status_code) == (403, 429)
    assert (await stranger.log_in(STAFF)).status_code == 303


async def test_guesses_at_the_same_time_are_counted_one_by_one(
    app: Starlette, db: Database, clock: Clock
) -> None:
    door = LoggingIn(db)

    async def guess() -> str:
        try:
            await door.log_in(STAFF, "a guess of mine", now=clock())
        except Exception as error:  # noqa: BLE001 - which one it was is what is asked
            return type(error).__name__
        return "in"

    said = await asyncio.gather(*(guess() for _ in range(FREE_ATTEMPTS + 3)))
    assert sorted(said) == ["LockedOut"] * 3 + ["LoginRefused"] * FREE_ATTEMPTS


async def test_a_form_from_elsewhere_changes_nothing(staff: Person) -> None:
    without = await staff.http.post("/console/logout")
    wrong = await staff.http.post("/console/logout", data={"csrf": "0" * 64})
    token = token_of(await staff.see("/console/account"))
    elsewhere = await staff.http.post(
        "/console/logout", data={"csrf": token}, headers={"sec-fetch-site": "cross-site"}
    )

    assert [each.status_code for each in (without, wrong, elsewhere)] == [403, 403, 403]
    assert (await staff.see("/console/account")).status_code == 200
    assert (await staff.http.post("/console/logout", data={"csrf": token})).status_code == 303
    assert (await staff.see("/console/account")).status_code == 303


async def test_nobody_can_make_others_log_in_as_them(stranger: Person) -> None:
    """The login form belongs to the browser that it was given to."""
    await stranger.see("/console/login")
    form = {"csrf": "0" * 64, "email": STAFF, "password": PASSWORD}
    assert (await stranger.http.post("/console/login", data=form)).status_code == 403


async def test_forged_sessions_are_nobodys(stranger: Person) -> None:
    for cookie in (b"", b"x", "Ā".encode(), b"a" * 4000, b"../.."):
        answer = await stranger.http.get(
            "/console/account", headers=[(b"cookie", b"slotline_session=" + cookie)]
        )
        assert answer.status_code == 303, cookie


async def test_a_session_ends_with_the_day_and_with_the_week(staff: Person, clock: Clock) -> None:
    clock.advance(hours=11)
    assert (await staff.see("/console/account")).status_code == 200
    clock.advance(hours=11)
    assert (await staff.see("/console/account")).status_code == 200
    clock.advance(hours=13)
    assert (await staff.see("/console/account")).status_code == 303

    await staff.log_in(STAFF)
    for _ in range(15):
        clock.advance(hours=11.5)
        answer = await staff.see("/console/account")
    assert answer.status_code == 303


async def test_whoever_is_disabled_is_out_at_once(
    staff: Person, addresses: Addresses, clock: Clock
) -> None:
    async with (
        Database.connect(addresses.database_owner_url, role=None) as owner,
        owner.registry() as tx,
    ):
        user = await users.by_email(tx, email=STAFF)
        assert user
        await users.set_state(tx, id=user.id, state=UserState.DISABLED, now=clock())

    assert (await staff.see("/console/account")).status_code == 303
    assert (await staff.log_in(STAFF)).status_code == 403


async def test_a_new_password_ends_every_other_session(
    strangers: Callable[[], Person], clock: Clock
) -> None:
    here, there = strangers(), strangers()
    await here.log_in(STAFF)
    await there.log_in(STAFF)
    page, action = "/console/account", "/console/account/password"
    short = await here.press(page, action, {"old": PASSWORD, "new": "short"})
    wrong = await here.press(page, action, {"old": "wrong one", "new": "another password"})
    right = await here.press(page, action, {"old": PASSWORD, "new": "another password"})

    assert (short.status_code, wrong.status_code, right.status_code) == (400, 400, 303)
    assert (await here.see(page)).status_code == 200
    assert (await there.see(page)).status_code == 303
    assert (await there.log_in(STAFF, "another password")).status_code == 303


async def test_the_way_back_leads_nowhere_else(stranger: Person) -> None:
    for elsewhere in (
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/console//evil.example",
        "/console/\nx",
    ):
        answer = await stranger.log_in(STAFF, next=elsewhere)
        assert answer.headers["location"] == "/console/", elsewhere
    answer = await stranger.log_in(STAFF, next="/console/salon/calls?tool=book")
    assert answer.headers["location"] == "/console/salon/calls?tool=book"


async def test_every_answer_forbids_scripts_of_others(stranger: Person) -> None:
    for path in ("/console", "/console/login", "/console/nowhere", "/console/salon/queue"):
        answer = await stranger.see(path)
        policy = answer.headers.get("content-security-policy", "")
        if answer.status_code != 303:
            assert "default-src 'none'" in policy, path
            assert "unsafe" not in policy
            assert answer.headers["x-content-type-options"] == "nosniff"


async def test_assets_are_kept_by_their_version(stranger: Person) -> None:
    page = await stranger.see("/console/login")
    css = page.text.split('rel="stylesheet" href="')[1].partition('"')[0]
    kept = await stranger.see(css)
    outside = await stranger.see("/console/static/x/%2e%2e/console.py")

    assert "immutable" in kept.headers["cache-control"]
    assert outside.status_code == 404


async def test_the_login_page_speaks_the_browsers_language(stranger: Person) -> None:
    german = await stranger.http.get("/console/login", headers={"accept-language": "fr, de;q=0.8"})
    assert "Anmelden" in german.text
    assert '<html lang="de"' in german.text


async def test_the_application_can_make_no_account(db: Database, app: Starlette) -> None:
    for statement in (
        "INSERT INTO user_account SELECT * FROM user_account",
        "UPDATE user_account SET state = 'active'",
        "DELETE FROM user_account",
        "UPDATE membership SET role = 'admin'",
        "DELETE FROM audit_entry",
    ):
        with pytest.raises(Exception, match="permission denied"):
            async with db.registry() as tx:
                await tx.run(statement)


def test_a_password_has_a_length() -> None:
    for password in ("", "123456789", "x" * 201):
        with pytest.raises(BadPassword):
            hashed(password)
    assert hashed("1234567890").startswith("$argon2id$")


async def test_sessions_that_nobody_uses_are_forgotten(
    staff: Person, clock: Clock, db: Database
) -> None:
    clock.advance(days=8)
    await staff.log_in(STAFF)
    async with db.registry() as tx:
        assert await tx.only("SELECT count(*) FROM login_session", into=int) == 1
