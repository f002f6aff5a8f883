from __future__ import annotations

import sys

import pytest

from skill.service.flask_adapter import CertificateValidator, SkillAdapter, ValidationError


def test_the_adapter_is_imported_and_no_stand_in_module_is_left() -> None:
    assert SkillAdapter.__module__ == "flask_ask_sdk.skill_adapter"
    assert "certvalidator" not in sys.modules


def test_the_stand_in_accepts_no_certificate() -> None:
    with pytest.raises(ValidationError):
        CertificateValidator(b"", []).validate_usage({"digital_signature"})
