"""A test authority in a folder: its root, the chains that it serves and the keys to sign with.

An endpoint that is probed finds `chains/NAME.pem` at the address that Amazon's would have.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from skill.errors import AskableError, RefusedError

ROOT_FILE = "root.pem"
CHAINS = "chains"
KEYS = "keys"
PLACE = "https://s3.amazonaws.com/echo.api/askable-probe/"
_NAME = re.compile(re.escape(PLACE) + r"([a-z0-9-]+\.pem)")


def address_of(chain: str) -> str:
    """Where an endpoint is told to find a chain."""
    return f"{PLACE}{chain}.pem"


def fetch_from(folder: Path) -> Callable[[str], bytes]:
    """Finds the authority's chains where an endpoint would download Amazon's."""
    if not (folder / ROOT_FILE).is_file():
        raise AskableError(
            f"{folder}: holds no test authority; make one by `askable probe --make-authority`"
        )

    def fetch(address: str) -> bytes:
        named = _NAME.fullmatch(address)
        chain = folder / CHAINS / named[1] if named else None
        if chain is None or not chain.is_file():
            raise RefusedError("no-chain", "certificate chain: is not at its address")
        return chain.read_bytes()

    return fetch
