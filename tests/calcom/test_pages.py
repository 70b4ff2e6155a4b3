"""Lists of bookings, page by page, in both of Cal.com's ways."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from calcom.client import Client
from calcom.errors import UnexpectedAnswer
from calcom.outgoing import BookingFilter
from calcom.versions import PINNED, Versions
from tests.calcom.recordings import client_over, exchanges

RECORDED = [
    exchange.answer
    for exchange in exchanges()
    if exchange.scenario == "list-pagination" and exchange.query.get("sortStart")
][:3]
"""Three pages of two, two and one."""

UIDS = [booking["uid"] for page in RECORDED for booking in page["data"]]
WITH_CURSORS = PINNED.with_overrides({"booking_list": "2026-05-01"})


class Pages:
    """Answers one request after another, and keeps the questions."""

    def __init__(self, answers: Sequence[Any]) -> None:
        self.asked: list[dict[str, str]] = []
        self._answers = list(answers)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(dict(request.url.params))
        return httpx.Response(200, content=json.dumps(self._answers.pop(0)))


async def _uids(client: Client, which: BookingFilter, *, page_size: int) -> list[str]:
    return [booking.uid async for booking in client.list_bookings(which, page_size=page_size)]


async def test_recorded_pages_are_walked_to_the_end() -> None:
    pages = Pages(RECORDED)
    which = BookingFilter(attendee_email="ned.doyle@example.com")
    assert await _uids(client_over(pages), which, page_size=2) == UIDS
    size = {"attendeeEmail": "ned.doyle@example.com", "sortCreated": "asc", "take": "2"}
    assert pages.asked == [size, {**size, "skip": "2"}, {**size, "skip": "4"}]


async def test_pages_are_asked_for_only_while_somebody_reads() -> None:
    pages = Pages(RECORDED)
    async for booking in client_over(pages).list_bookings(page_size=2):
        assert booking.uid == UIDS[0]
        break
    assert len(pages.asked) == 1


async def test_a_booking_that_slips_to_the_next_page_comes_once() -> None:
    again = {**RECORDED[1], "data": [RECORDED[0]["data"][1], *RECORDED[1]["data"]]}
    pages = Pages([RECORDED[0], again, RECORDED[2]])
    assert await _uids(client_over(pages), BookingFilter(), page_size=2) == UIDS


async def test_newer_versions_are_walked_by_cursor() -> None:
    def page(number: int, *, cursor: str | None) -> dict[str, Any]:
        pagination = {"hasMore": cursor is not None, "nextCursor": cursor}
        return {**RECORDED[number], "pagination": pagination}

    pages = Pages([page(0, cursor="b"), page(1, cursor="c"), page(2, cursor=None)])
    client = client_over(pages, versions=WITH_CURSORS)
    assert await _uids(client, BookingFilter(event_type_ids=[1]), page_size=2) == UIDS
    size = {"eventTypeId": "1", "limit": "2"}
    assert pages.asked == [size, {**size, "cursor": "b"}, {**size, "cursor": "c"}]


async def test_the_pages_of_the_other_version_are_told_apart() -> None:
    """An older server ignores the newer version, and the cursor with it."""
    client = client_over(Pages(RECORDED), versions=WITH_CURSORS)
    with pytest.raises(UnexpectedAnswer, match=r"pagination\.hasMore: Field required"):
        await _uids(client, BookingFilter(), page_size=2)


REPEATING = {"hasNextPage": True, "totalItems": 9, "hasMore": True, "nextCursor": "b"}


@pytest.mark.parametrize("versions", [PINNED, WITH_CURSORS])
async def test_pages_that_repeat_do_not_go_on_for_ever(versions: Versions) -> None:
    same = {**RECORDED[0], "pagination": REPEATING}
    client = client_over(Pages([same, same]), versions=versions)
    with pytest.raises(UnexpectedAnswer, match="the pages repeat"):
        await _uids(client, BookingFilter(), page_size=2)


async def test_an_empty_page_is_not_the_end() -> None:
    """Filters on the time of creation and change are applied to pages that are cut already."""
    empty = {**RECORDED[0], "data": []}
    pages = Pages([empty, RECORDED[1], {**RECORDED[2], "data": []}])
    assert await _uids(client_over(pages), BookingFilter(), page_size=2) == UIDS[2:4]


async def test_a_list_of_changes_ends_where_they_do() -> None:
    """However many bookings stand that have not changed."""
    since = datetime(2026, 1, 1, tzinfo=UTC)
    order = {"afterUpdatedAt": "2026-01-01T00:00:00Z", "sortUpdatedAt": "desc", "take": "3"}
    early, late = sorted(RECORDED[0]["data"], key=lambda booking: str(booking["updatedAt"]))
    many = {"hasNextPage": True, "totalItems": 900}

    async def asked(data: Sequence[Any], *, page_size: int) -> list[dict[str, str]]:
        pages = Pages(
            [{**RECORDED[0], "data": data, "pagination": many}, {**RECORDED[2], "data": []}]
        )
        await _uids(client_over(pages), BookingFilter(after_updated=since), page_size=page_size)
        return pages.asked

    assert await asked([late, early], page_size=3) == [order]
    assert len(await asked([late, early], page_size=2)) == 2, "there may be more of them"
    assert len(await asked([early, late], page_size=3)) == 2, "that server has its own order"


async def test_empty_pages_come_to_an_end() -> None:
    """Even if each of them promises another."""
    numbered = {**RECORDED[0], "data": [], "pagination": REPEATING}
    assert await _uids(client_over(Pages([numbered] * 5)), BookingFilter(), page_size=2) == []
    client = client_over(Pages([numbered] * 2), versions=WITH_CURSORS)
    with pytest.raises(UnexpectedAnswer, match="no way to it"):
        await _uids(client, BookingFilter(), page_size=2)
