from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.x509.verification import Store
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from skill.errors import RefusedError
from skill.service.app import create_app
from skill.service.flask_adapter import CertificateValidator, SkillAdapter, ValidationError
from skill.service.verification.gate import AlexaGate
from skill.service.verification.roots import roots_in, trusted_roots
from skill.service.verification.signer_cache import Chains
from skill.service.verification.verifier import CHAIN_HEADER, SIGNATURE_HEADER, read_chain
from skill.simulator.runtime import Runtime
from skill.tools.probe.cases import Case, cases
from skill.tools.probe.certificates import TRUSTED, Authority, make_authority
from skill.tools.probe.forge import Forge, Sent, dump
from tests.support.serving import SKILL_ID

_NOW = datetime.now(UTC).replace(microsecond=0)
_DAY = timedelta(days=1)


@dataclass
class Front:
    """The service's front door, with a certificate host and a clock that a test can move."""

    authority: Authority
    client: FlaskClient
    now: datetime = _NOW
    fetched: list[str] = field(default_factory=list)

    @property
    def forge(self) -> Forge:
        return Forge(self.authority, SKILL_ID, self.now)

    def send(self, sent: Sent) -> TestResponse:
        return self.client.open("/", method=sent.method, data=sent.body, headers=dict(sent.headers))


@pytest.fixture(scope="module")
def authority() -> Authority:
    return make_authority(_NOW)


@pytest.fixture
def front(runtime: Runtime, authority: Authority) -> Front:
    return _front(runtime, authority)


@pytest.fixture(scope="module")
def steady_front(runtime: Runtime, authority: Authority) -> Front:
    """For tests with many examples, none of which changes it."""
    return _front(runtime, authority)


def _front(runtime: Runtime, authority: Authority, *later: Authority) -> Front:
    roots = Store(roots_in(b"".join(trusted.root for trusted in (authority, *later))))

    def fetch(address: str) -> bytes:
        made.fetched.append(address)
        name = address.rpartition("/")[2].removesuffix(".pem")
        if name not in made.authority.chains:
            raise RefusedError("no-chain", "there is none")
        return made.authority.chains[name]

    chains = Chains(fetch, lambda pem, now: read_chain(pem, roots, now), waiting=6)
    gate = AlexaGate(chains, frozenset([SKILL_ID]), lambda: made.now)
    made = Front(authority, create_app(runtime.skill, gate).test_client())
    return made


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.about}: {case.name[:60]}")
def test_every_case_of_the_probe_gets_what_it_must(steady_front: Front, case: Case) -> None:
    response = steady_front.send(case.make(steady_front.forge))
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
def test_a_request_is_in_time_up_to_the_very_second(
    steady_front: Front, kind: str, seconds: int, status: int
) -> None:
    forge = steady_front.forge
    late = forge.envelope({"type": kind}, timedelta(seconds=seconds))
    assert steady_front.send(forge.signed(late)).status_code == status


@pytest.mark.parametrize(
    ("address", "asked_for"),
    [
        ("HTTPS://S3.amazonaws.COM:443/echo.api/x.pem", "/echo.api/x.pem"),
        ("https://s3.amazonaws.com/a/../echo.api/./b//x.pem#y", "/echo.api/b/x.pem"),
    ],
)
def test_a_chain_is_fetched_from_the_normalised_address(
    front: Front, address: str, asked_for: str
) -> None:
    front.send(front.forge.signed(address=address))
    assert front.fetched == [f"https://s3.amazonaws.com{asked_for}"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda forge: forge.signed(address="https://example.com/echo.api/good.pem"),
        lambda forge: forge.signed().with_header(SIGNATURE_HEADER, None),
        lambda forge: forge.signed().with_header(SIGNATURE_HEADER, "AAAA"),
    ],
)
def test_rubbish_makes_nobody_fetch_a_chain(front: Front, spoil: Callable[[Forge], Sent]) -> None:
    assert front.send(spoil(front.forge)).status_code == 400
    assert front.fetched == []


