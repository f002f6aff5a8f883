from __future__ import annotations

from skill.speech import RATE, Audio
from skill.speech.recognition import CombinedRecognizer, Recognition

SECOND = Audio(bytes(2 * RATE), RATE)


class _Fixed:
    """Recognizes the same in every sound."""

    def __init__(self, *hypotheses: str, noisy: bool = False) -> None:
        self._hypotheses, self._noisy = hypotheses, noisy

    def recognize(self, audio: Audio) -> Recognition:
        return Recognition(self._hypotheses, self._noisy)


def test_the_hypotheses_of_both_recognizers_are_kept_apart() -> None:
    found = CombinedRecognizer(_Fixed("a", "b"), _Fixed("c", noisy=True)).recognize(SECOND)
    assert found == Recognition(("a", "b"), True, ("c",))


def test_nothing_is_recognized_if_the_first_recognizer_detects_no_speech() -> None:
    found = CombinedRecognizer(_Fixed(), _Fixed("c", noisy=True)).recognize(SECOND)
    assert found == Recognition(())


def test_the_second_recognizer_may_recognize_nothing() -> None:
    assert CombinedRecognizer(_Fixed("a"), _Fixed()).recognize(SECOND) == Recognition(("a",))
