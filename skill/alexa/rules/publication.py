"""A skill manifest beside its models, as the rules look at them: JSON data made readable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from skill.alexa.rules.model_parts import Model


@dataclass(frozen=True)
class Publication:
    """A manifest beside the models that it is published with."""

    manifest: Mapping[str, Any]
    models: Mapping[str, Model]  # locale -> model

    @property
    def listings(self) -> Mapping[str, Mapping[str, Any]]:
        """What the store shows in each locale."""
        shown: Mapping[str, Mapping[str, Any]] = self.publishing["locales"]
        return shown

    @property
    def publishing(self) -> Mapping[str, Any]:
        """How the skill is presented and to whom."""
        told: Mapping[str, Any] = self.manifest["manifest"]["publishingInformation"]
        return told

    @property
    def compliance(self) -> Mapping[str, Any]:
        """What is declared of privacy and law."""
        told: Mapping[str, Any] = self.manifest["manifest"]["privacyAndCompliance"]
        return told
