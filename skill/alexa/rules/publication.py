"""A skill manifest beside its models, as the rules look at them: JSON data made readable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from skill.alexa.rules.model_parts import Model, keys


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

    @cached_property
    def heard(self) -> Mapping[str, frozenset[str]]:
        """Every sample in each locale, as it is heard; most locales have the same model."""
        found: dict[str, frozenset[str]] = {}
        for locale, model in self.models.items():
            same = next((other for other in found if self.models[other] == model), None)
            found[locale] = found[same] if same else frozenset(key for _, _, key in keys(model))
        return found
