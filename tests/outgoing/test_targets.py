"""What somebody else has chosen is asked on the public internet, over https, or not at all."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from outgoing import TargetRefused, Targets, open_client
from outgoing.addresses import is_public
from outgoing.targets import check

NAME = "cdn.example"


def resolving(**hosts: Sequence[str]) -> Targets:
    async def resolve(host: str, _port: int) -> Sequence[str]:
        return hosts.get(host.replace(".", "_"), [host])

    return Targets(resolve=resolve)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104 - refused
        "10.1.2.3",
        "100.64.0.1",
        "100.100.100.200",
        "127.0.0.1",
        "168.63.129.16",
        "169.254.169.254",
        "172.16.0.1",
        "192.168.0.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "64:ff9b::a9fe:a9fe",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "2002:7f00:1::",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%eth0",
        "ff02::1",
        "localhost",
    ],
)
def test_an_address_of_ones_own_network_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "8.8.8.8", "2606:4700:4700::1111", "64:ff9b::808:808"]
)
def test_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4, network="10.0.0.0/8") | st.ip_addresses(v=6, network="fc00::/7"))
def test_no_private_address_is_public(address: object) -> None:
    assert not is_public(str(address))


@pytest.mark.parametrize(
    "url",
    [
        "http://cdn.example/a",
        "ftp://cdn.example/a",
        "https://10.1.2.3/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.1/",
        "https://0177.0.0.1/",
        "https://127.1/",
        "https://127.0.0.1./",
        "https://１２７.0.0.1/",
        "https://user:password@cdn.example/",
        "https:///nowhere",
        "/nowhere",
    ],
)
async def test_f_073_what_is_not_https_or_not_public_is_refused(url: str) -> None:
    """When it is set up, and again when it is asked."""
    with pytest.raises(TargetRefused):
        check(url)
    with pytest.raises((TargetRefused, httpx.InvalidURL)):
        await resolving().addresses(httpx.URL(url))


@pytest.mark.parametrize(
    "found", [["192.168.0.1"], ["8.8.8.8", "127.0.0.1"], ["2606:4700::1", "fe80::1"]]
)
async def test_f_073_a_name_that_leads_inside_is_refused_when_it_is_asked(found: list[str]) -> None:
    check("https://cdn.example/a")
    with pytest.raises(TargetRefused, match=r"cdn\.example is not on the public internet"):
        await resolving(cdn_example=found).addresses(httpx.URL("https://cdn.example/a?key=secret"))


async def test_the_resolver_of_this_machine_is_asked() -> None:
    with pytest.raises(TargetRefused, match="localhost"):
        await Targets().addresses(httpx.URL("https://localhost/"))


async def test_what_the_operator_has_named_is_asked_as_it_is() -> None:
    targets = Targets(["http://127.0.0.1:9000", "https://minio.internal"])
    assert await targets.addresses(httpx.URL("http://127.0.0.1:9000/a")) == ["127.0.0.1"]
    for other in ("http://127.0.0.1:9001/", "https://127.0.0.1:9000/", "http://127.0.0.1/"):
        with pytest.raises(TargetRefused):
            await targets.addresses(httpx.URL(other))


# --- on the wire ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """For the name, and not for the address behind it; signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)]), datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "cdn.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path


@asynccontextmanager
async def cdn(certificate: Path, *answers: str) -> AsyncIterator[tuple[int, list[str]]]:
    """Gives the answers in turn; tells its port, and who was asked for."""
    left, hosts = list(answers), list[str]()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        hosts.extend(line.partition(" ")[2] for line in lines if line.lower().startswith("host:"))
        writer.write(left.pop(0).encode())
        writer.close()

    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate)
    async with await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls) as listening:
        yield listening.sockets[0].getsockname()[1], hosts


def client(port: int, certificate: Path, *, name: str = NAME) -> httpx.AsyncClient:
    async def resolve(host: str, _port: int) -> Sequence[str]:
        return ["127.0.0.1"] if host == name else [host]

    trust = ssl.create_default_context(cafile=certificate)
    return open_client(Targets([f"https://{name}:{port}"], resolve=resolve), trust=trust)


OK = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello"


async def test_the_checked_address_is_asked_for_the_name(certificate: Path) -> None:
    """TLS proves the name, though what is connected to is an address."""
    async with (
        cdn(certificate, OK) as (port, hosts),
        client(port, certificate) as http,
    ):
        answer = await http.get(f"https://{NAME}:{port}/a")
    assert (answer.text, hosts) == ("hello", [f"{NAME}:{port}"])
    assert answer.url.host == NAME


async def test_a_certificate_of_another_name_is_not_believed(certificate: Path) -> None:
    async with (
        cdn(certificate, OK) as (port, hosts),
        client(port, certificate, name="other.example") as http,
    ):
        with pytest.raises(httpx.ConnectError):
            await http.get(f"https://other.example:{port}/a")
    assert hosts == []


@pytest.mark.parametrize(
    "target",
    [
        "http://169.254.169.254/latest/meta-data/",
        "https://192.168.0.1/",
        "https://[::1]/",
        "https://127.0.0.1/",
        "//10.0.0.1/",
    ],
)
async def test_f_073_a_redirect_inside_is_refused(certificate: Path, target: str) -> None:
    moved = f"HTTP/1.1 302 Found\r\nlocation: {target}\r\ncontent-length: 0\r\n\r\n"
    async with (
        cdn(certificate, moved) as (port, hosts),
        client(port, certificate) as http,
    ):
        with pytest.raises(TargetRefused):
            await http.get(f"https://{NAME}:{port}/a")
    assert len(hosts) == 1


async def test_a_relative_redirect_stays_with_the_name(certificate: Path) -> None:
    moved = "HTTP/1.1 302 Found\r\nlocation: /b\r\ncontent-length: 0\r\n\r\n"
    async with (
        cdn(certificate, moved, OK) as (port, hosts),
        client(port, certificate) as http,
    ):
        answer = await http.get(f"https://{NAME}:{port}/a")
    assert (answer.text, hosts) == ("hello", [f"{NAME}:{port}"] * 2)


async def test_a_name_without_an_address_cannot_be_connected_to() -> None:
    async def nowhere(_host: str, _port: int) -> Sequence[str]:
        raise OSError("no such name")

    async with open_client(Targets(resolve=nowhere)) as http:
        with pytest.raises(httpx.ConnectError):
            await http.get("https://cdn.example/")
