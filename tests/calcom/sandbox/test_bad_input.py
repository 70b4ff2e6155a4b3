"""Whatever is sent, it is refused or done; the stand-in does not break down."""

import random
from typing import Any

import pytest

from tests.calcom.sandbox.account import CLASS, TEN, Account

ODD: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 1.5, 1e30, "", "x", "1", [], {}, ["x"], [1], [{}], [None],
    {"a": 1}, {"type": None}, TEN, TEN[:10], "Europe/Berlin",
)  # fmt: skip
USUAL: dict[str, Any] = {
    "start": TEN,
    "slotStart": TEN,
    "attendee": {"name": "Ada", "email": "ada@example.com", "timeZone": "UTC"},
    "eventTypeId": 1,
    "hostIds": [1],
    "lengthInMinutes": 30,
    "title": "Peeling",
    "slug": "peeling",
    "name": "Ada",
    "email": "ada@example.com",
    "username": "ada",
    "timeZone": "UTC",
    "isDefault": False,
    "active": True,
    "subscriberUrl": "http://hooks.example.com",
    "triggers": ["BOOKING_CREATED"],
}
_TYPE = (
    "lengthInMinutes title slug locations bookingFields seats bookingWindow recurrence "
    "confirmationPolicy bookingLimitsCount scheduleId bookerActiveBookingsLimit "
    "lengthInMinutesOptions"
)
_SCHEDULE = "name timeZone isDefault availability overrides"
BODIES = {
    "POST /v2/bookings": "start attendee eventTypeId eventTypeSlug username guests metadata "
    "location lengthInMinutes recurrenceCount bookingFieldsResponses",
    "POST /v2/bookings/{uid}/cancel": "cancellationReason seatUid cancelSubsequentBookings",
    "POST /v2/bookings/{uid}/decline": "reason",
    "POST /v2/bookings/{uid}/mark-absent": "host attendees",
    "POST /v2/slots/reservations": "eventTypeId slotStart slotDuration reservationDuration",
    "POST /v2/event-types": _TYPE,
    "PATCH /v2/event-types/9": _TYPE,
    "POST /v2/schedules": _SCHEDULE,
    "PATCH /v2/schedules/2": _SCHEDULE,
    "POST /v2/webhooks": "active subscriberUrl triggers secret payloadTemplate",
    "POST /_sandbox/users": "name email username timeZone availability overrides",
    "POST /_sandbox/event-types": f"hostIds {_TYPE}",
    "POST /_sandbox/bookings": "start name email eventTypeId",
}
QUERIES = {
    "/v2/slots": "eventTypeId start end timeZone duration format bookingUidToReschedule username "
    "eventTypeSlug usernames organizationSlug",
    "/v2/bookings": "take skip status eventTypeId eventTypeIds afterStart beforeEnd sortStart "
    "attendeeEmail afterUpdatedAt",
}
VERSIONS = {"slots": "2024-09-04", "bookings": "2024-08-13", "event-types": "2024-06-14"}


def _version(path: str) -> dict[str, str]:
    return {"cal-api-version": VERSIONS.get(path.split("/")[2], "2024-06-11")}


@pytest.mark.parametrize("endpoint", BODIES)
async def test_odd_bodies(account: Account, endpoint: str) -> None:
    dice = random.Random(endpoint)
    uid = (await account.booked(kind=CLASS))["uid"]
    if "absent" in endpoint:
        account.clock.advance(days=90)
    method, path = endpoint.replace("{uid}", uid).split()
    for _ in range(150):
        body = {
            name: USUAL[name] if name in USUAL and dice.random() < 0.6 else dice.choice(ODD)
            for name in BODIES[endpoint].split()
            if dice.random() < 0.7
        }
        sent = dice.choice(ODD) if dice.random() < 0.05 else body
        headers = _version(path) | (account.key if dice.random() < 0.8 else {})
        answer = await account.http.request(method, path, json=sent, headers=headers)
        assert answer.status_code < 500, sent


@pytest.mark.parametrize("path", QUERIES)
async def test_odd_queries(account: Account, path: str) -> None:
    dice = random.Random(path)
    for _ in range(300):
        query = {
            name: str(dice.choice((*ODD, "nan", "inf", "checkup", "drlee", "a,b", "asc")))
            for name in QUERIES[path].split()
            if dice.random() < 0.4
        }
        answer = await account.http.get(
            path, params={"start": TEN, "end": TEN} | query, headers=_version(path) | account.key
        )
        assert answer.status_code < 500, query
