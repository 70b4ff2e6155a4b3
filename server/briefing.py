"""Which agents a business needs on a platform, and what they are told."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Final

from booking.business import Business, Line
from prompts import handover
from server.agent.prompt import instructions
from server.brief import Brief
from tools.catalogue import schemas
from tools.words import words_in

VARIABLES: Final = (
    *("known", "name", "address", "bookings"),
    *("today", "tomorrow", "weekdays", "now"),
    *("services", "language", "open"),
)
"""What `server.context` tells of a call, as texts."""

_LONGEST_NAME: Final = 40
_ASKING_CALENDAR: Final = frozenset({"check_availability", "book", "reschedule", "cancel"})


def briefs(
    business: Business, *, public_url: str, secret: str, transfer_tool: str
) -> Mapping[Brief, tuple[Line, ...]]:
    """An agent for each language and time zone that the business's lines have, and their lines.

    Args:
        business: Whose agents they are.
        public_url: How platforms reach this server.
        secret: What the platform shall show at our doors.
        transfer_tool: The name of the platform's tool that connects a caller with a number.
    """
    lines: dict[tuple[str, str], list[Line]] = {}
    for line in business.lines:
        lines.setdefault((line.language, line.timezone.key), []).append(line)
    spoken = lines or {(business.language, business.timezone.key): []}
    return {
        _brief(business, language, zone, public_url, secret, transfer_tool): tuple(theirs)
        for (language, zone), theirs in spoken.items()
    }


def brief_for(
    business: Business, line: Line | None, *, public_url: str, secret: str, transfer_tool: str
) -> Brief:
    """The agent of one line; of a line that nobody knows, in the business's own language."""
    language = line.language if line else business.language
    zone = (line.timezone if line else business.timezone).key
    return _brief(business, language, zone, public_url, secret, transfer_tool)


def _brief(
    business: Business, language: str, zone: str, public_url: str, secret: str, transfer_tool: str
) -> Brief:
    words = words_in(language)
    blanks = {name: f"{{{{{name}}}}}" for name in VARIABLES}
    prompt = instructions(business, blanks | {"language": words.language})
    if business.transfer_number:
        told = handover(words.language).text.format(open=blanks["open"], tool=transfer_tool)
        prompt = f"{prompt}\n\n{told.rstrip()}"
    services = ", ".join(service.name for service in business.services)
    unknown = {"known": "false", "open": "false", "services": services, "language": words.language}
    return Brief(
        name=_name(business, language, zone),
        language=words.language,
        timezone=zone,
        address=f"{public_url}/v1/{business.slug}",
        greeting=words.greeting.format(business=business.name),
        prompt=prompt,
        variables=dict.fromkeys(VARIABLES, "") | unknown,
        tools=schemas(),
        asking_calendar=_ASKING_CALENDAR,
        one_moment=words.one_moment,
        technical_fault=words.technical_fault,
        transfer_number=business.transfer_number,
        secret=secret,
    )


def _name(business: Business, language: str, zone: str) -> str:
    other_zone = "" if zone == business.timezone.key else f" {zone}"
    name = f"slotline {business.slug} {language}{other_zone}"
    if len(name) <= _LONGEST_NAME:
        return name
    digest = sha256(name.encode()).hexdigest()[:8]
    return f"{name[: _LONGEST_NAME - 9]} {digest}"
