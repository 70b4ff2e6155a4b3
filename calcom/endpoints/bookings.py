from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Final

from calcom.endpoints.base import Endpoints
from calcom.errors import MissingField, OutcomeUnknown, UnexpectedAnswer
from calcom.outgoing import EVERYTHING, Attendee, BookingFilter, fit_metadata, given, instant
from calcom.request import Request
from calcom.shapes import Booking, CursorPage, Data, NumberedPage

PAGE_SIZE: Final = 100
"""Bookings a page: Cal.com's own default, and the most that its newer version allows."""


class BookingEndpoints(Endpoints):
    """Bookings: made, read, listed, moved, cancelled, confirmed, declined."""

    async def create_booking(
        self,
        event_type_id: int,
        start: datetime,
        attendee: Attendee,
        *,
        metadata: Mapping[str, object],
        length_minutes: int | None = None,
        location: Mapping[str, object] | None = None,
        fields: Mapping[str, object] | None = None,
        guests: Sequence[str] = (),
        timeout_seconds: float | None = None,
    ) -> Booking:
        """Book. Cal.com knows no idempotency: asking twice books twice, or is refused by the first.

        Types that need confirmation answer the same attendee and start with the *earlier* booking:
        compare the metadata before calling it yours.

        Args:
            event_type_id: Cal.com's.
            start: Of a listed slot; Cal.com takes others within the opening hours, too.
            attendee: For whom.
            metadata: Comes back with the booking and in most webhooks; see `fit_metadata`.
            length_minutes: Of event types with several lengths, and only then.
            location: One of the event type's, such as `{"type": "address"}`.
            fields: Answers to the event type's questions by slug.
            guests: E-mail addresses of others.
            timeout_seconds: In all.

        Raises:
            SlotUnavailable: Taken, outside the hours, or held by an earlier attempt of our own.
            OutcomeUnknown: Also if the answer is about another start.
        """
        body = given(
            start=instant(start),
            eventTypeId=event_type_id,
            attendee=attendee.to_json(),
            metadata=fit_metadata(metadata) or None,
            lengthInMinutes=length_minutes,
            location=location,
            bookingFieldsResponses=fields,
            guests=list(guests) or None,
        )
        request = Request("POST", "/v2/bookings", self._versions.bookings, body=body)
        booking = (await self._wire.write(request, Data[Booking], timeout_seconds)).data
        return _starting(booking, start, request)

    async def get_booking(self, uid: str, *, timeout_seconds: float | None = None) -> Booking:
        """A booking in any state.

        Raises:
            NotFound: There is none.
        """
        request = self._of_booking("GET", uid)
        booking = (await self._wire.read(request, Data[Booking], timeout_seconds)).data
        if booking.uid != uid:
            raise _another_booking(request)
        return booking

    async def list_bookings(
        self,
        which: BookingFilter = EVERYTHING,
        *,
        page_size: int = PAGE_SIZE,
        timeout_seconds: float | None = None,
    ) -> AsyncIterator[Booking]:
        """All bookings that fit, asked for page by page while they are iterated.

        Each comes once, in order of creation: an order that changes under our hands as little as
        possible, so that a booking made meanwhile is at the end, and none is passed over. With
        `after_updated` the latest changes come first, and what changed before is not walked
        through; what changes meanwhile comes to the front, and is for the next time.

        Args:
            which: What to list.
            page_size: Up to 250, and 100 with cursors.
            timeout_seconds: Of each page.
        """
        pages = self._pages_by_cursor if self._versions.lists_by_cursor else self._pages_by_number
        seen: set[str] = set()
        async for page in pages(which.to_query(), page_size, timeout_seconds):
            new = [booking for booking in page if booking.uid not in seen]
            if page and not new:
                raise UnexpectedAnswer("the pages repeat", endpoint="GET /v2/bookings")
            for booking in new:
                seen.add(booking.uid)
                yield booking

    async def reschedule(
        self,
        uid: str,
        start: datetime,
        *,
        reason: str | None = None,
        rescheduled_by: str | None = None,
        seat_uid: str | None = None,
        timeout_seconds: float | None = None,
    ) -> Booking:
        """Move a booking. The answer is a new one with a new uid; the old one is cancelled.

        Parallel moves of one booking make several, and one that is over can still be moved: both
        are for the caller to prevent.

        Args:
            uid: Of the booking that stands now.
            start: Of a slot listed with `booking_uid_to_reschedule`.
            reason: Seen by the host.
            rescheduled_by: The owner's e-mail address confirms types that need confirmation;
                anything else leaves the new booking pending.
            seat_uid: The seat, if the event type is seated.
            timeout_seconds: In all.

        Raises:
            AlreadyRescheduled: Carries the uid of the booking that stands.
            OutcomeUnknown: Also if the answer is about another start.
        """
        body = given(
            start=instant(start),
            reschedulingReason=reason,
            rescheduledBy=rescheduled_by,
            seatUid=seat_uid,
        )
        request = self._of_booking("POST", uid, "/reschedule", body)
        booking = (await self._wire.write(request, Data[Booking], timeout_seconds)).data
        return _starting(booking, start, request)

    async def cancel(
        self,
        uid: str,
        *,
        reason: str,
        seat_uid: str | None = None,
        timeout_seconds: float | None = None,
    ) -> Booking:
        """Cancel a booking, or one seat of it.

        Args:
            uid: Of the booking that stands now.
            reason: Seen by host and attendee; with the host's key Cal.com insists on one.
            seat_uid: The seat, if the event type is seated.
            timeout_seconds: In all.

        Raises:
            AlreadyCancelled: For most purposes a success.
            OutcomeUnknown: Also where Cal.com loses a race against itself over a seat.
        """
        if not reason.strip():
            raise MissingField("a host must give a reason", field="Cancellation reason")
        body = given(cancellationReason=reason, seatUid=seat_uid)
        return await self._change(uid, "/cancel", body, timeout_seconds)

    async def confirm(self, uid: str, *, timeout_seconds: float | None = None) -> Booking:
        """Accept a pending booking, or one that was declined. Cal.com checks no conflict here.

        Raises:
            NotPending: It is accepted already.
        """
        return await self._change(uid, "/confirm", None, timeout_seconds)

    async def decline(
        self, uid: str, *, reason: str | None = None, timeout_seconds: float | None = None
    ) -> Booking:
        """Refuse a pending booking.

        Raises:
            NotPending: It is accepted already.
        """
        return await self._change(uid, "/decline", given(reason=reason) or None, timeout_seconds)

    async def _change(
        self,
        uid: str,
        action: str,
        body: Mapping[str, object] | None,
        timeout_seconds: float | None,
    ) -> Booking:
        request = self._of_booking("POST", uid, action, body)
        booking = (await self._wire.write(request, Data[Booking], timeout_seconds)).data
        if booking.uid != uid:
            raise OutcomeUnknown(_another_booking(request))
        return booking

    def _of_booking(
        self, method: str, uid: str, action: str = "", body: Mapping[str, object] | None = None
    ) -> Request:
        path = f"/v2/bookings/{{uid}}{action}"
        return Request(method, path, self._versions.bookings, parts={"uid": uid}, body=body)

    async def _pages_by_number(
        self, query: Mapping[str, object], size: int, timeout_seconds: float | None
    ) -> AsyncIterator[Sequence[Booking]]:
        skip = 0
        is_of_changes = "afterUpdatedAt" in query
        order = {"sortUpdatedAt": "desc"} if is_of_changes else {"sortCreated": "asc"}
        while True:
            numbered = {**query, **order, "take": size} | given(skip=skip or None)
            page = await self._wire.read(self._list(numbered), NumberedPage, timeout_seconds)
            yield page.data
            # Pages can be empty before the last: times of creation and change filter the page only.
            # So there may be a page for each hundred bookings that stand, though none has changed.
            if is_of_changes and len(page.data) < size and _latest_first(page.data):
                return
            skip += size
            if not page.pagination.has_next_page or skip >= page.pagination.total_items:
                return

    async def _pages_by_cursor(
        self, query: Mapping[str, object], size: int, timeout_seconds: float | None
    ) -> AsyncIterator[Sequence[Booking]]:
        cursor: str | int | None = None
        while True:
            request = self._list({**query, "limit": size} | given(cursor=cursor))
            page = await self._wire.read(request, CursorPage, timeout_seconds)
            yield page.data
            if not page.pagination.has_more:
                return
            if page.pagination.next_cursor in (None, cursor):
                raise UnexpectedAnswer("there is more, but no way to it", endpoint=str(request))
            cursor = page.pagination.next_cursor

    def _list(self, query: Mapping[str, object]) -> Request:
        return Request("GET", "/v2/bookings", self._versions.booking_list, query=query)


def _latest_first(bookings: Sequence[Booking]) -> bool:
    """Whether they are in the order that was asked for: then nothing later is on another page."""
    return all(one.updated_at >= other.updated_at for one, other in pairwise(bookings))


def _starting(booking: Booking, start: datetime, request: Request) -> Booking:
    """The booking, if it is about the start that was asked for."""
    if instant(booking.start) != instant(start):
        raise OutcomeUnknown(_another_booking(request))
    return booking


def _another_booking(request: Request) -> UnexpectedAnswer:
    return UnexpectedAnswer("the answer is about another booking", endpoint=str(request))
