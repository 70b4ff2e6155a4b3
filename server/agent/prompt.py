"""What the model is told before anybody speaks: our prompt, and who is on the phone."""

from collections.abc import Mapping
from typing import Final

from booking.business import Business
from prompts import receptionist

_OF_CALLER: Final = ("name", "address", "bookings", "services")


def instructions(business: Business, known: Mapping[str, str]) -> str:
    """The system prompt of one call.

    Args:
        business: Whose phone it is.
        known: What `server.context` tells, as texts.
    """
    prompt = receptionist(known["language"]).text.format(business=business.name, **known)
    of_caller = [f"{name}: {known[name]}" for name in _OF_CALLER if known[name]]
    return "\n".join([prompt.rstrip(), "", *of_caller])
