"""What `skill.understanding.model_file` reads of one article, without numpy: for Lambda."""

from __future__ import annotations

from skill.understanding.arrays import Arrays
from skill.understanding.features import fingerprint, side_by_side
from skill.understanding.name_correction import NameCorrector
from skill.understanding.ordered import Ordered
from skill.understanding.plain_network import PlainNetwork, PlainVectors, plain_pooled


class PlainLearned:
    """Networks, the labels they know, and the words that they were taught with."""

    def __init__(self, arrays: Arrays) -> None:
        """`arrays` are what `skill.aws.packing` wrote."""
        self._arrays = arrays
        self.labels: tuple[str, ...] = tuple(arrays.facts["labels"])
        self._networks = [PlainNetwork(name, arrays) for name in arrays.facts["networks"]]
        self._vectors = PlainVectors(arrays)
        self._samples = Ordered(arrays.view("samples", "Q"))
        self._sample_labels = arrays.view("sample_labels", "I")

    def name_corrector(self) -> NameCorrector:
        """Finds the names again that speech recognition mangled."""
        facts = self._arrays.facts
        neighbours = Ordered(self._arrays.view("pairs", "I"))
        return NameCorrector(facts["names"], facts["words"], side_by_side(neighbours))

    def label_of(self, utterance: str) -> str | None:
        """The label of an utterance that is itself a lesson."""
        at = self._samples.place(fingerprint(utterance))
        return None if at is None else self.labels[self._sample_labels[at]]

    def probabilities(self, utterance: str) -> list[float]:
        """How much each label is believed in, in the order of `labels`."""
        return plain_pooled(self._networks, len(self.labels), utterance, self._vectors)
