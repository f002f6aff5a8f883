"""Verifies that a request comes from Alexa."""

from skill.service.verification.chains import (
    SIGNER_NAME,
    Signer,
    read_chain,
    roots_in,
    trusted_roots,
)
from skill.service.verification.signer_cache import ChainDownload, Fetch, SignerCache
from skill.service.verification.verifier import (
    CHAIN_HEADER,
    SIGNATURE_HEADER,
    Headers,
    RequestVerifier,
    Verify,
    accept_unverified,
    chain_address,
)

__all__ = [
    "CHAIN_HEADER",
    "SIGNATURE_HEADER",
    "SIGNER_NAME",
    "ChainDownload",
    "Fetch",
    "Headers",
    "RequestVerifier",
    "Signer",
    "SignerCache",
    "Verify",
    "accept_unverified",
    "chain_address",
    "read_chain",
    "roots_in",
    "trusted_roots",
]
