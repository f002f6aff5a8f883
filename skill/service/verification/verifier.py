"""The rules by which a request is verified.

The rules are Amazon's:
https://developer.amazon.com/en-US/docs/alexa/custom-skills/host-a-custom-skill-as-a-web-service.html
Nothing is parsed before its signature is verified.
"""

from __future__ import annotations

import base64
import binascii
import json
import posixpath
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from skill.errors import RefusedError
from skill.service.verification.chains import Signer
from skill.service.verification.signer_cache import SignerCache

CHAIN_HEADER = "SignatureCertChainUrl"
SIGNATURE_HEADER = "Signature-256"
_TOLERANCE = timedelta(seconds=150)
_EVENT_TOLERANCE = timedelta(hours=1)
_EVENTS = "AlexaSkillEvent."
_HOST = "s3.amazonaws.com"
_FOLDER = "/echo.api/"
_ADDRESS = re.compile(r"[\x21-\x7e]{1,1024}")
# A character that needs escaping could mean another path to the certificate host than to us.
_PATH = re.compile(r"[A-Za-z0-9._~/-]+")
_SIGNATURE_SIZES = range(256, 1025)  # bytes: RSA from 2,048 to 8,192 bits


class Headers(Protocol):
    """A request's headers; names are not case-sensitive."""

    def get(self, key: str, /) -> str | None:
        """The value of a header, if the request has it."""


# Takes a request's headers and raw body; raises RefusedError unless the request is accepted.
Verify = Callable[[Headers, bytes], None]


class RequestVerifier:
    """Accepts what Alexa signed for one of our skills just now.

    Args:
        signers: Where signers are found by the address of their certificate chain.
        skill_ids: The ids of the skills that are served.
        clock: Returns the current time.
    """

    def __init__(
        self, signers: SignerCache, skill_ids: frozenset[str], clock: Callable[[], datetime]
    ) -> None:
        self._signers = signers
        self._skill_ids = skill_ids
        self._clock = clock

    def verify(self, headers: Headers, body: bytes) -> None:
        """Raise RefusedError with the first rule that the request breaks."""
        # The cheap checks come first, so that a malformed request doesn't make us fetch a chain.
        signature = _signature(headers)
        address = chain_address(headers)
        now = self._clock()
        _check_signature(body, signature, self._signers.signer(address, now), now)
        envelope = _envelope(body)
        _check_timestamp(envelope, now)
        _check_skill_id(envelope, self._skill_ids)


def accept_unverified(_: Headers, body: bytes) -> None:
    """Accept every request envelope: for trying the service out on one machine."""
    _envelope(body)


def chain_address(headers: Headers) -> str:
    """The normalised address of the certificate chain; raises RefusedError if not Amazon's."""
    given = headers.get(CHAIN_HEADER)
    if not given:
        raise RefusedError("no-chain-address", f"{CHAIN_HEADER}: is missing")
    address = _normalised(given)
    if address is None:
        raise RefusedError("chain-address", f"{CHAIN_HEADER}: is not an address of Amazon's")
    return address


def _signature(headers: Headers) -> bytes:
    given = headers.get(SIGNATURE_HEADER)
    if not given:
        raise RefusedError("no-signature", f"{SIGNATURE_HEADER}: is missing")
    try:
        decoded = base64.b64decode(given, validate=True)
    except (binascii.Error, ValueError) as error:
        raise RefusedError("signature", f"{SIGNATURE_HEADER}: is not base64") from error
    if len(decoded) not in _SIGNATURE_SIZES:
        raise RefusedError("signature", f"{SIGNATURE_HEADER}: is not an RSA signature")
    return decoded


def _check_signature(body: bytes, signature: bytes, signer: Signer, now: datetime) -> None:
    if not signer.not_before <= now <= signer.not_after:
        raise RefusedError("chain", "certificate chain: is not valid now")
    try:
        signer.key.verify(signature, body, PKCS1v15(), SHA256())
    except InvalidSignature as error:
        raise RefusedError("signature", f"{SIGNATURE_HEADER}: does not sign this body") from error


def _envelope(body: bytes) -> Mapping[str, Any]:
    try:
        envelope = json.loads(body.decode())
    except (ValueError, RecursionError) as error:
        raise RefusedError("body", "body: is not JSON") from error
    if not isinstance(envelope, dict):
        raise RefusedError("body", "body: is not a request envelope")
    return envelope


def _check_timestamp(envelope: Mapping[str, Any], now: datetime) -> None:
    request = _mapping(envelope.get("request"))
    kind = request.get("type")
    given = request.get("timestamp")
    try:
        made = datetime.fromisoformat(given if isinstance(given, str) else "")
        away = abs(now - made.astimezone(UTC)) if made.tzinfo else None
    except (ValueError, OverflowError):
        away = None
    is_event = isinstance(kind, str) and kind.startswith(_EVENTS)
    if away is None or away > (_EVENT_TOLERANCE if is_event else _TOLERANCE):
        raise RefusedError("timestamp", "request.timestamp: is missing, too old or too new")


def _check_skill_id(envelope: Mapping[str, Any], skill_ids: frozenset[str]) -> None:
    """Check every skill id in the envelope; there must be one at least."""
    system = _mapping(_mapping(envelope.get("context")).get("System"))
    places = (system, _mapping(envelope.get("session")))
    named = [_mapping(place["application"]) for place in places if "application" in place]
    ids = [application.get("applicationId") for application in named]
    if not ids or not all(isinstance(name, str) and name in skill_ids for name in ids):
        raise RefusedError("skill-id", "applicationId: is not the id of a skill that is served")


def _normalised(given: str) -> str | None:
    """The address in its normal form; nothing where the rules do not allow it."""
    if not _ADDRESS.fullmatch(given):
        return None
    try:
        parts = urlsplit(given)
        port = parts.port
    except ValueError:
        return None
    path = posixpath.normpath(re.sub("/+", "/", parts.path))
    allowed = (
        parts.scheme == "https"  # urlsplit makes it lower case, and hostname too
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
