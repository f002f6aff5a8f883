"""Who is let in: a request's headers and raw body in, nothing out, a refusal raised."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from skill.service.verification.signer_cache import Chains
from skill.service.verification.verifier import (
    Headers,
    chain_address,
    check_signature,
    check_skill_id,
    check_timestamp,
    read_envelope,
    signature,
)

# Raises RefusedError for whoever is not let in.
Gate = Callable[[Headers, bytes], None]


class AlexaGate:
    """Lets in what Alexa signed for one of our skills just now."""

    def __init__(
        self, chains: Chains, skill_ids: frozenset[str], clock: Callable[[], datetime]
    ) -> None:
        self._chains = chains
        self._skill_ids = skill_ids
        self._clock = clock

    def __call__(self, headers: Headers, body: bytes) -> None:
        """Raises RefusedError with the first rule that the request breaks."""
        # What costs nothing comes first: whoever sends rubbish must not make us fetch a chain.
        signed = signature(headers)
        address = chain_address(headers)
        now = self._clock()
        check_signature(body, signed, self._chains.signer(address, now), now)
        envelope = read_envelope(body)
        check_timestamp(envelope, now)
        check_skill_id(envelope, self._skill_ids)


def open_gate(_: Headers, body: bytes) -> None:
    """Lets in every request envelope: for trying things out on one's own machine."""
    read_envelope(body)
