"""The state outlives the process."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

from calcom.sandbox.seed import DEMO_KEY, demo
from tests.calcom.sandbox.account import CLASS, HALF_PAST_TEN, TEN, Account, opened


async def _reopened(account: Account, path: Path) -> Account:
    await account.http.aclose()
    account.app.state.sandbox.world.close()
    return opened(database=path)


async def test_everything_is_there_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "calendar.sqlite"
    account = opened(database=path)
    one = await account.booked(TEN, metadata={"k": "ü"})
    seat = await account.booked(HALF_PAST_TEN.replace("15:30", "16:00"), CLASS, who="ben")
    await account.act(one["uid"], "cancel")
    kind = await account.add_type(slotInterval=15)
    await account.reserve(HALF_PAST_TEN)
    busy = {"userId": 1, "start": HALF_PAST_TEN, "end": HALF_PAST_TEN.replace(":30", ":45")}
    await account.http.post("/_sandbox/engagements", json=busy)
    before, slots = await account.state(), await account.slots()

    account = await _reopened(account, path)

    assert (await account.state())["bookings"] == before["bookings"]
    assert await account.slots() == slots
    assert len(await account.slots(kind)) > len(slots)
    assert (await account.read(seat["uid"]))["attendees"][0]["seatUid"] == seat["seatUid"]
    assert (await account.booked(TEN, who="cy"))["id"] > seat["id"], "numbers go on"
    assert (await account.book(TEN, who="dee")).status_code == 400, "the guard still stands"
    await (await _reopened(account, path)).http.aclose()


async def test_deleted_things_stay_deleted(tmp_path: Path) -> None:
    path = tmp_path / "calendar.sqlite"
    account = opened(database=path)
    headers = account.key | {"cal-api-version": "2024-06-14"}
    await account.http.delete("/v2/event-types/13", headers=headers)
    account = await _reopened(account, path)
    assert (await account.http.get("/v2/event-types/13", headers=headers)).status_code == 404
    await (await _reopened(account, path)).http.aclose()


async def test_keys_and_webhooks_come_from_the_new_seed(tmp_path: Path) -> None:
    """A demo that starts again listens elsewhere; its bookings are still there."""
    path = tmp_path / "calendar.sqlite"
    account = opened(demo(webhook_url="http://old.example.com"), database=path)
    await account.http.aclose()
    account.app.state.sandbox.world.close()
    new = demo(api_key="cal_new", webhook_url="http://new.example.com", webhook_secret="s")
    world = opened(new, database=path).app.state.sandbox.world
    assert [(w.url, w.secret) for w in world.webhooks.values()] == [("http://new.example.com", "s")]
    assert set(world.api_keys) == {DEMO_KEY, "cal_new"}
    world.close()


def test_a_killed_process_loses_nothing_that_it_answered(tmp_path: Path) -> None:
    path = tmp_path / "calendar.sqlite"
    script = dedent("""
        import asyncio, os, signal, sys
        from pathlib import Path
        from tests.calcom.sandbox.account import opened

        async def main():
            account = opened(database=Path(sys.argv[1]))
            await account.booked()
            os.kill(os.getpid(), signal.SIGKILL)

        asyncio.run(main())
    """)
    killed = subprocess.run([sys.executable, "-c", script, str(path)], check=False, env=os.environ)
    assert killed.returncode == -signal.SIGKILL
    app = opened(database=path).app
    bookings = app.state.sandbox.world.bookings.values()
    assert [b.attendees[0].name for b in bookings if not b.uid.startswith("earlier")] == ["ada"]
    app.state.sandbox.world.close()
