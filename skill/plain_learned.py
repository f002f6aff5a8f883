"""What `skill.learned` reads of one article, without numpy: for Lambda."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping

from skill.features import fingerprint, side_by_side
from skill.npz import Array
from skill.plain_network import PlainNetwork, PlainVectors, plain_pooled
from skill.respelling import Respelling


class PlainLearned:
    """Networks, the labels they know, and the words that they were taught with."""

    def __init__(self, learned: Mapping[str, Array], vectors: Mapping[str, Array]) -> None:
        self.labels = learned["labels"].texts()
        self._stored = learned
        (count,) = learned["networks"].numbers()
        self._networks = [PlainNetwork(f"network{n}", learned) for n in range(int(count))]
        self._vectors = PlainVectors(vectors)
        self._samples = learned["samples"].view()
        self._sample_labels = learned["sample_labels"].view()

    def respelling(self) -> Respelling:
        """Finds the names again that speech recognition mangled."""
        names, words = self._stored["names"].texts(), self._stored["words"].texts()
        return Respelling(names, words, side_by_side(self._stored["pairs"].view().tolist()))

    def label_of(self, utterance: str) -> str | None:
        """The label of an utterance that is itself a lesson."""
        key = fingerprint(utterance)
        at = bisect_left(self._samples, key)
        if at < len(self._samples) and self._samples[at] == key:
            return self.labels[self._sample_labels[at]]
        return None

    def shares(self, utterance: str) -> list[float]:
        """How much each label is believed in, in the order of `labels`."""
        return plain_pooled(self._networks, len(self.labels), utterance, self._vectors)
