"""The domain of the addresses that we make up for attendees: nobody else may read their mail."""

from typing import Final

from dns.asyncresolver import Resolver, zone_for_name
from dns.exception import DNSException
from dns.name import from_text, root
from dns.resolver import NXDOMAIN, Answer, NoAnswer, NoRootSOA

from slotline.doctor.finding import Finding, broken, doubtful, fine, skipped

_LIMIT_SECONDS: Final = 3.0
_RESERVED: Final = ("example", "invalid", "test", "localhost", "example.com", "example.org")
"""Names under which there is no mail, by RFC 2606."""

_PUBLIC: Final = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "outlook.de",
        "hotmail.com",
        "hotmail.de",
        "live.com",
        "live.de",
        "msn.com",
        "yahoo.com",
        "yahoo.de",
        "ymail.com",
        "icloud.com",
        "me.com",
        "mac.com",
        "aol.com",
        "proton.me",
        "protonmail.com",
        "gmx.de",
        "gmx.net",
        "gmx.at",
        "gmx.ch",
        "gmx.com",
        "web.de",
        "freenet.de",
        "t-online.de",
        "mail.de",
        "posteo.de",
        "mailbox.org",
        "arcor.de",
        "vodafone.de",
        "1und1.de",
        "mail.com",
        "zoho.com",
        "yandex.com",
        "mail.ru",
        "fastmail.com",
        "tutanota.com",
        "bluewin.ch",
        "aon.at",
        "orange.fr",
        "laposte.net",
        "libero.it",
        "cal.com",
        "sms.cal.com",
    ]
)
_OWN: Final = "Set attendee_email_domain to a name of your own, such as callers.yourdomain.example."


async def examine(slug: str, domain: str, resolver: Resolver | None = None) -> list[Finding]:
    """Whether mail to made-up addresses ends nowhere, or at the business itself.

    Args:
        slug: Of the business.
        domain: Its `attendee_email_domain`.
        resolver: In place of the machine's own.
    """
    subject = f"{slug} e-mail"
    if domain in _PUBLIC:
        what = f"attendee_email_domain {domain} is a mail provider's: strangers could own addresses"
        return [broken(subject, what, _OWN)]
    if any(domain == name or domain.endswith(f".{name}") for name in _RESERVED):
        return [fine(subject, f"nobody can receive mail at @{domain}: the name is reserved")]
    try:
        return [await _by_name(subject, domain, resolver or Resolver())]
    except (DNSException, OSError) as error:
        why = str(error) or type(error).__name__
        return [skipped(subject, f"attendee_email_domain {domain} cannot be looked up: {why}")]


async def _by_name(subject: str, domain: str, resolver: Resolver) -> Finding:
    try:
        found = await _asked(domain, "MX", resolver)
    except NXDOMAIN:
        return await _unknown(subject, domain, resolver)
    if found is None:
        addresses = [await _asked(domain, kind, resolver) for kind in ("A", "AAAA")]
        servers = [domain] if any(addresses) else []
    else:
        names = [record.exchange for record in found]
        servers = [str(name).rstrip(".") for name in names if name != root]
    if not servers:
        return fine(subject, f"nobody receives mail at @{domain}")
    what = f"mail to made-up addresses at {domain} goes to {servers[0]}"
    return doubtful(subject, what, f"Be sure that it is yours, or give {domain} a null MX: 0 .")


async def _unknown(subject: str, domain: str, resolver: Resolver) -> Finding:
    """A name within somebody's zone ends nowhere; one that nobody has registered may be taken."""
    try:
        zone = await zone_for_name(from_text(domain), resolver=resolver)
    except NoRootSOA:
        return skipped(subject, f"attendee_email_domain {domain} cannot be looked up from here")
    if len(zone.labels) > len(("registered", "top-level", "")) - 1:
        return fine(subject, f"nobody receives mail at @{domain}: there is no such name in {zone}")
    what = f"attendee_email_domain {domain} is not registered: whoever does so gets the mail"
    return doubtful(subject, what, _OWN)


async def _asked(domain: str, kind: str, resolver: Resolver) -> Answer | None:
    """The records of a kind; `None` if the name has none.

    Raises:
        DNSException: There is no such name, or nobody answers.
    """
    try:
        return await resolver.resolve(domain, kind, lifetime=_LIMIT_SECONDS)
    except NoAnswer:
        return None
