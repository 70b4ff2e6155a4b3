from collections.abc import Mapping
from datetime import datetime

from calcom.endpoints.base import Endpoints
from calcom.outgoing import given, instant
from calcom.request import Request
from calcom.shapes import Answer, Data, Reservation, Slot


class SlotEndpoints(Endpoints):
    """Free times, and Cal.com's own short holds on them."""

    async def slots(
        self,
        event_type_id: int,
        *,
        start: datetime,
        end: datetime,
        timezone: str,
        duration_minutes: int | None = None,
        booking_uid_to_reschedule: str | None = None,
        timeout_seconds: float | None = None,
    ) -> list[Slot]:
        """The slots that lie completely within [start, end], earliest first.

        None at all may also mean that Cal.com cannot read the host's calendar. Full slots of seated
        types are among them. Within 2 s of an equal question the answer may be stale. Keep the
        range to a month: a year takes Cal.com 1.4 s.

        Args:
            event_type_id: Cal.com's.
            start: Not a date: Cal.com would take it for a day in UTC.
            end: The latest end of a slot.
            timezone: The answer covers the local days that the range touches.
            duration_minutes: Of event types with several lengths. Cal.com lists any length here and
                refuses the wrong ones when booking.
            booking_uid_to_reschedule: Counts this booking's own time as free.
            timeout_seconds: In all.
        """
        request = Request(
            "GET",
            "/v2/slots",
            self._versions.slots,
            query=given(
                eventTypeId=event_type_id,
                start=instant(start),
                end=instant(end),
                timeZone=timezone,
                duration=duration_minutes,
                bookingUidToReschedule=booking_uid_to_reschedule,
                format="range",
            ),
        )
        days = await self._wire.read(request, Data[dict[str, tuple[Slot, ...]]], timeout_seconds)
        # Filtered by instant: the answer is filtered by local date, in some versions by none.
        listed = (slot for day in days.data.values() for slot in day)
        within = [slot for slot in listed if start <= slot.start and slot.end <= end]
        return sorted(within, key=lambda slot: slot.start)

    async def reserve(
        self,
        event_type_id: int,
        start: datetime,
        *,
        slot_minutes: int | None = None,
        hold_minutes: int | None = None,
        timeout_seconds: float | None = None,
    ) -> Reservation:
        """Hide a slot from everybody's listings, ours included, for five minutes or `hold_minutes`.

        Checks nothing and stops nobody from booking it; booking does not release it.

        Raises:
            SlotUnavailable: Somebody reserved or booked it at this event type.
        """
        body = given(
            eventTypeId=event_type_id,
            slotStart=instant(start),
            slotDuration=slot_minutes,
            reservationDuration=hold_minutes,
        )
        request = Request("POST", "/v2/slots/reservations", self._versions.slots, body=body)
        return (await self._wire.write(request, Data[Reservation], timeout_seconds)).data

    async def get_reservation(
        self, uid: str, *, timeout_seconds: float | None = None
    ) -> Reservation | None:
        """A reservation, expired ones included for a while; `None` if there is none."""
        request = self._of_reservation("GET", uid)
        return (await self._wire.read(request, Data[Reservation | None], timeout_seconds)).data

    async def move_reservation(
        self,
        uid: str,
        event_type_id: int,
        start: datetime,
        *,
        timeout_seconds: float | None = None,
    ) -> Reservation:
        """Reserve another slot in its place. One's own slot cannot be extended: it is taken."""
        body = given(eventTypeId=event_type_id, slotStart=instant(start))
        request = self._of_reservation("PATCH", uid, body)
        return (await self._wire.write(request, Data[Reservation], timeout_seconds)).data

    async def release_reservation(self, uid: str, *, timeout_seconds: float | None = None) -> None:
        """End a reservation. Releasing what is not there is fine."""
        await self._wire.write(self._of_reservation("DELETE", uid), Answer, timeout_seconds)

    def _of_reservation(
        self, method: str, uid: str, body: Mapping[str, object] | None = None
    ) -> Request:
        path = "/v2/slots/reservations/{uid}"
        return Request(method, path, self._versions.slots, parts={"uid": uid}, body=body)
