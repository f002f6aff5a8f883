"""What tests of the service share."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from skill.tools.probe import make_authority
from skill.tools.probe.authority import ProbeAuthority
from skill.tools.probe.requests import RequestSigner
from tests.support.serving import SKILL_ID

NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture(scope="session")
def authority() -> ProbeAuthority:
    return make_authority(NOW)


@pytest.fixture(scope="session")
def signer(authority: ProbeAuthority) -> RequestSigner:
    return RequestSigner(authority, SKILL_ID, NOW)
