"""Signed requests as Alexa sends them, and with one thing wrong."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256, HashAlgorithm

from skill.alexa import IntentMatch, RequestContext, Session, intent_request
from skill.service.verification import CHAIN_HEADER, SIGNATURE_HEADER
from skill.tools.probe.authority import ProbeAuthority, address_of

_JSON = "application/json;charset=utf-8"


@dataclass(frozen=True)
class ProbeRequest:
    """An HTTP request to the endpoint."""

    body: bytes
    headers: Mapping[str, str]
    method: str = "POST"

    def with_header(self, name: str, value: str | None) -> ProbeRequest:
        """Return the same request with another value of a header, or without the header."""
        headers = {known: given for known, given in self.headers.items() if known != name}
        return replace(self, headers=headers if value is None else {**headers, name: value})


@dataclass(frozen=True)
class RequestSigner:
    """Makes and signs requests for one skill at one time."""

    authority: ProbeAuthority
    skill_id: str
    now: datetime

    def envelope(
        self, request: Mapping[str, object] | None = None, late: timedelta = timedelta()
    ) -> dict[str, object]:
        """Return a request for help, made `late` ago, with the fields of `request` replaced."""
        made = (self.now - late).strftime("%Y-%m-%dT%H:%M:%SZ")
        asked = IntentMatch("AMAZON.HelpIntent", (), "exact", 1.0)
        session = Session("amzn1.echo-api.session.askable-probe")
        context = RequestContext("amzn1.echo-api.request.askable-probe", made, "en-US")
        envelope: dict[str, Any] = intent_request(asked, session, context, self.skill_id)
        return {**envelope, "request": {**envelope["request"], **(request or {})}}

    def signed(
        self,
        content: object = None,
        chain: str = "good",
        address: str | None = None,
        key: RSAPrivateKey | None = None,
        algorithm: HashAlgorithm | None = None,
    ) -> ProbeRequest:
        """Return a signed request, valid unless an argument makes it invalid.

        Args:
            content: The body, as bytes or as an envelope; a request for help, if omitted.
            chain: The name of the certificate chain.
            address: The chain's address, in place of the authority's.
            key: Signs in place of the leaf's key.
            algorithm: The hash algorithm of the signature, in place of SHA-256.
        """
        body = content if isinstance(content, bytes) else dump(content or self.envelope())
        signature = (key or self.authority.leaf_key).sign(body, PKCS1v15(), algorithm or SHA256())
        return ProbeRequest(
            body,
            {
                "Content-Type": _JSON,
                CHAIN_HEADER: address_of(chain) if address is None else address,
                SIGNATURE_HEADER: base64.b64encode(signature).decode(),
            },
        )


def dump(envelope: object) -> bytes:
    """Return the bytes of a body that holds an envelope."""
    return json.dumps(envelope).encode()
