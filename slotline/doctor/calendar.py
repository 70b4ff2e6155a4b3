"""Cal.com: reachable, with a key that counts, and with the event types that we believe in."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from booking.business import Business, EventType
from booking.directory import Access
from calcom.client import Client, open_http
from calcom.errors import CalcomError, Forbidden, NotFound, NotNow, Unauthorised
from calcom.versions import PINNED
from slotline.doctor import clocks, event_types
from slotline.doctor.finding import Finding, broken, fine, skipped

_KEY = "calcom_key"


async def examine_server(
    base_url: str, transport: httpx.AsyncBaseTransport | None = None
) -> list[Finding]:
    """Whether there is a Cal.com at all, and what time it is there."""
    subject = "cal.com"
    asked_at = datetime.now(UTC)
    try:
        async with open_http(base_url, transport=transport) as http:
            answer = await http.get("/v2/me")
    except httpx.HTTPError as error:
        what = f"{base_url} cannot be reached: {str(error) or type(error).__name__}"
        return [broken(subject, what, "Correct CALCOM_BASE_URL, or let this machine get there.")]
    findings = [fine(subject, f"{base_url} answers")]
    if date := answer.headers.get("date"):
        theirs, answered_at = parsedate_to_datetime(date), datetime.now(UTC)
        findings.append(
            clocks.compare("Cal.com", theirs, asked_at=asked_at, answered_at=answered_at)
        )
    return findings


async def examine_business(access: Access, http: httpx.AsyncClient) -> list[Finding]:
    """Whether what callers are offered can be booked there.

    Args:
        access: A business with its credentials.
        http: Connections to its Cal.com.
    """
    business, keys = access.business, access.secrets.get(_KEY)
    if not keys:
        todo = f"Add {_KEY} to its business file and apply it."
        return [broken(business.slug, f"has no {_KEY}: nothing can be booked", todo)]
    versions = PINNED.with_overrides(business.calcom_versions)
    client = Client(http, api_key=keys[0], versions=versions).in_background()
    try:
        await client.me()
        return await _event_types(business, client)
    except Unauthorised:
        todo = f"Make a new key at Cal.com (Settings, Developer), set {_KEY}, apply the file."
        return [broken(business.slug, "Cal.com refuses its key", todo)]
    except NotNow as error:
        return [skipped(business.slug, f"Cal.com does not answer now: {error}")]
    except CalcomError as error:
        todo = "Compare [calcom.versions] in its file with what this Cal.com speaks."
        return [broken(business.slug, f"Cal.com answers oddly: {error}", todo)]


async def _event_types(business: Business, client: Client) -> list[Finding]:
    listed = {each.id: each for each in await client.event_types()}
    findings: list[Finding] = []
    asking = 0
    for service in business.services:
        for ours in service.event_types:
            subject = f"{business.slug} {service.slug} {ours.calcom_id}"
            try:
                # A team's event types are not listed with those of the key's owner.
                theirs = listed.get(ours.calcom_id) or await client.event_type(ours.calcom_id)
            except (NotFound, Forbidden):
                findings.append(_missing(subject, ours))
                continue
            asking += event_types.asks_for_email(theirs)
            findings += event_types.compare(subject, ours, theirs)
    if findings:
        return findings
    what = f"{len(business.event_types)} event types are at Cal.com as they are here"
    if asking:
        what += f"; {asking} require an e-mail address: @{business.attendee_email_domain} if none"
    return [fine(business.slug, what)]


def _missing(subject: str, ours: EventType) -> Finding:
    todo = "Correct calcom_id, or take it out of the business file."
    return broken(subject, f"Cal.com shows no event type {ours.calcom_id} to this key", todo)
