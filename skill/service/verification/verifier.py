"""Is this request really from Alexa, for us, and of now? Pure; every rule raises its refusal.

The rules are Amazon's, https://developer.amazon.com/en-US/docs/alexa/custom-skills/ +
host-a-custom-skill-as-a-web-service.html; nothing is parsed before its signature is verified.
"""

from __future__ import annotations

import base64
import binascii
import json
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Protocol
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509 import DNSName, load_pem_x509_certificates
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from skill.errors import RefusedError

SIGNER = "echo-api.amazon.com"
CHAIN_HEADER = "SignatureCertChainUrl"
SIGNATURE_HEADER = "Signature-256"
TOLERANCE = timedelta(seconds=150)
EVENT_TOLERANCE = timedelta(hours=1)
EVENTS = "AlexaSkillEvent."
_HOST = "s3.amazonaws.com"
_FOLDER = "/echo.api/"
_ADDRESS = re.compile(r"[\x21-\x7e]{1,1024}")
# Whatever needs escaping could mean another path to the host than to us.
_PATH = re.compile(r"[A-Za-z0-9._~/-]+")
_SIGNATURE_SIZES = range(256, 1025)  # bytes: RSA from 2,048 to 8,192 bits
_LONGEST_CHAIN = 10  # certificates; Amazon sends four or five


class Headers(Protocol):
    """A request's headers, whatever case their names are in."""

    def get(self, key: str, /) -> str | None:
        """What a header says, if it is there."""


@dataclass(frozen=True)
class Signer:
    """Who may sign for Alexa, as a verified chain tells it, and from when until when."""

    key: RSAPublicKey
    begins: datetime
    ends: datetime


def chain_address(headers: Headers) -> str:
    """The normalised address of the certificate chain, if it is one of Amazon's."""
    given = headers.get(CHAIN_HEADER)
    if not given:
        raise RefusedError("no-chain-address", f"{CHAIN_HEADER}: is missing")
    address = _normalised(given)
    if address is None:
        raise RefusedError("chain-address", f"{CHAIN_HEADER}: is not an address of Amazon's")
    return address


def signature(headers: Headers) -> bytes:
    """The signature that a request bears, if it could be one at all."""
    given = headers.get(SIGNATURE_HEADER)
    if not given:
        raise RefusedError("no-signature", f"{SIGNATURE_HEADER}: is missing")
    try:
        decoded = base64.b64decode(given, validate=True)
    except (binascii.Error, ValueError) as error:
        raise RefusedError("signature", f"{SIGNATURE_HEADER}: is not base64") from error
    if len(decoded) not in _SIGNATURE_SIZES:
        raise RefusedError("signature", f"{SIGNATURE_HEADER}: is no RSA signature")
    return decoded


def read_chain(pem: bytes, roots: Store, now: datetime) -> Signer:
    """The signer whom a chain vouches for: leaf first, the rest in any order, root or not."""
    try:
        leaf, *rest = load_pem_x509_certificates(pem)
    except ValueError as error:
        raise RefusedError("chain", "certificate chain: is not PEM") from error
    if len(rest) >= _LONGEST_CHAIN:
        raise RefusedError("chain", "certificate chain: is too long")
    try:
        policy = PolicyBuilder().store(roots).time(now)
        trusted = policy.build_server_verifier(DNSName(SIGNER)).verify(leaf, rest)
    except (VerificationError, ValueError) as error:
        raise RefusedError("chain", f"certificate chain: does not vouch for {SIGNER}") from error
    key = leaf.public_key()
    if not isinstance(key, RSAPublicKey):
        raise RefusedError("chain", "certificate chain: its key is not RSA")
    return Signer(
        key,
        max(certificate.not_valid_before_utc for certificate in trusted),
        min(certificate.not_valid_after_utc for certificate in trusted),
    )


def check_signature(body: bytes, signed: bytes, signer: Signer, now: datetime) -> None:
    """Whether `signer` signed exactly these bytes, and may do so now."""
    if not signer.begins <= now <= signer.ends:
        raise RefusedError("chain", "certificate chain: is not valid now")
    try:
        signer.key.verify(signed, body, PKCS1v15(), SHA256())
    except InvalidSignature as error:
        raise RefusedError("signature", f"{SIGNATURE_HEADER}: is not of this body") from error


def read_envelope(body: bytes) -> Mapping[str, Any]:
    """The envelope in a body, which must be a JSON object."""
    try:
        envelope = json.loads(body.decode())
    except (ValueError, RecursionError) as error:
        raise RefusedError("body", "body: is not JSON") from error
    if not isinstance(envelope, dict):
        raise RefusedError("body", "body: is no request envelope")
    return envelope


def check_timestamp(envelope: Mapping[str, Any], now: datetime) -> None:
    """Whether the request is of now; events of the skill may be an hour late."""
    request = _mapping(envelope.get("request"))
    kind = request.get("type")
    given = request.get("timestamp")
    try:
        made = datetime.fromisoformat(given if isinstance(given, str) else "")
        away = abs(now - made.astimezone(UTC)) if made.tzinfo else None
    except (ValueError, OverflowError):
        away = None
    is_event = isinstance(kind, str) and kind.startswith(EVENTS)
    if away is None or away > (EVENT_TOLERANCE if is_event else TOLERANCE):
        raise RefusedError("timestamp", "request.timestamp: is missing, too old or too new")


def check_skill_id(envelope: Mapping[str, Any], ours: frozenset[str]) -> None:
    """Whether the request is for a skill of ours; wherever it names one, it must be ours."""
    system = _mapping(_mapping(envelope.get("context")).get("System"))
    places = (system, _mapping(envelope.get("session")))
    named = [_mapping(place["application"]) for place in places if "application" in place]
    ids = [application.get("applicationId") for application in named]
    if not ids or not all(isinstance(name, str) and name in ours for name in ids):
        raise RefusedError("skill-id", "applicationId: is not of a skill served here")


# Amazon names the same address for months.
@lru_cache(maxsize=64)
def _normalised(given: str) -> str | None:
    """The address without its variants, or nothing where the rules do not allow it."""
    if not _ADDRESS.fullmatch(given):
        return None
    try:
        parts = urlsplit(given)
        port = parts.port
    except ValueError:
        return None
    path = posixpath.normpath(re.sub("/+", "/", parts.path))
    allowed = (
        parts.scheme == "https"  # urlsplit lowers it, and hostname too
        and parts.hostname == _HOST
        and "@" not in parts.netloc
        and port in (None, 443)
        and not parts.query
        and path.startswith(_FOLDER)
        and _PATH.fullmatch(path)
    )
    return f"https://{_HOST}{path}" if allowed else None


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
