"""A listener's user id -> the name that a store knows the listener by: a keyed hash. Pure."""

from __future__ import annotations

import hashlib

from ask_sdk_model import RequestEnvelope


def user_of(envelope: RequestEnvelope) -> str:
    """The user id in a request; empty where there is none."""
    system = envelope.context.system if envelope.context else None
    return (system.user.user_id if system and system.user else None) or ""


def pseudonym(user: str, key: bytes) -> str:
    """What only the key's holder can tell to be this user's, and nobody can turn back."""
    said = user.encode("utf-8", "replace")
    return hashlib.blake2b(said, key=key, digest_size=16).hexdigest()
