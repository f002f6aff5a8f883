"""The name under which a store keeps a listener: a keyed hash of the user id."""

from __future__ import annotations

import hashlib

from ask_sdk_model import RequestEnvelope


def user_of(envelope: RequestEnvelope) -> str:
    """The user id in a request; empty if there is none."""
    system = envelope.context.system if envelope.context else None
    return (system.user.user_id if system and system.user else None) or ""


def pseudonym(user: str, key: bytes) -> str:
    """The listener's name in a store; without the key, it cannot be linked to the user id."""
    return hashlib.blake2b(user.encode("utf-8", "replace"), key=key, digest_size=16).hexdigest()
