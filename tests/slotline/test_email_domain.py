"""Where mail to made-up addresses goes, asked of a name server that knows a few names."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import cast

import dns.message
import dns.rcode
import dns.rrset
import pytest
from dns.asyncresolver import Resolver

from slotline.doctor import Verdict
from slotline.doctor.email_domain import examine

SOA = "ns.example. admin.example. 1 1 1 1 1"
ZONE: Mapping[tuple[str, str], Sequence[str]] = {
    (".", "SOA"): [SOA],
    ("de.", "SOA"): [SOA],
    ("salon.de.", "SOA"): [SOA],
    ("salon.de.", "MX"): ["10 mail.salon.de."],
    ("silent.salon.de.", "MX"): ["0 ."],
    ("bare.salon.de.", "A"): ["192.0.2.1"],
    ("text.salon.de.", "TXT"): ['"nothing"'],
}


class NameServer(asyncio.DatagramProtocol):
    """Answers from `ZONE`."""

    transport: asyncio.DatagramTransport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        query = dns.message.from_wire(data)
        [question] = query.question
        name, kind = question.name.to_text(), dns.rdatatype.to_text(question.rdtype)
        answer = dns.message.make_response(query)
        if records := ZONE.get((name, kind)):
            answer.answer.append(dns.rrset.from_text(name, 60, "IN", kind, *records))
        elif name not in {known for known, _ in ZONE}:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        self.transport.sendto(answer.to_wire(), addr)


@pytest.fixture
async def resolver() -> AsyncIterator[Resolver]:
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(NameServer, local_addr=("127.0.0.1", 0))
    asking = Resolver(configure=False)
    asking.nameservers = ["127.0.0.1"]
    asking.port = transport.get_extra_info("sockname")[1]
    yield asking
    transport.close()


@pytest.mark.parametrize(
    ("domain", "verdict", "what"),
    [
        ("gmail.com", Verdict.BROKEN, "is a mail provider's"),
        ("sms.cal.com", Verdict.BROKEN, "is a mail provider's"),
        ("callers.praxis.example", Verdict.FINE, "the name is reserved"),
        ("silent.salon.de", Verdict.FINE, "nobody receives mail at @silent.salon.de"),
        ("text.salon.de", Verdict.FINE, "nobody receives mail at @text.salon.de"),
        ("callers.salon.de", Verdict.FINE, "there is no such name in salon.de."),
        ("salon.de", Verdict.DOUBTFUL, "goes to mail.salon.de"),
        ("bare.salon.de", Verdict.DOUBTFUL, "goes to bare.salon.de"),
        ("nobodys.de", Verdict.DOUBTFUL, "is not registered"),
    ],
)
async def test_where_mail_to_made_up_addresses_goes(
    resolver: Resolver, domain: str, verdict: Verdict, what: str
) -> None:
    [finding] = await examine("praxis", domain, resolver)

    assert (finding.subject, finding.verdict) == ("praxis e-mail", verdict), finding.what
    assert what in finding.what
    assert bool(finding.todo) is (verdict is not Verdict.FINE)


async def test_without_a_name_server_nothing_is_said_against_a_domain(resolver: Resolver) -> None:
    resolver.nameservers = ["127.0.0.1"]
    resolver.port = 1

    [finding] = await examine("praxis", "salon.de", resolver)

    assert finding.verdict is Verdict.SKIPPED
