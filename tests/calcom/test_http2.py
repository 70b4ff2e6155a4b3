"""Over TLS, HTTP/2 is spoken where the server offers it: many questions on one connection."""

import asyncio
import ipaddress
import json
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import h2.config
import h2.connection
import h2.events
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from calcom.client import Client, open_http
from calcom.errors import Unreachable
from tests.calcom.recordings import KEY, exchanges

ME = json.dumps(next(e.answer for e in exchanges() if str(e) == "me-1")).encode()


class Server:
    """Speaks HTTP/2 and nothing else, and says who it is talking to."""

    def __init__(self, port: int = 0) -> None:
        self.connections = 0
        self.requests: list[dict[str, str]] = []
        self.port = port

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        config = h2.config.H2Configuration(client_side=False, header_encoding="utf-8")
        connection = h2.connection.H2Connection(config=config)
        connection.initiate_connection()
        writer.write(connection.data_to_send())
        while received := await reader.read(65_535):
            for event in connection.receive_data(received):
                if isinstance(event, h2.events.RequestReceived):
                    self.requests.append({str(n): str(v) for n, v in event.headers})
                if isinstance(event, h2.events.StreamEnded):
                    connection.send_headers(event.stream_id, [(":status", "200")])
                    connection.send_data(event.stream_id, ME, end_stream=True)
            writer.write(connection.data_to_send())
        writer.close()


def _certificate(folder: Path) -> Path:
    """A certificate for 127.0.0.1 with its key, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "cal.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
async def server(certificate: Path) -> AsyncIterator[Server]:
    server = Server()
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate)
    tls.set_alpn_protocols(["h2"])
    async with await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=tls) as listening:
        server.port = listening.sockets[0].getsockname()[1]
        yield server


async def test_many_questions_share_one_connection(server: Server, certificate: Path) -> None:
    trust = ssl.create_default_context(cafile=certificate)
    async with open_http(f"https://127.0.0.1:{server.port}", trust=trust) as http:
        client = Client(http, api_key=KEY)
        await client.me()
        owners = await asyncio.gather(*(client.me() for _ in range(5)))
    assert {owner.id for owner in owners} == {1}
    assert (server.connections, len(server.requests)) == (1, 6)
    assert server.requests[0][":path"] == "/v2/me"
    assert server.requests[0]["authorization"] == f"Bearer {KEY}"


async def test_an_unknown_certificate_gets_no_key(server: Server) -> None:
    async with open_http(f"https://127.0.0.1:{server.port}") as http:
        with pytest.raises(Unreachable):
            await Client(http, api_key=KEY).me()
    assert server.requests == []
