"""Where answers may be odd and still be read, and where they may not."""

import copy
from typing import Any

import httpx
import pytest

from calcom.errors import OutcomeUnknown, UnexpectedAnswer
from calcom.request import Request
from calcom.shapes import Booking
from tests.calcom.recordings import client_over, exchanges

RECORDED = next(each.answer for each in exchanges() if str(each) == "book-full-2")
UID = RECORDED["data"]["uid"]


async def _read(**changes: Any) -> Booking:
    answer = copy.deepcopy(RECORDED)
    answer["data"] |= changes
    return await client_over(lambda _: httpx.Response(200, json=answer)).get_booking(UID)


async def test_a_host_who_left_is_unknown() -> None:
    gone = {"id": "unknown", "name": "unknown", "email": "unknown", "username": "unknown"}
    assert (await _read(hosts=[gone])).hosts[0].id is None
    assert (await _read(hosts=[])).hosts == ()


async def test_the_event_type_may_be_gone() -> None:
    assert (await _read(eventTypeId=None, eventType=None)).event_type_id is None


async def test_others_metadata_are_read_as_texts() -> None:
    booking = await _read(metadata={"n": 2, "nested": {"a": [1]}, "text": "as is"})
    assert booking.metadata == {"n": "2", "nested": '{"a": [1]}', "text": "as is"}


async def test_what_is_new_does_not_disturb() -> None:
    assert (await _read(invented={"in": 2030})).uid == UID


@pytest.mark.parametrize(
    ("changes", "difference"),
    [
        ({"start": "2027-05-24T14:00:00"}, r"data\.start: Input should have timezone"),
        ({"start": 1811167200}, r"data\.start: Input should be a valid datetime"),
        ({"start": "0001-01-01T00:00:00+14:00"}, r"data\.start: .*outside of the calendar"),
        ({"status": "ACCEPTED"}, r"data\.status: Input should be 'accepted'"),
        ({"id": "52"}, r"data\.id: Input should be a valid integer"),
        ({"attendees": None}, r"data\.attendees: "),
        ({"attendees": [{"email": "maria.gomez@example.com"}]}, r"data\.attendees\.0\.name: Field"),
    ],
)
async def test_what_we_rely_on_must_be_there(changes: dict[str, Any], difference: str) -> None:
    with pytest.raises(UnexpectedAnswer, match=difference) as raised:
        await _read(**changes)
    assert "maria" not in str(raised.value)
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__


async def test_another_bookings_answer_is_not_believed() -> None:
    with pytest.raises(UnexpectedAnswer, match="about another booking") as raised:
        await _read(uid="dq7oERQyKrrBatP7FocAxr")
    assert "dq7o" not in str(raised.value)


@pytest.mark.parametrize("act", ["cancel", "confirm", "decline"])
async def test_nor_when_something_was_to_change(act: str) -> None:
    client = client_over(lambda _: httpx.Response(200, json=RECORDED))
    other = "dq7oERQyKrrBatP7FocAxr"
    acts = {
        "cancel": lambda: client.cancel(other, reason="ill"),
        "confirm": lambda: client.confirm(other),
        "decline": lambda: client.decline(other),
    }
    with pytest.raises(OutcomeUnknown, match="about another booking"):
        await acts[act]()


def test_half_a_character_does_not_stop_a_request() -> None:
    """Models write them into JSON; Cal.com's database would not take them."""
    assert Request("POST", "/", body={"name": "Ada \ud83d"}).content == b'{"name": "Ada ?"}'
