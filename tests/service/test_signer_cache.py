from __future__ import annotations

import http.server
import socket
import ssl
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from cryptography.x509.verification import Store
from flask.testing import FlaskClient

from skill.alexa.skill import Skill
from skill.errors import RefusedError, UnverifiableError
from skill.service.app import create_app
from skill.service.verification.downloads import LARGEST, Download
from skill.service.verification.gate import AlexaGate
from skill.service.verification.roots import roots_in
from skill.service.verification.signer_cache import Chains, Fetch
from skill.service.verification.verifier import read_chain
from skill.simulator.runtime import Runtime
from skill.tools.probe.authority import address_of
from skill.tools.probe.certificates import TRUSTED, Authority, make_authority
from skill.tools.probe.forge import Forge
from tests.support.serving import SKILL_ID

_NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def authority() -> Authority:
    return make_authority(_NOW)


class Service:
    """The service with a certificate host of the test's own."""

    def __init__(
        self, skill: Skill, authority: Authority, fetch: Fetch, patience: float = 120.0
    ) -> None:
        roots = Store(roots_in(authority.root))
        chains = Chains(
            fetch, lambda pem, now: read_chain(pem, roots, now), waiting=4, patience=patience
        )
        self._app = create_app(skill, AlexaGate(chains, frozenset([SKILL_ID]), lambda: _NOW))
        self._forge = Forge(authority, SKILL_ID, _NOW)

    def ask(self, chain: str = "good") -> int:
        """The status that a question gets which names this chain."""
        sent = self._forge.signed(chain=chain)
        client: FlaskClient = self._app.test_client()
        return client.post("/", data=sent.body, headers=dict(sent.headers)).status_code


class Host:
    """A certificate host that answers when it is let."""

    def __init__(self, authority: Authority) -> None:
        self._authority = authority
        self.asked: list[str] = []
        self.reached = threading.Semaphore(0)
        self.let = threading.Event()

    def __call__(self, address: str) -> bytes:
        self.asked.append(address)
        self.reached.release()
        assert self.let.wait(120)
        return self._authority.chains[address.rpartition("/")[2].removesuffix(".pem")]


def test_requests_at_once_share_one_fetch(runtime: Runtime, authority: Authority) -> None:
    host = Host(authority)
    service = Service(runtime.skill, authority, host)
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(service.ask) for _ in range(4)]
        assert host.reached.acquire(timeout=120)
        host.let.set()
        assert {answer.result() for answer in asked} == {200}
    assert len(host.asked) == 1


def test_a_host_that_hangs_holds_up_neither_known_chains_nor_every_thread(
    runtime: Runtime, authority: Authority
) -> None:
    host = Host(authority)
    service = Service(runtime.skill, authority, host)
    host.let.set()
    assert service.ask("good") == 200
    host.let.clear()
    with ThreadPoolExecutor(4) as pool:
        hanging = [pool.submit(service.ask, name) for name in TRUSTED[1:5]]
        for _ in range(5):
            assert host.reached.acquire(timeout=120)
        assert service.ask("good") == 200
        assert service.ask("wrong-name") == 503
        host.let.set()
        assert {answer.result() for answer in hanging} == {200}
    assert service.ask("wrong-name") == 400


def test_waiting_for_a_host_that_hangs_has_an_end(runtime: Runtime, authority: Authority) -> None:
    host = Host(authority)
    service = Service(runtime.skill, authority, host, patience=0.05)
    assert service.ask() == 503
    host.let.set()


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (UnverifiableError("chain-host", "is down"), 503),
        (RefusedError("no-chain", "is not there"), 400),
        (ValueError("a fault of ours"), 503),
        (OSError("network is down"), 503),
    ],
)
def test_whatever_a_fetch_runs_into_is_no_error_of_the_service(
    runtime: Runtime, authority: Authority, error: Exception, status: int
) -> None:
    def fetch(_: str) -> bytes:
        raise error

    service = Service(runtime.skill, authority, fetch)
    assert [service.ask(), service.ask()] == [status, status]


def test_only_so_many_chains_are_kept(authority: Authority) -> None:
    roots, asked = Store(roots_in(authority.root)), []

    def fetch(address: str) -> bytes:
        asked.append(address)
        return authority.chains["good"]

    chains = Chains(fetch, lambda pem, now: read_chain(pem, roots, now), waiting=4, kept=2)
    for name in ("a", "b", "a", "c", "a", "b"):
        chains.signer(name, _NOW)
    assert asked == ["a", "b", "c", "b"]


@pytest.fixture(scope="module")
def certificate_host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path]]:
    """A real host over TLS on loopback: its port, and the certificate to trust it by."""
    pem = tmp_path_factory.mktemp("tls") / "host.pem"
    _write_tls(pem)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _CertificateHost)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(pem)
    server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server.server_address[1], pem
    server.shutdown()
    server.server_close()


class _CertificateHost(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert self.headers["Host"] == "s3.amazonaws.com"
        name = self.path.rpartition("/")[2]
        if name == "moved":
            self.send_response(302)
            self.send_header("Location", "/echo.api/there")
            self.end_headers()
        elif name == "garbage":
            self.wfile.write(b"no HTTP at all\r\n\r\n")
        elif name == "slow":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"a")
            self.rfile.read(1)  # until the other side has had enough
        else:
            self.send_response({"gone": 404, "broken": 500}.get(name, 200))
            self.end_headers()
            self.wfile.write(b"a" * (LARGEST + 1 if name == "large" else 10))

    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("moved", RefusedError),
        ("gone", RefusedError),
        ("large", RefusedError),
        ("broken", UnverifiableError),
        ("garbage", UnverifiableError),
        ("slow", UnverifiableError),
    ],
)
def test_a_download_takes_only_a_chain_that_is_there(
    certificate_host: tuple[int, Path], name: str, error: type[RefusedError]
) -> None:
    port, pem = certificate_host
    tls = ssl.create_default_context(cafile=pem)
    download = Download(tls, "127.0.0.1", port, longest=0.3 if name == "slow" else 120.0)
    assert download("https://s3.amazonaws.com/echo.api/there") == b"a" * 10
    with pytest.raises(RefusedError) as raised:
        download(f"https://s3.amazonaws.com/echo.api/{name}")
    assert type(raised.value) is error


def test_a_download_from_a_host_that_is_away_or_false_is_no_verdict(
    certificate_host: tuple[int, Path],
) -> None:
    port, _ = certificate_host
    with socket.create_server(("127.0.0.1", 0)) as taken:
        nobody = taken.getsockname()[1]
    for other in (port, nobody):
        download = Download(ssl.create_default_context(), "127.0.0.1", other)
        with pytest.raises(UnverifiableError, match="cannot be reached"):
            download(address_of("good"))


def _write_tls(path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    certificate = (
        x509.CertificateBuilder(
            name, name, key.public_key(), 1, _NOW - timedelta(1), _NOW + timedelta(1)
        )
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), False
        )
        .sign(key, SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(private + certificate.public_bytes(Encoding.PEM))
