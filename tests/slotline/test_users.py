"""`slotline user`: who may log in, as an operator says it."""

import asyncio

import pytest
from typer.testing import CliRunner

from db.database import Database
from server.console.logging_in import LoggingIn, LoginRefused
from slotline import cli
from tests.db.conftest import NOW, opened
from tests.servers import Addresses

_RUN = CliRunner()


@pytest.fixture
async def variables(addresses: Addresses, db: Database) -> dict[str, str]:
    async with Database.connect(addresses.database_owner_url, role=None) as owner:
        await opened(owner, "salon")
        await opened(owner, "rival")
    return {
        "DATABASE_URL": addresses.database_url,
        "DATABASE_OWNER_URL": addresses.database_owner_url,
        "SLOTLINE_SECRET_KEY": "a long passphrase for tests only",
    }


async def test_people_come_work_at_several_places_and_go(
    variables: dict[str, str], db: Database
) -> None:
    def run(*words: str, password: str = "") -> str:
        done = _RUN.invoke(cli.app, ["user", *words], input=f"{password}\n", env=variables)
        assert done.exit_code == 0, done.output
        return done.output

    async def may_log_in(password: str) -> bool:
        try:
            await LoggingIn(db).log_in("ada@salon.example", password, now=NOW)
        except LoginRefused:
            return False
        return True

    await asyncio.to_thread(
        run, "add", "Ada@Salon.example", "--business=salon", password="first password"
    )
    await asyncio.to_thread(
        run, "add", "ada@salon.example", "--business=rival", "--role=ops", "--keep-password"
    )
    listed = await asyncio.to_thread(run, "list")
    assert "ada@salon.example  Ada  rival (ops), salon (staff)" in listed
    assert await may_log_in("first password")

    await asyncio.to_thread(run, "password", "ada@salon.example", password="second password")
    assert [await may_log_in(f"{which} password") for which in ("first", "second")] == [False, True]

    await asyncio.to_thread(run, "disable", "ada@salon.example")
    assert not await may_log_in("second password")
    assert "disabled" in await asyncio.to_thread(run, "list")


@pytest.mark.parametrize(
    ("words", "password", "why"),
    [
        (["add", "ada@salon.example", "--business=nowhere"], "long enough", "no business"),
        (["add", "ada@salon.example", "--business=salon"], "short", "10 to 200 characters"),
        (["add", "ada", "--business=salon"], "long enough", "email_is_folded"),
        (["disable", "nobody@salon.example"], "", "nobody has the address"),
    ],
)
async def test_mistakes_are_said(
    variables: dict[str, str], words: list[str], password: str, why: str
) -> None:
    def run() -> BaseException | None:
        done = _RUN.invoke(cli.app, ["user", *words], input=f"{password}\n", env=variables)
        return done.exception

    assert why in str(await asyncio.to_thread(run))
