"""Callers who have appointments already."""

from typing import Any

from tests.practice import Caller, Practice

STRANGER = "+493023125099"


async def has(call: Caller, date: str, time: str, service: str = "checkup", **whose: str) -> Any:
    """Make an appointment in a call, for its caller or under a name."""
    if whose:
        await call.ask("verify_name", **whose, for_someone_else=True)
    checked = await call.ask("check_availability", service=service, date=date, time=time)
    booked = await call.ask("book", slot=checked["slots"][0]["id"], confirmed=True)
    assert booked["status"] == "booked", (checked, booked)
    assert f"T{time:0>5}" in booked["booking"]["start"], checked
    return booked["booking"]


async def starts(practice: Practice) -> list[str]:
    """When the calendar holds something, earliest first: UTC."""
    return sorted(booking["start"] for booking in await practice.bookings_at_calcom())
