from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from cryptography.x509.verification import Store
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from skill.errors import RefusedError
from skill.service import create_app
from skill.service.verification import (
    CHAIN_HEADER,
    SIGNATURE_HEADER,
    RequestVerifier,
    SignerCache,
    roots_in,
)
from skill.simulator import Runtime
from skill.tools.probe import make_authority
from skill.tools.probe.authority import ProbeAuthority
from skill.tools.probe.cases import Case, cases
from skill.tools.probe.requests import ProbeRequest, RequestSigner, dump
from tests.service.conftest import NOW
from tests.support.serving import SKILL_ID

_DAY = timedelta(days=1)


@dataclass
class Service:
    """The service with a certificate host and a clock that a test can set."""

    authority: ProbeAuthority
    client: FlaskClient
    now: datetime = NOW
    fetched: list[str] = field(default_factory=list)

    @property
    def signer(self) -> RequestSigner:
        return RequestSigner(self.authority, SKILL_ID, self.now)

    def send(self, request: ProbeRequest) -> TestResponse:
        return self.client.open(
            "/", method=request.method, data=request.body, headers=dict(request.headers)
        )


@pytest.fixture
def service(runtime: Runtime, authority: ProbeAuthority) -> Service:
    return _service(runtime, authority)


@pytest.fixture(scope="module")
def shared_service(runtime: Runtime, authority: ProbeAuthority) -> Service:
    """For tests with many examples, none of which changes it."""
    return _service(runtime, authority)


def _service(runtime: Runtime, authority: ProbeAuthority, *later: ProbeAuthority) -> Service:
    roots = Store(roots_in(b"".join(trusted.root for trusted in (authority, *later))))

    def fetch(address: str) -> bytes:
        made.fetched.append(address)
        name = address.rpartition("/")[2].removesuffix(".pem")
        if name not in made.authority.chains:
            raise RefusedError("no-chain", "there is none")
        return made.authority.chains[name]

    signers = SignerCache(fetch, roots, waiting=6)
    verifier = RequestVerifier(signers, frozenset([SKILL_ID]), lambda: made.now)
    made = Service(authority, create_app(runtime.skill, verifier.verify).test_client())
    return made


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.about}: {case.name[:60]}")
def test_every_case_of_the_probe_is_handled_rightly(shared_service: Service, case: Case) -> None:
    response = shared_service.send(case.make(shared_service.signer))
    refused = 400 <= response.status_code < 500
    if case.must == "accept":
        assert response.status_code == 200
        # An event gets an empty response: nobody listens.
        assert bool(response.get_json()["response"]) is not case.name.startswith("event")
    elif case.must == "refuse":
        assert refused
        assert set(response.get_json()) == {"error", "message"}
    else:
        assert refused or response.status_code == 200


@pytest.mark.parametrize(
    ("kind", "seconds", "status"),
    [
        ("IntentRequest", 150, 200),
        ("IntentRequest", 151, 400),
        ("IntentRequest", -150, 200),
        ("IntentRequest", -151, 400),
        ("AlexaSkillEvent.SkillDisabled", 3_600, 200),
        ("AlexaSkillEvent.SkillDisabled", 3_601, 400),
    ],
)
def test_the_time_limit_holds_to_the_second(
    shared_service: Service, kind: str, seconds: int, status: int
) -> None:
    signer = shared_service.signer
    late = signer.envelope({"type": kind}, timedelta(seconds=seconds))
    assert shared_service.send(signer.signed(late)).status_code == status


