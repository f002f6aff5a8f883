from __future__ import annotations

import http.server
import socket
import ssl
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from cryptography.x509.verification import Store

from skill.alexa import Skill
from skill.errors import RefusedError, UnverifiableError
from skill.service import create_app
from skill.service.verification import (
    ChainDownload,
    Fetch,
    RequestVerifier,
    SignerCache,
    roots_in,
)
from skill.service.verification.signer_cache import LARGEST_CHAIN
from skill.simulator import Runtime
from skill.tools.probe.authority import TRUSTED, ProbeAuthority, address_of
from skill.tools.probe.requests import RequestSigner
from tests.service.conftest import NOW
from tests.support.serving import SKILL_ID


class Service:
    """The service with a certificate host that the test controls."""

    def __init__(
        self, skill: Skill, authority: ProbeAuthority, fetch: Fetch, timeout: float = 120.0
    ) -> None:
        signers = SignerCache(fetch, Store(roots_in(authority.root)), waiting=4, timeout=timeout)
        verifier = RequestVerifier(signers, frozenset([SKILL_ID]), lambda: NOW)
        self._app = create_app(skill, verifier.verify)
        self._signer = RequestSigner(authority, SKILL_ID, NOW)

    def ask(self, chain: str = "good") -> int:
        """The status of the response to a question that is signed with this chain."""
        request = self._signer.signed(chain=chain)
        client = self._app.test_client()
        return client.post("/", data=request.body, headers=dict(request.headers)).status_code


class Host:
    """A certificate host that answers once it may."""

    def __init__(self, authority: ProbeAuthority) -> None:
        self._authority = authority
        self.asked: list[str] = []
        self.reached = threading.Semaphore(0)
        self.may_answer = threading.Event()

    def __call__(self, address: str) -> bytes:
        self.asked.append(address)
        self.reached.release()
        assert self.may_answer.wait(120)
        return self._authority.chains[address.rpartition("/")[2].removesuffix(".pem")]


def test_simultaneous_requests_share_one_fetch(runtime: Runtime, authority: ProbeAuthority) -> None:
    host = Host(authority)
    service = Service(runtime.skill, authority, host)
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(service.ask) for _ in range(4)]
        assert host.reached.acquire(timeout=120)
        host.may_answer.set()
        assert {answer.result() for answer in asked} == {200}
    assert len(host.asked) == 1


def test_a_host_that_hangs_blocks_neither_known_chains_nor_every_thread(
    runtime: Runtime, authority: ProbeAuthority
) -> None:
    host = Host(authority)
    service = Service(runtime.skill, authority, host)
    host.may_answer.set()
    assert service.ask("good") == 200
    host.may_answer.clear()
    with ThreadPoolExecutor(4) as pool:
        hanging = [pool.submit(service.ask, name) for name in TRUSTED[1:5]]
        for _ in range(5):
            assert host.reached.acquire(timeout=120)
        assert service.ask("good") == 200
        assert service.ask("wrong-name") == 503
        host.may_answer.set()
        assert {answer.result() for answer in hanging} == {200}
    assert service.ask("wrong-name") == 400


def test_waiting_for_a_host_that_hangs_times_out(
    runtime: Runtime, authority: ProbeAuthority
) -> None:
    host = Host(authority)
    service = Service(runtime.skill, authority, host, timeout=0.05)
    assert service.ask() == 503
    host.may_answer.set()


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (UnverifiableError("chain-host", "is down"), 503),
        (RefusedError("no-chain", "is not there"), 400),
        (ValueError("a fault of ours"), 503),
        (OSError("network is down"), 503),
    ],
)
def test_a_failed_fetch_is_not_an_internal_error(
    runtime: Runtime, authority: ProbeAuthority, error: Exception, status: int
) -> None:
    def fetch(_: str) -> bytes:
        raise error

    service = Service(runtime.skill, authority, fetch)
    assert [service.ask(), service.ask()] == [status, status]


def test_a_limited_number_of_signers_is_kept(authority: ProbeAuthority) -> None:
    asked = []

    def fetch(address: str) -> bytes:
        asked.append(address)
        return authority.chains["good"]

    signers = SignerCache(fetch, Store(roots_in(authority.root)), waiting=4, kept=2)
    for name in ("a", "b", "a", "c", "a", "b"):
        signers.signer(name, NOW)
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
            self.wfile.write(b"a" * (LARGEST_CHAIN + 1 if name == "large" else 10))

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
def test_a_download_refuses_everything_but_a_chain(
    certificate_host: tuple[int, Path], name: str, error: type[RefusedError]
) -> None:
    port, pem = certificate_host
    tls = ssl.create_default_context(cafile=pem)
    download = ChainDownload(tls, "127.0.0.1", port, timeout=0.3 if name == "slow" else 120.0)
    assert download("https://s3.amazonaws.com/echo.api/there") == b"a" * 10
    with pytest.raises(RefusedError) as raised:
        download(f"https://s3.amazonaws.com/echo.api/{name}")
    assert type(raised.value) is error


def test_a_host_that_is_down_or_untrusted_makes_a_request_unverifiable(
    certificate_host: tuple[int, Path],
) -> None:
    port, _ = certificate_host
    with socket.create_server(("127.0.0.1", 0)) as taken:
        nobody = taken.getsockname()[1]
    for other in (port, nobody):
        download = ChainDownload(ssl.create_default_context(), "127.0.0.1", other)
        with pytest.raises(UnverifiableError, match="cannot be reached"):
            download(address_of("good"))


def _write_tls(path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    certificate = (
        x509.CertificateBuilder(
            name, name, key.public_key(), 1, NOW - timedelta(1), NOW + timedelta(1)
        )
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), False
        )
        .sign(key, SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(private + certificate.public_bytes(Encoding.PEM))
