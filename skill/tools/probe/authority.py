"""The test authority: certificate chains that must be trusted, and chains that must not.

Its folder holds a root, the chains that an endpoint fetches, and the keys that requests are signed
with. The endpoint finds `chains/NAME.pem` where it would download Amazon's chain.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from skill.errors import AskableError, RefusedError
from skill.service.verification import SIGNER_NAME

ROOT_FILE = "root.pem"
CHAINS = "chains"
_KEYS = "keys"
_ADDRESS = "https://s3.amazonaws.com/echo.api/askable-probe/"
_CHAIN_ADDRESS = re.compile(re.escape(_ADDRESS) + r"([a-z0-9-]+\.pem)")
_DAY = timedelta(days=1)
# Names of chains; all have the same leaf key, so that only the chain is wrong.
TRUSTED = ("good", "with-root", "any-order", "cross-signed", "expired-extra")
UNTRUSTED = (
    *("wrong-name", "expired", "not-yet-valid", "self-signed", "unknown-root", "signed-by-leaf"),
    *("no-intermediate", "expired-intermediate", "not-pem", "empty"),
)
TOO_LARGE = "too-large"  # the good chain a hundred times; Amazon sets no limit, so both are right


@dataclass(frozen=True)
class ProbeAuthority:
    """What a probe signs with, and the chains that an endpoint fetches."""

    root: bytes
    chains: Mapping[str, bytes]
    leaf_key: rsa.RSAPrivateKey
    other_key: rsa.RSAPrivateKey  # in no certificate

    def write(self, folder: Path) -> None:
        """Write the folder that `askable serve --probe-authority` and `askable probe` read."""
        for name in (CHAINS, _KEYS):
            (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / ROOT_FILE).write_bytes(self.root)
        for name, chain in self.chains.items():
            (folder / CHAINS / f"{name}.pem").write_bytes(chain)
        for name, key in (("leaf", self.leaf_key), ("other", self.other_key)):
            path = folder / _KEYS / f"{name}.pem"
            path.touch(mode=0o600)
            pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            path.write_bytes(pem)


def read_authority(folder: Path) -> ProbeAuthority:
    """Read the folder that `ProbeAuthority.write` wrote."""
    try:
        chains = {path.stem: path.read_bytes() for path in (folder / CHAINS).glob("*.pem")}
        keys = [
            load_pem_private_key((folder / _KEYS / f"{name}.pem").read_bytes(), None)
            for name in ("leaf", "other")
        ]
        root = (folder / ROOT_FILE).read_bytes()
    except (OSError, ValueError) as error:
        raise _no_authority(folder) from error
    leaf, other = keys
    if not isinstance(leaf, rsa.RSAPrivateKey) or not isinstance(other, rsa.RSAPrivateKey):
        raise _no_authority(folder)
    return ProbeAuthority(root, chains, leaf, other)


def address_of(chain: str) -> str:
    """Return the address at which an endpoint finds a chain."""
    return f"{_ADDRESS}{chain}.pem"


def fetch_from(folder: Path) -> Callable[[str], bytes]:
    """Return a function that reads an authority's chains, in place of a download."""
    if not (folder / ROOT_FILE).is_file():
        raise _no_authority(folder)

    def fetch(address: str) -> bytes:
        named = _CHAIN_ADDRESS.fullmatch(address)
        chain = folder / CHAINS / named[1] if named else None
        if chain is None or not chain.is_file():
            raise RefusedError("no-chain", "certificate chain: is not at its address")
        return chain.read_bytes()

    return fetch


def make_authority(now: datetime) -> ProbeAuthority:
    """Make a new authority; its good chains are valid for thirty days."""
    root, middle, lower, rival = (
        _Party(f"Askable probe {name}", ec.generate_private_key(ec.SECP256R1()))
        for name in ("root", "intermediate", "lower intermediate", "rival root")
    )
    leaf_key, other_key = (rsa.generate_private_key(65537, 2048) for _ in range(2))
    signer = _Party(SIGNER_NAME, leaf_key)
    long, past = (now - 10 * _DAY, now + 30 * _DAY), (now - 9 * _DAY, now - _DAY)

    def leaf(
        issuer: _Party, span: tuple[datetime, datetime] = long, name: str = SIGNER_NAME
    ) -> x509.Certificate:
        return _certificate(issuer, signer, span, dns=name)

    root_cert = _certificate(root, root, long)
    middle_cert = _certificate(root, middle, long)
    lower_cert = _certificate(middle, lower, long)
    rival_cert = _certificate(rival, rival, long)
    middle_by_rival = _certificate(rival, middle, long)
    past_middle = _certificate(root, middle, past)
    under_leaf = _certificate(signer, _Party("under a leaf", leaf_key), long, dns=SIGNER_NAME)
    chains = {
        "good": (leaf(middle), middle_cert),
        "with-root": (leaf(middle), middle_cert, root_cert),
        "any-order": (leaf(lower), root_cert, middle_cert, lower_cert),
        "cross-signed": (leaf(rival), _certificate(root, rival, long), rival_cert),
        "expired-extra": (leaf(middle), past_middle, middle_by_rival, middle_cert),
        "wrong-name": (leaf(middle, name="echo-api.example.com"), middle_cert),
        "expired": (leaf(middle, past), middle_cert),
        "not-yet-valid": (leaf(middle, (now + _DAY, now + 30 * _DAY)), middle_cert),
        "self-signed": (leaf(signer),),
        "unknown-root": (leaf(rival), rival_cert),
        "signed-by-leaf": (under_leaf, leaf(middle), middle_cert),
        "no-intermediate": (leaf(middle),),
        "expired-intermediate": (leaf(middle), past_middle),
    }
    served = {name: b"".join(map(_pem, chain)) for name, chain in chains.items()}
    served["not-pem"] = b"<html>not found</html>"
    served["empty"] = b""
    served[TOO_LARGE] = served["good"] * 100
    return ProbeAuthority(_pem(root_cert), served, leaf_key, other_key)


@dataclass(frozen=True)
class _Party:
    """Who issues a certificate, or gets one."""

    common_name: str
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

    @property
    def name(self) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, self.common_name)])


def _no_authority(folder: Path) -> AskableError:
    return AskableError(
        f"{folder}: holds no test authority; make one with `askable probe --make-authority`"
    )


def _certificate(
    issuer: _Party, subject: _Party, span: tuple[datetime, datetime], dns: str = ""
) -> x509.Certificate:
    """Return a certificate for the host `dns`; without one, for a certificate authority."""
    key = subject.key.public_key()
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=bool(dns),
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=not dns,
        crl_sign=not dns,
        encipher_only=False,
        decipher_only=False,
    )
    issuer_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key())
    serial = x509.random_serial_number()
    builder = (
        x509.CertificateBuilder(issuer.name, subject.name, key, serial, *span)
        .add_extension(x509.BasicConstraints(not dns, None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(issuer_key, critical=False)
    )
    if dns:
        names = x509.SubjectAlternativeName([x509.DNSName(dns)])
        purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
        builder = builder.add_extension(names, False).add_extension(purpose, False)
    return builder.sign(issuer.key, SHA256())


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.PEM)