@pytest.mark.parametrize(
    ("address", "asked_for"),
    [
        ("HTTPS://S3.amazonaws.COM:443/echo.api/x.pem", "/echo.api/x.pem"),
        ("https://s3.amazonaws.com/a/../echo.api/./b//x.pem#y", "/echo.api/b/x.pem"),
    ],
)
def test_a_chain_is_fetched_from_the_normalised_address(
    service: Service, address: str, asked_for: str
) -> None:
    service.send(service.signer.signed(address=address))
    assert service.fetched == [f"https://s3.amazonaws.com{asked_for}"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda signer: signer.signed(address="https://example.com/echo.api/good.pem"),
        lambda signer: signer.signed().with_header(SIGNATURE_HEADER, None),
        lambda signer: signer.signed().with_header(SIGNATURE_HEADER, "AAAA"),
    ],
)
def test_a_malformed_request_fetches_no_chain(
    service: Service, spoil: Callable[[RequestSigner], ProbeRequest]
) -> None:
    assert service.send(spoil(service.signer)).status_code == 400
    assert service.fetched == []


def test_a_chain_is_fetched_once_and_again_when_it_has_expired(service: Service) -> None:
    for _ in range(3):
        assert service.send(service.signer.signed()).status_code == 200
    assert len(service.fetched) == 1
    service.now = NOW + 31 * _DAY
    assert service.send(service.signer.signed()).status_code == 400
    assert len(service.fetched) == 2


def test_a_new_chain_from_another_root_replaces_an_expired_one(
    runtime: Runtime, authority: ProbeAuthority
) -> None:
    second = make_authority(NOW + 25 * _DAY)
    service = _service(runtime, authority, second)
    assert service.send(service.signer.signed()).status_code == 200
    service.authority, service.now = second, NOW + 29 * _DAY
    assert service.send(service.signer.signed()).status_code == 400, "the first chain is still kept"
    service.now = NOW + 31 * _DAY
    assert service.send(service.signer.signed()).status_code == 200
    assert len(service.fetched) == 2


_HEADER = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=80)


@given(body=st.binary(max_size=200), address=_HEADER, signature=_HEADER)
def test_random_bytes_and_headers_are_refused(
    shared_service: Service, body: bytes, address: str, signature: str
) -> None:
    headers = {CHAIN_HEADER: address, SIGNATURE_HEADER: signature}
    assert shared_service.send(ProbeRequest(body, headers)).status_code == 400


@given(data=st.data())
@examples(max_examples=200)
def test_a_valid_request_with_any_byte_changed_is_refused(
    shared_service: Service, data: st.DataObject
) -> None:
    sent = shared_service.signer.signed()
    body = bytearray(sent.body)
    at = data.draw(st.integers(0, len(body) - 1))
    body[at] ^= data.draw(st.integers(1, 255))
    assert shared_service.send(ProbeRequest(bytes(body), sent.headers)).status_code == 400


@given(body=st.binary(max_size=300))
def test_signed_bytes_that_are_not_an_envelope_are_refused(
    shared_service: Service, body: bytes
) -> None:
    assert shared_service.send(shared_service.signer.signed(body or b" ")).status_code == 400


_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=10,
)


@given(request=st.dictionaries(st.text(max_size=8), _ANY, max_size=4), more=_ANY)
def test_any_request_that_alexa_signs_for_us_is_answered(
    shared_service: Service, request: dict[str, object], more: object
) -> None:
    made = shared_service.signer.envelope()
    envelope = {**made, "new": more, "request": {**request, "timestamp": _stamp(made)}}
    response = shared_service.send(shared_service.signer.signed(dump(envelope)))
    assert response.status_code == 200
    assert response.get_json()["version"] == "1.0"


@given(kind=st.sampled_from(["IntentRequest", "SessionEndedRequest"]), odd=_ANY)
def test_any_wrong_timestamp_or_skill_id_is_refused(
    shared_service: Service, kind: str, odd: object
) -> None:
    envelope = shared_service.signer.envelope({"type": kind, "timestamp": odd})
    assert shared_service.send(shared_service.signer.signed(envelope)).status_code == 400
    envelope = {**shared_service.signer.envelope(), "session": {"application": odd}}
    assert shared_service.send(shared_service.signer.signed(envelope)).status_code == 400


def _stamp(envelope: dict[str, object]) -> object:
    request = envelope["request"]
    return request["timestamp"] if isinstance(request, dict) else None
