from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.x509.verification import Store

from skill.errors import AskableError, RefusedError
from skill.service.verification import read_chain, roots_in, trusted_roots
from skill.tools.probe.authority import TRUSTED, ProbeAuthority
from tests.service.conftest import NOW


@pytest.mark.parametrize("name", TRUSTED)
def test_the_roots_of_certifi_do_not_vouch_for_the_test_authority(
    authority: ProbeAuthority, name: str
) -> None:
    with pytest.raises(RefusedError, match="vouch"):
        read_chain(authority.chains[name], trusted_roots(), NOW)


def test_a_signer_is_valid_while_its_whole_chain_is(authority: ProbeAuthority) -> None:
    signer = read_chain(authority.chains["good"], Store(roots_in(authority.root)), NOW)
    assert signer.not_before == NOW - timedelta(days=10)
    assert signer.not_after == NOW + timedelta(days=30)


def test_a_chain_with_too_many_certificates_is_refused(authority: ProbeAuthority) -> None:
    with pytest.raises(RefusedError, match="too long"):
        read_chain(authority.chains["good"] * 6, Store(roots_in(authority.root)), NOW)


def test_a_broken_root_does_not_remove_the_others(authority: ProbeAuthority) -> None:
    broken = authority.root.replace(b"\nM", b"\nA", 1)
    assert len(roots_in(broken + authority.root)) == 1


def test_a_file_without_roots_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(AskableError, match="cannot be read"):
        trusted_roots(tmp_path / "absent.pem")
    (tmp_path / "empty.pem").touch()
    with pytest.raises(AskableError, match="holds no root certificate"):
        trusted_roots(tmp_path / "empty.pem")
