"""The roots that a certificate chain may end in: those of certifi, or of a file."""

from __future__ import annotations

import re
import ssl
import warnings
from pathlib import Path

import certifi
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509 import Certificate, load_pem_x509_certificate
from cryptography.x509.verification import Store

from skill.errors import AskableError

_BLOCK = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


def trusted_roots(path: Path | None = None) -> Store:
    """The roots in a PEM file; certifi's when none is named."""
    file = path or Path(certifi.where())
    try:
        roots = roots_in(file.read_bytes())
    except OSError as error:
        raise AskableError(f"{file}: cannot be read ({error.strerror}); install it") from error
    if not roots:
        raise AskableError(f"{file}: holds no root certificate; give one in PEM")
    return Store(roots)


def roots_in(pem: bytes) -> list[Certificate]:
    """Every root in PEM that can be read."""
    return [root for block in _BLOCK.findall(pem) for root in _root(block)]


def tls_context() -> ssl.SSLContext:
    """What the certificate host must prove itself by."""
    return ssl.create_default_context(cafile=certifi.where())


def _root(block: bytes) -> list[Certificate]:
    """One root, or none when `cryptography` no longer reads it: the others must stay usable."""
    with warnings.catch_warnings():
        # One of certifi's roots has a serial number of 0, which a later `cryptography` will refuse.
        warnings.simplefilter("ignore", CryptographyDeprecationWarning)
        try:
            return [load_pem_x509_certificate(block)]
        except ValueError:
            return []
