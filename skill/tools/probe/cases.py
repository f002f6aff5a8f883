"""The table of cases: what is sent to an endpoint, and what it must do with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from cryptography.hazmat.primitives.hashes import SHA1

from skill.service.verification import CHAIN_HEADER, SIGNATURE_HEADER
from skill.tools.probe.authority import TOO_LARGE, TRUSTED, UNTRUSTED, address_of
from skill.tools.probe.requests import ProbeRequest, RequestSigner, dump

# "either": Amazon has no rule, so any clean response is right.
Must = Literal["accept", "refuse", "either"]


@dataclass(frozen=True)
class Case:
    """One request to send."""

    about: str
    name: str
    must: Must
    make: Callable[[RequestSigner], ProbeRequest]


_AMAZON = "https://s3.amazonaws.com"
_FILE = address_of("good").removeprefix(_AMAZON)
_GOOD_ADDRESSES = (
    f"https://s3.amazonaws.com:443{_FILE}",
    f"HTTPS://S3.AmazonAWS.com{_FILE}",
    f"{_AMAZON}/echo.api/../echo.api/askable-probe/good.pem",
    f"{_AMAZON}/echo.api//askable-probe/./good.pem",
    f"{_AMAZON}{_FILE}#fragment",
)
_BAD_ADDRESSES = (
    f"http://s3.amazonaws.com{_FILE}",
    f"https://notamazon.com{_FILE}",
    f"https://s3.amazonaws.com.example.com{_FILE}",
    f"https://s3.amazonaws.com@example.com{_FILE}",
    f"https://s3.amazonaws.com:563{_FILE}",
    f"https://s3.amazonaws.com:port{_FILE}",
    f"{_AMAZON}/EcHo.aPi/askable-probe/good.pem",
    f"{_AMAZON}/invalid.path/echo.api/good.pem",
    f"{_AMAZON}/echo.api/../invalid.path/good.pem",
    f"{_AMAZON}/echo.api\\..\\invalid.path\\good.pem",
    f"{_AMAZON}/echo.apis/good.pem",
    f"{_AMAZON}/echo.api",
    f"{_AMAZON}",
    f"//s3.amazonaws.com{_FILE}",
    "file:///etc/ssl/cert.pem",
    "ftp://s3.amazonaws.com/echo.api/good.pem",
    "https://[::1/echo.api/good.pem",
    "not an address",
    f"https://s3.amazonaws.com{_FILE},https://s3.amazonaws.com{_FILE}",
    "https://s3.amazonaws.com/echo.api/" + "a" * 3000,
)
# The rules allow these addresses, but Amazon never sends them.
_ODD_ADDRESSES = (
    f"https://example.com@s3.amazonaws.com{_FILE}",
    f"https://s3.amazonaws.com{_FILE}?versionId=1",
    f"{_AMAZON}/echo.api/%2e%2e/invalid.path/good.pem",
)
_BAD_SIGNATURES = {
    "not base64": "*** no base64 ***",
    "empty": "",
    "too short": "AAAA",
    "zeros": "A" * 342 + "==",
    "not ASCII": "sign\xe4ture",
}
# Name, seconds since the request was made, request type, and what the endpoint must do.
_TIMES: tuple[tuple[str, int, str, Must], ...] = (
    ("two minutes old", 120, "IntentRequest", "accept"),
    ("160 s old", 160, "IntentRequest", "refuse"),
    ("an hour old", 3_600, "IntentRequest", "refuse"),
    ("a year old", 31_536_000, "IntentRequest", "refuse"),
    ("160 s ahead", -160, "IntentRequest", "refuse"),
    ("event 50 minutes old", 3_000, "AlexaSkillEvent.SkillDisabled", "accept"),
    ("event 70 minutes old", 4_200, "AlexaSkillEvent.SkillDisabled", "refuse"),
)
_BAD_TIMESTAMPS: tuple[object, ...] = ("", "yesterday", None, 0, 1e300, [], "9999-99-99T99:99:99Z")
_BAD_BODIES = {
    "empty": b" ",
    "malformed JSON": b'{"version": "1.0", "request": ',
    "not UTF-8": b'{"version": "\xff\xfe"}',
    "UTF-16": '{"version": "1.0"}'.encode("utf-16"),
    "null": b"null",
    "a list": b"[]",
    "a number of 10,000 digits": b'{"version": ' + b"9" * 10_000 + b"}",
    "100,000 lists in each other": b"[" * 100_000 + b"]" * 100_000,
    "20,000 objects in each other": b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
    "an object of nothing": b"{}",
    "a request that is a list": b'{"request": [], "context": [], "session": []}',
}
_OTHER = "amzn1.ask.skill.00000000-0000-0000-0000-000000000000"


def cases() -> tuple[Case, ...]:
    """All cases, in the order in which they are sent."""
    return (*_certificates(), *_addresses(), *_signatures(), *_times(), *_ids(), *_bodies())


def _certificates() -> list[Case]:
    trusted = [Case("chain", name, "accept", _chain(name)) for name in TRUSTED]
    untrusted = [Case("chain", name, "refuse", _chain(name)) for name in UNTRUSTED]
    absent = Case("chain", "not there", "refuse", _chain("absent"))
    return [*trusted, *untrusted, absent, Case("chain", TOO_LARGE, "either", _chain(TOO_LARGE))]


def _addresses() -> list[Case]:
    def at(address: str) -> Callable[[RequestSigner], ProbeRequest]:
        return lambda signer: signer.signed(address=address)

    return [
        *(Case("address", address, "accept", at(address)) for address in _GOOD_ADDRESSES),
        *(Case("address", address, "refuse", at(address)) for address in _BAD_ADDRESSES),
        *(Case("address", address, "either", at(address)) for address in _ODD_ADDRESSES),
        Case("address", "missing", "refuse", lambda s: s.signed().with_header(CHAIN_HEADER, None)),
    ]


def _signatures() -> list[Case]:
    def signature(value: str | None) -> Callable[[RequestSigner], ProbeRequest]:
        return lambda signer: signer.signed().with_header(SIGNATURE_HEADER, value)

    def changed(signer: RequestSigner) -> ProbeRequest:
        request = signer.signed()
        return ProbeRequest(request.body.replace(b"Help", b"Stop"), request.headers)

    def respaced(signer: RequestSigner) -> ProbeRequest:
        request = signer.signed()
        return ProbeRequest(request.body + b" ", request.headers)

    def old_header(signer: RequestSigner) -> ProbeRequest:
        request = signer.signed(algorithm=SHA1())
        old = request.headers[SIGNATURE_HEADER]
        return request.with_header(SIGNATURE_HEADER, None).with_header("Signature", old)

    return [
        Case("signature", "missing", "refuse", signature(None)),
        *(Case("signature", n, "refuse", signature(v)) for n, v in _BAD_SIGNATURES.items()),
        Case(
            "signature", "of another key", "refuse", lambda s: s.signed(key=s.authority.other_key)
        ),
        Case("signature", "of another body", "refuse", changed),
        Case("signature", "of a body without its last space", "refuse", respaced),
        Case("signature", "SHA-1", "refuse", lambda s: s.signed(algorithm=SHA1())),
        Case("signature", "SHA-1 in the old header", "refuse", old_header),
    ]


def _times() -> list[Case]:
    def late(seconds: int, kind: str) -> Callable[[RequestSigner], ProbeRequest]:
        return lambda s: s.signed(s.envelope({"type": kind}, timedelta(seconds=seconds)))

    def stamped(value: object) -> Callable[[RequestSigner], ProbeRequest]:
        return lambda signer: signer.signed(signer.envelope({"timestamp": value}))

    return [
        *(
            Case("timestamp", name, must, late(seconds, kind))
            for name, seconds, kind, must in _TIMES
        ),
        *(Case("timestamp", repr(v), "refuse", stamped(v)) for v in _BAD_TIMESTAMPS),
    ]


def _ids() -> list[Case]:
    def other(signer: RequestSigner) -> ProbeRequest:
        return signer.signed(RequestSigner(signer.authority, _OTHER, signer.now).envelope())

    def two(signer: RequestSigner) -> ProbeRequest:
        theirs = RequestSigner(signer.authority, _OTHER, signer.now).envelope()
        return signer.signed({**signer.envelope(), "context": theirs["context"]})

    def none(signer: RequestSigner) -> ProbeRequest:
        return signer.signed({**signer.envelope(), "context": {}, "session": {}})

    return [
        Case("skill id", "another skill's", "refuse", other),
        Case("skill id", "ours and another's", "either", two),
        Case("skill id", "missing", "refuse", none),
    ]


def _bodies() -> list[Case]:
    def body(content: bytes) -> Callable[[RequestSigner], ProbeRequest]:
        return lambda signer: signer.signed(content)

    def unknown(signer: RequestSigner) -> ProbeRequest:
        return signer.signed({**signer.envelope({"type": "Unheard.Of", "x": {}}), "news": [1, {}]})

    def padded(signer: RequestSigner) -> ProbeRequest:
        return signer.signed(dump(signer.envelope()) + b" " * 1_000_000)

    def kind(value: str) -> Callable[[RequestSigner], ProbeRequest]:
        return lambda signer: signer.signed().with_header("Content-Type", value)

    return [
        *(Case("body", name, "refuse", body(content)) for name, content in _BAD_BODIES.items()),
        Case("body", "unsigned", "refuse", lambda s: ProbeRequest(dump(s.envelope()), {})),
        Case("body", "GET", "refuse", lambda s: ProbeRequest(b"", s.signed().headers, "GET")),
        Case("body", "unknown request and fields", "accept", unknown),
        Case("body", "1 MB", "either", padded),
        Case("body", "as plain text", "either", kind("text/plain")),
        Case("body", "as a form", "either", kind("application/x-www-form-urlencoded")),
        Case("body", "as a broken type", "either", kind("application/json; charset=\x00")),
    ]


def _chain(name: str) -> Callable[[RequestSigner], ProbeRequest]:
    return lambda signer: signer.signed(chain=name)
