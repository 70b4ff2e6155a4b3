"""/v2/me and /v2/calendars."""

from calcom.sandbox.calls import Answer, Call, Operation, success
from calcom.sandbox.credentials import Door


async def me(call: Call) -> Answer:
    """The key's user."""
    user = call.owner
    return success(
        {
            "id": user.id,
            "email": user.email,
            "name": user.name,
            "avatarUrl": None,
            "bio": None,
            "timeFormat": 12,
            "defaultScheduleId": user.default_schedule_id,
            "weekStart": "Sunday",
            "timeZone": user.time_zone,
            "username": user.username,
            "organizationId": None,
        }
    )


async def calendars(call: Call) -> Answer:  # noqa: ARG001 - nobody has connected one
    """No calendar is connected."""
    return success({"connectedCalendars": [], "destinationCalendar": {}})


OPERATIONS = (
    Operation("GET", "/v2/me", "me", me, Door.GUARDED),
    Operation("GET", "/v2/calendars", "calendars", calendars, Door.GUARDED),
)
