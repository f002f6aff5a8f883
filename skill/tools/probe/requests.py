"""Requests as Alexa would send them, and with one thing wrong. Pure."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256, HashAlgorithm

from skill.alexa.requests import IntentMatch, RequestContext, Session, intent_request
from skill.service.verification.verifier import CHAIN_HEADER, SIGNATURE_HEADER
from skill.tools.probe.authority import address_of
from skill.tools.probe.certificates import Authority

_JSON = "application/json;charset=utf-8"


@dataclass(frozen=True)
class Sent:
    """A request as it goes over the wire."""

    body: bytes
    headers: Mapping[str, str]
    method: str = "POST"

    def with_header(self, name: str, value: str | None) -> Sent:
        """The same with another header, or without it."""
        headers = {known: said for known, said in self.headers.items() if known != name}
        return replace(self, headers=headers if value is None else {**headers, name: value})


@dataclass(frozen=True)
class Forge:
    """Makes requests for one skill at one time."""

    authority: Authority
    skill_id: str
    now: datetime

    def envelope(
        self, request: Mapping[str, object] | None = None, late: timedelta = timedelta()
    ) -> dict[str, object]:
        """An envelope that asks for help, `late` after it was made, with fields of `request`."""
        made = (self.now - late).strftime("%Y-%m-%dT%H:%M:%SZ")
        asked = IntentMatch("AMAZON.HelpIntent", (), "exact", 1.0)
        session = Session("amzn1.echo-api.session.askable-probe")
        moment = RequestContext("amzn1.echo-api.request.askable-probe", made, "en-US")
        envelope = intent_request(asked, session, moment, self.skill_id)
        changed = {**_mapping(envelope["request"]), **(request or {})}
        return {**envelope, "request": changed}

    def signed(
        self,
        content: object = None,
        chain: str = "good",
        address: str | None = None,
        key: RSAPrivateKey | None = None,
        algorithm: HashAlgorithm | None = None,
    ) -> Sent:
        """A signed request: a body in bytes, or an envelope; a good one unless told otherwise."""
        body = content if isinstance(content, bytes) else dump(content or self.envelope())
        signature = (key or self.authority.leaf_key).sign(body, PKCS1v15(), algorithm or SHA256())
        return Sent(
            body,
            {
                "Content-Type": _JSON,
                CHAIN_HEADER: address_of(chain) if address is None else address,
                SIGNATURE_HEADER: base64.b64encode(signature).decode(),
            },
        )


def dump(envelope: object) -> bytes:
    """An envelope as the bytes of a body."""
    return json.dumps(envelope).encode()


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}
