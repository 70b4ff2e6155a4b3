"""Whoever knows a uid can cancel the booking: it must not stand in any log or message."""

import logging

import httpx
import pytest

from calcom.errors import NotFound
from calcom.veil import veil
from tests.calcom.recordings import Exchange, client_over, exchanges, served

UID = "82ZUxh5AiQnU9aUmWUWSLq"


@pytest.mark.parametrize(
    "secret",
    [
        UID,
        "dfefa40a-da37-4f94-ad6e-49acb9a73f3c",
        "maria.gomez+cal@example.co.uk",
        "12025550123@sms.cal.com",
    ],
)
def test_secrets_are_veiled_wherever_they_stand(secret: str) -> None:
    for text in ("You may reschedule {} instead.", "({})", "uid={} not found", "/v2/bookings/{}/x"):
        veiled = veil(text.format(secret))
        assert secret not in veiled
        assert veiled.count("***") == 1


def test_even_short_uids_are_veiled_where_uids_stand() -> None:
    assert veil("Booking with uid=7 was not found") == "Booking with uid=*** was not found"
    assert veil("Cannot DELETE /v2/bookings/x") == "Cannot DELETE /v2/bookings/***"


def test_cal_coms_own_words_stay_readable() -> None:
    for exchange in exchanges():
        if isinstance(answer := exchange.answer, dict) and "statusCode" in answer:
            assert veil(answer["message"]) == answer["message"]
    words = "it is required, but missing in the bookingFieldsResponses."
    assert veil(words) == words


async def test_no_log_line_holds_a_uid_or_the_key(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    read = _recorded("book-full-2")
    gone = _recorded("get-by-uid-7")
    client = client_over(lambda _: served(read.response))
    await client.get_booking(UID)
    with pytest.raises(NotFound):
        await client_over(lambda _: served(gone.response)).get_booking(UID)
    lines = [f"{record.getMessage()} {vars(record)}" for record in caplog.records]
    assert len(lines) >= 4
    for line in lines:
        assert UID not in line
        assert "cal_test_key" not in line


def test_the_headers_of_http2_are_never_logged(caplog: pytest.LogCaptureFixture) -> None:
    """hpack would write each of them down, paths and credentials included."""
    caplog.set_level(logging.DEBUG)
    client_over(lambda _: httpx.Response(200))
    for name in ("hpack.hpack", "hpack.table"):
        assert not logging.getLogger(name).isEnabledFor(logging.DEBUG)


async def test_each_request_leaves_one_line(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="calcom.wire")
    read = _recorded("book-full-2")
    await client_over(lambda _: served(read.response)).get_booking(UID)
    (line,) = [record for record in caplog.records if record.name == "calcom.wire"]
    facts = vars(line)
    assert facts["endpoint"] == "GET /v2/bookings/{uid}"
    assert facts["became"] == "answered"
    assert facts["status"] == 200
    assert facts["calcom_request_id"] == "req-1"


def _recorded(name: str) -> Exchange:
    return next(exchange for exchange in exchanges() if str(exchange) == name)
