"""The table of cases: what is sent to an endpoint, and what it must do with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Literal

from cryptography.hazmat.primitives.hashes import SHA1

from skill.service.verification import CHAIN_HEADER, SIGNATURE_HEADER
from skill.tools.probe.authority import TOO_LARGE, TRUSTED, UNTRUSTED, address_of
from skill.tools.probe.requests import ProbeRequest, RequestSigner, dump

# "either": Amazon has no rule, so any clean response is right.
Must = Literal["accept", "refuse", "either"]
Make = Callable[[RequestSigner], ProbeRequest]


@dataclass(frozen=True)
class Case:
    """One request to send."""

    about: str
    name: str
    must: Must
    make: Make


_AMAZON = "https://s3.amazonaws.com"
_FILE = address_of("good").removeprefix(_AMAZON)
_ADDRESSES: dict[Must, tuple[str, ...]] = {
    "accept": (
        f"https://s3.amazonaws.com:443{_FILE}",
        f"HTTPS://S3.AmazonAWS.com{_FILE}",
        f"{_AMAZON}/echo.api/../echo.api/askable-probe/good.pem",
        f"{_AMAZON}/echo.api//askable-probe/./good.pem",
        f"{_AMAZON}{_FILE}#fragment",
    ),
    "refuse": (
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
    ),
    # The rules allow these addresses, but Amazon never sends them.
    "either": (
        f"https://example.com@s3.amazonaws.com{_FILE}",
        f"https://s3.amazonaws.com{_FILE}?versionId=1",
        f"{_AMAZON}/echo.api/%2e%2e/invalid.path/good.pem",
    ),
}
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
_OTHER_TYPES = {
    "as plain text": "text/plain",
    "as a form": "application/x-www-form-urlencoded",
    "as a broken type": "application/json; charset=\x00",
}
_OTHER = "amzn1.ask.skill.00000000-0000-0000-0000-000000000000"


def cases() -> tuple[Case, ...]:
    """All cases, in the order in which they are sent."""
    return (*_chains(), *_addresses(), *_signatures(), *_times(), *_ids(), *_bodies())


def _chains() -> Iterator[Case]:
    def chain(name: str, must: Must, chain: str = "") -> Case:
        return Case("chain", name, must, partial(RequestSigner.signed, chain=chain or name))

    for name in TRUSTED:
        yield chain(name, "accept")
    for name in UNTRUSTED:
        yield chain(name, "refuse")
    yield chain("not there", "refuse", "absent")
    yield chain(TOO_LARGE, "either")


def _addresses() -> Iterator[Case]:
    for must, addresses in _ADDRESSES.items():
        for address in addresses:
            yield Case("address", address, must, partial(RequestSigner.signed, address=address))
    yield Case("address", "missing", "refuse", _with_header(CHAIN_HEADER, None))


def _signatures() -> Iterator[Case]:
    def refuse(name: str, make: Make) -> Case:
        return Case("signature", name, "refuse", make)

    def changed(signer: RequestSigner) -> ProbeRequest:
        request = signer.signed()
        return replace(request, body=request.body.replace(b"Help", b"Stop"))

    def respaced(signer: RequestSigner) -> ProbeRequest:
        request = signer.signed()
        return replace(request, body=request.body + b" ")

    def old_header(signer: RequestSigner) -> ProbeRequest:
        request = signer.signed(algorithm=SHA1())
        old = request.headers[SIGNATURE_HEADER]
        return request.with_header(SIGNATURE_HEADER, None).with_header("Signature", old)

    yield refuse("missing", _with_header(SIGNATURE_HEADER, None))
    for name, value in _BAD_SIGNATURES.items():
        yield refuse(name, _with_header(SIGNATURE_HEADER, value))
    yield refuse("of another key", lambda signer: signer.signed(key=signer.authority.other_key))
    yield refuse("of another body", changed)
    yield refuse("of a body without its last space", respaced)
    yield refuse("SHA-1", lambda signer: signer.signed(algorithm=SHA1()))
    yield refuse("SHA-1 in the old header", old_header)


def _times() -> Iterator[Case]:
    def late(signer: RequestSigner, seconds: int, kind: str) -> ProbeRequest:
        return signer.signed(signer.envelope({"type": kind}, timedelta(seconds=seconds)))

    def stamped(signer: RequestSigner, value: object) -> ProbeRequest:
        return signer.signed(signer.envelope({"timestamp": value}))

    for name, seconds, kind, must in _TIMES:
        yield Case("timestamp", name, must, partial(late, seconds=seconds, kind=kind))
    for value in _BAD_TIMESTAMPS:
        yield Case("timestamp", repr(value), "refuse", partial(stamped, value=value))


def _ids() -> Iterator[Case]:
    def other(signer: RequestSigner) -> ProbeRequest:
        return signer.signed(replace(signer, skill_id=_OTHER).envelope())

    def two(signer: RequestSigner) -> ProbeRequest:
        theirs = replace(signer, skill_id=_OTHER).envelope()
        return signer.signed({**signer.envelope(), "context": theirs["context"]})

    def none(signer: RequestSigner) -> ProbeRequest:
        return signer.signed({**signer.envelope(), "context": {}, "session": {}})

    yield Case("skill id", "another skill's", "refuse", other)
    yield Case("skill id", "ours and another's", "either", two)
    yield Case("skill id", "missing", "refuse", none)


def _bodies() -> Iterator[Case]:
    def unknown(signer: RequestSigner) -> ProbeRequest:
        return signer.signed({**signer.envelope({"type": "Unheard.Of", "x": {}}), "news": [1, {}]})

    def padded(signer: RequestSigner) -> ProbeRequest:
        return signer.signed(dump(signer.envelope()) + b" " * 1_000_000)

    for name, content in _BAD_BODIES.items():
        yield Case("body", name, "refuse", partial(RequestSigner.signed, content=content))
    yield Case("body", "unsigned", "refuse", lambda s: ProbeRequest(dump(s.envelope()), {}))
    yield Case("body", "GET", "refuse", lambda s: replace(s.signed(), body=b"", method="GET"))
    yield Case("body", "unknown request and fields", "accept", unknown)
    yield Case("body", "1 MB", "either", padded)
    for name, kind in _OTHER_TYPES.items():
        yield Case("body", name, "either", _with_header("Content-Type", kind))


def _with_header(name: str, value: str | None) -> Make:
    return lambda signer: signer.signed().with_header(name, value)
