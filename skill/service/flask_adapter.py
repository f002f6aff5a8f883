"""flask-ask-sdk's SkillAdapter, imported without certvalidator.

The adapter imports ask-sdk-webservice-support, whose verifier imports three names from
certvalidator (last release: 2016). certvalidator imports oscrypto, whose regular expression for
OpenSSL's version does not match "3.0.19", so the import fails on Debian 12. Askable has its own
verifier and uses the adapter only to dispatch requests, so it needs no more than the three names.
Stand-in modules provide them while the adapter is imported, and are removed afterwards: other code
that imports certvalidator gets the real one.
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
    """Stands in for certvalidator.CertificateValidator, and accepts no certificate."""

    def __init__(self, *_: object) -> None:
        pass

    def validate_usage(self, *_: object, **__: object) -> NoReturn:
        """Raise: the adapter's own verification is switched off, so nothing should call this."""
        raise ValidationError(
            "certvalidator is not loaded; skill.service.verification verifies requests"
        )


@contextmanager
def _stand_ins() -> Iterator[None]:
    package, errors = ModuleType("certvalidator"), ModuleType("certvalidator.errors")
    vars(package).update(CertificateValidator=CertificateValidator, errors=errors)
    vars(errors).update(PathError=PathError, ValidationError=ValidationError)
    modules = {module.__name__: module for module in (package, errors)}
    real = {name: sys.modules[name] for name in modules if name in sys.modules}
    sys.modules.update(modules)
    try:
        yield
    finally:
        for name in modules:
            del sys.modules[name]
        sys.modules.update(real)


with _stand_ins():
    from flask_ask_sdk.skill_adapter import (
        VERIFY_SIGNATURE_APP_CONFIG,
        VERIFY_TIMESTAMP_APP_CONFIG,
        SkillAdapter,
    )

__all__ = ["VERIFY_SIGNATURE_APP_CONFIG", "VERIFY_TIMESTAMP_APP_CONFIG", "SkillAdapter"]
