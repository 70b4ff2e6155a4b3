"""A slice of the simulated day of `make bench`: what must be right, not how fast it is."""

import asyncio
from functools import partial
from pathlib import Path

import pytest
from pydantic import SecretStr

from booking.vault import Vault
from evals.bench.day import Day, Figures, run, simulate
from server.settings import Calcom, Recordings, Server, Settings
from server.settings import Database as DatabaseSettings
from server.settings import Redis as RedisSettings
from server.wiring import open_server, open_worker
from tests.practice import SECRET_KEY
from tests.servers import Addresses

pytestmark = pytest.mark.slow


@pytest.fixture
async def figures(
    addresses: Addresses, database_url: str, redis_url: str, tmp_path: Path
) -> Figures:
    settings = Settings(
        database=DatabaseSettings(url=SecretStr(database_url)),
        redis=RedisSettings(url=SecretStr(redis_url)),
        calcom=Calcom(base_url="http://praxis-0.calcom.test", requests_per_minute=1_000_000),
        recordings=Recordings(url=tmp_path.as_uri()),
        server=Server(secret_key=SecretStr(SECRET_KEY)),
    )
    day = simulate(
        Day(calls=40, practices=1, hours=1, visitors_a_call=0.2),
        serve=partial(open_server, settings),
        employ=partial(open_worker, settings),
        owner_url=addresses.database_owner_url,
        vault=Vault(SECRET_KEY),
    )
    return await asyncio.to_thread(run, day)


async def test_what_callers_were_told_stands_and_cal_com_is_rarely_waited_for(
    figures: Figures,
) -> None:
    assert figures.calls == 40
    assert figures.booked > 10
    assert figures.outside["booked"] > 0
    assert figures.double_bookings == 0
    assert figures.promised_without_booking == 0
    assert not [status for status in figures.statuses if "technical_fault" in status]
    assert figures.requests["read"] < figures.plain_requests / 2
    assert figures.requests["write"] >= figures.booked
    assert figures.hit_rate > 0.7
