"""Requests that must be refused: random, changed, or signed nonsense."""

from __future__ import annotations

import json
import random

from skill.service.verification import CHAIN_HEADER, SIGNATURE_HEADER
from skill.tools.probe.requests import ProbeRequest, RequestSigner, dump


def fuzzed(good: ProbeRequest, chance: random.Random, signer: RequestSigner) -> ProbeRequest:
    """A request with something wrong, made from a valid one or from nothing."""
    kind = chance.randrange(5)
    if kind == 0:
        return ProbeRequest(chance.randbytes(chance.randrange(400)), _headers(chance))
    if kind == 1:
        body = bytearray(good.body)
        for _ in range(chance.randrange(1, 5)):
            body[chance.randrange(len(body))] ^= chance.randrange(1, 256)
        return ProbeRequest(bytes(body), good.headers)
    if kind == 2:
        name = chance.choice([CHAIN_HEADER, SIGNATURE_HEADER])
        value = list(good.headers[name])
        value[chance.randrange(len(value))] = chance.choice("/\\%@:?#~.,*'\" ")
        mangled = "".join(value)
        return good.with_header(name, mangled if mangled.strip() != good.headers[name] else "x")
    if kind == 3:
        cut = json.loads(good.body)
        place = chance.choice([cut["request"], cut["session"]["application"], cut["context"]])
        place.clear()
        cut["context"] = chance.choice([{}, [], None, 7, cut["context"]])
        cut["request"].pop("timestamp", None)
        return signer.signed(dump(cut))
    return signer.signed(good.body[: chance.randrange(1, len(good.body))])


def _headers(chance: random.Random) -> dict[str, str]:
    letters = "".join(map(chr, range(33, 127))) + "äß "
    return {
        name: "x" + "".join(chance.choice(letters) for _ in range(chance.randrange(60)))
        for name in (CHAIN_HEADER, SIGNATURE_HEADER, "Content-Type")
    }