def test_a_chain_is_fetched_once_and_again_when_it_ended(front: Front) -> None:
    for _ in range(3):
        assert front.send(front.forge.signed()).status_code == 200
    assert len(front.fetched) == 1
    front.now = _NOW + 31 * _DAY
    assert front.send(front.forge.signed()).status_code == 400
    assert len(front.fetched) == 2


def test_another_chain_from_another_root_takes_over_when_the_first_has_ended(
    runtime: Runtime, authority: Authority
) -> None:
    second = make_authority(_NOW + 25 * _DAY)
    front = _front(runtime, authority, second)
    assert front.send(front.forge.signed()).status_code == 200
    front.authority, front.now = second, _NOW + 29 * _DAY
    assert front.send(front.forge.signed()).status_code == 400, "the first chain is still kept"
    front.now = _NOW + 31 * _DAY
    assert front.send(front.forge.signed()).status_code == 200
    assert len(front.fetched) == 2


@pytest.mark.parametrize("name", TRUSTED)
def test_the_roots_of_the_world_know_nothing_of_the_test_authority(
    authority: Authority, name: str
) -> None:
    with pytest.raises(RefusedError, match="vouch"):
        read_chain(authority.chains[name], trusted_roots(), _NOW)


def test_the_adapter_is_imported_and_leaves_no_stand_in_behind() -> None:
    assert SkillAdapter.__module__ == "flask_ask_sdk.skill_adapter"
    assert "certvalidator" not in sys.modules


def test_to_a_stand_in_no_certificate_is_ever_valid() -> None:
    with pytest.raises(ValidationError):
        CertificateValidator(b"", []).validate_usage({"digital_signature"})


_HEADER = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=80)


@given(body=st.binary(max_size=200), address=_HEADER, signature=_HEADER)
def test_no_bytes_and_no_headers_get_in(
    steady_front: Front, body: bytes, address: str, signature: str
) -> None:
    headers = {CHAIN_HEADER: address, SIGNATURE_HEADER: signature}
    assert steady_front.send(Sent(body, headers)).status_code == 400


@given(data=st.data())
@examples(max_examples=200)
def test_a_good_request_with_any_byte_changed_stays_out(
    steady_front: Front, data: st.DataObject
) -> None:
    sent = steady_front.forge.signed()
    body = bytearray(sent.body)
    at = data.draw(st.integers(0, len(body) - 1))
    body[at] ^= data.draw(st.integers(1, 255))
    assert steady_front.send(Sent(bytes(body), sent.headers)).status_code == 400


@given(body=st.binary(max_size=300))
def test_signed_bytes_that_are_no_envelope_stay_out(steady_front: Front, body: bytes) -> None:
    assert steady_front.send(steady_front.forge.signed(body or b" ")).status_code == 400


_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=10,
)


@given(request=st.dictionaries(st.text(max_size=8), _ANY, max_size=4), more=_ANY)
def test_whatever_alexa_signs_for_us_is_answered(
    steady_front: Front, request: dict[str, object], more: object
) -> None:
    made = steady_front.forge.envelope()
    envelope = {**made, "new": more, "request": {**request, "timestamp": _stamp(made)}}
    response = steady_front.send(steady_front.forge.signed(dump(envelope)))
    assert response.status_code == 200
    assert response.get_json()["version"] == "1.0"


@given(kind=st.sampled_from(["IntentRequest", "SessionEndedRequest"]), odd=_ANY)
def test_any_timestamp_and_any_id_is_told_apart_cleanly(
    steady_front: Front, kind: str, odd: object
) -> None:
    envelope = steady_front.forge.envelope({"type": kind, "timestamp": odd})
    assert steady_front.send(steady_front.forge.signed(envelope)).status_code == 400
    envelope = {**steady_front.forge.envelope(), "session": {"application": odd}}
    assert steady_front.send(steady_front.forge.signed(envelope)).status_code == 400


def _stamp(envelope: dict[str, object]) -> object:
    request = envelope["request"]
    return request["timestamp"] if isinstance(request, dict) else None
