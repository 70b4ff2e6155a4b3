"""What an agent should know before its first word: the caller, the days, the services."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from booking.business import Business
from booking.customers import Customers
from booking.names import address
from calls.numbers import canonical
from tools.words import words_in

_WEEK = 7


class CallerContext:
    """Answers `GET /v1/{b}/context`."""

    def __init__(self, customers: Customers) -> None:
        self._customers = customers

    async def of(
        self,
        business: Business,
        caller: str | None,
        line: str | None,
        language: str | None,
        now: datetime,
    ) -> Mapping[str, object]:
        """What is known of a caller, and the dates that nobody should have to work out.

        Returns:
            `known`, `name`, `address`, `today`, `tomorrow`, `weekdays` (name to ISO date of the
            coming seven days), `bookings`, `services`, `now`, `language`.
        """
        dialled = business.line_of(line)
        words = words_in(language or (dialled.language if dialled else business.language))
        local = now.astimezone(dialled.timezone if dialled else business.timezone)
        number = canonical(caller, dialled=dialled.number if dialled else None)
        today = local.date()
        on_number = await self._customers.on_number(business.id, number)
        owner = next((one for one in on_number if one.is_owner and one.name), None)
        coming = await self._customers.upcoming(business.id, number, now=now)
        services = {service.id: service.name for service in business.services}
        days = [today + timedelta(days=n) for n in range(1, _WEEK + 1)]
        return {
            "known": owner is not None,
            "name": owner.name if owner else None,
            "address": address(owner.name, owner.salutation, words.language) if owner else None,
            "today": words.full_day(today),
            "tomorrow": words.full_day(today + timedelta(days=1)),
            "weekdays": {words.weekday(day): day.isoformat() for day in days},
            "bookings": [
                {
                    "id": str(position),
                    "service": services.get(booking.service_id, ""),
                    "start": (start := booking.start_at.astimezone(local.tzinfo)).isoformat(),
                    "end": booking.end_at.astimezone(local.tzinfo).isoformat(),
                    "spoken": words.times_on(words.full_day(start.date()), [start]),
                    "name": booking.attendee_name,
                }
                for position, booking in enumerate(coming, start=1)
            ],
            "services": list(services.values()),
            "now": local.isoformat(timespec="seconds"),
            "language": words.language,
        }
