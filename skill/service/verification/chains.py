"""Certificate chains: the trusted roots, and the signer that a chain vouches for."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import certifi
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509 import (
    Certificate,
    DNSName,
    load_pem_x509_certificate,
    load_pem_x509_certificates,
)
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from skill.errors import AskableError, RefusedError

SIGNER_NAME = "echo-api.amazon.com"
_LONGEST_CHAIN = 10  # certificates; Amazon sends four or five
_BLOCK = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


@dataclass(frozen=True)
class Signer:
    """The public key that may sign for Alexa, and when its certificate chain is valid."""

    key: RSAPublicKey
    not_before: datetime
    not_after: datetime


def read_chain(pem: bytes, roots: Store, now: datetime) -> Signer:
    """The signer that a chain vouches for.

    Args:
        pem: The leaf certificate first, then the others in any order, with or without the root.
        roots: The root certificates that the chain may end in.
        now: The time at which the chain must be valid.

    Raises:
        RefusedError: The chain is malformed, or does not lead from a root to the signer's name.
    """
    try:
        leaf, *rest = load_pem_x509_certificates(pem)
    except ValueError as error:
        raise RefusedError("chain", "certificate chain: is not PEM") from error
    if len(rest) >= _LONGEST_CHAIN:
        raise RefusedError("chain", "certificate chain: is too long")
    try:
        policy = PolicyBuilder().store(roots).time(now)
        trusted = policy.build_server_verifier(DNSName(SIGNER_NAME)).verify(leaf, rest)
    except (VerificationError, ValueError) as error:
        message = f"certificate chain: does not vouch for {SIGNER_NAME}"
        raise RefusedError("chain", message) from error
    key = leaf.public_key()
    if not isinstance(key, RSAPublicKey):
        raise RefusedError("chain", "certificate chain: its key is not RSA")
    return Signer(
        key,
        max(certificate.not_valid_before_utc for certificate in trusted),
        min(certificate.not_valid_after_utc for certificate in trusted),
    )


def trusted_roots(path: Path | None = None) -> Store:
    """The root certificates in a PEM file; certifi's, if omitted."""
    file = path or Path(certifi.where())
    try:
        roots = roots_in(file.read_bytes())
    except OSError as error:
        raise AskableError(f"{file}: cannot be read ({error.strerror}); install it") from error
    if not roots:
        raise AskableError(f"{file}: holds no root certificate; give one in PEM")
    return Store(roots)


def roots_in(pem: bytes) -> list[Certificate]:
    """Every root certificate in PEM text that `cryptography` can read."""
    return [root for block in _BLOCK.findall(pem) for root in _root(block)]


def _root(block: bytes) -> list[Certificate]:
    """One root, or none if `cryptography` rejects it: the others must stay usable."""
    with warnings.catch_warnings():
        # One of certifi's roots has a serial number of 0, which a later `cryptography` will refuse.
        warnings.simplefilter("ignore", CryptographyDeprecationWarning)
        try:
            return [load_pem_x509_certificate(block)]
        except ValueError:
            return []
