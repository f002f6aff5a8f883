"""Gets flask-ask-sdk's SkillAdapter past an import that fails on today's systems.

The adapter imports ask-sdk-webservice-support, whose verifier imports three names of certvalidator
(last released in 2016), which imports oscrypto, whose pattern for OpenSSL's version cannot read
"3.0.19": the adapter cannot be imported on Debian 12. Askable has a verifier of its own and uses
the adapter to dispatch alone, so the three names are enough. Modules that hold them stand in while
the adapter is imported and are gone afterwards; whoever else needs certvalidator gets the real one.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import NoReturn


class PathError(Exception):
    """Stands in for certvalidator.errors.PathError."""


class ValidationError(Exception):
    """Stands in for certvalidator.errors.ValidationError."""


class CertificateValidator:
    """Stands in for certvalidator.CertificateValidator; nothing is ever valid to it."""

    def __init__(self, *_: object) -> None:
        pass

    def validate_usage(self, *_: object, **__: object) -> NoReturn:
        """Refuse: the adapter's own verification is switched off, so nobody should get here."""
        raise ValidationError(
            "certvalidator is not loaded; skill.service.verification.verifier verifies requests"
        )


@contextmanager
def _standing_in() -> Iterator[None]:
    package, errors = ModuleType("certvalidator"), ModuleType("certvalidator.errors")
    vars(package).update(CertificateValidator=CertificateValidator, errors=errors)
    vars(errors).update(PathError=PathError, ValidationError=ValidationError)
    stand_ins = {module.__name__: module for module in (package, errors)}
    real = {name: sys.modules[name] for name in stand_ins if name in sys.modules}
    sys.modules.update(stand_ins)
    try:
        yield
    finally:
        for name in stand_ins:
            del sys.modules[name]
        sys.modules.update(real)


with _standing_in():
    from flask_ask_sdk.skill_adapter import (
        VERIFY_SIGNATURE_APP_CONFIG,
        VERIFY_TIMESTAMP_APP_CONFIG,
        SkillAdapter,
    )

__all__ = ["VERIFY_SIGNATURE_APP_CONFIG", "VERIFY_TIMESTAMP_APP_CONFIG", "SkillAdapter"]
