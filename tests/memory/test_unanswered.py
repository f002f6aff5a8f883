from __future__ import annotations

from pathlib import Path

import pytest

from skill.errors import AskableError
from skill.memory import UnansweredLog, read_unanswered


def test_questions_are_kept_in_order_and_normalised(tmp_path: Path) -> None:
    log = UnansweredLog(tmp_path / "new" / "unanswered.txt")
    for question in ("Who grows tea?", "who grows tea", "  ", "a " * 500):
        log.note(question)
    questions = read_unanswered(tmp_path / "new" / "unanswered.txt")
    assert questions[:2] == ("who grows tea", "who grows tea")
    assert len(questions) == 3
    assert len(questions[2]) <= 200


def test_a_missing_log_is_an_error_that_says_how_to_write_one(tmp_path: Path) -> None:
    with pytest.raises(AskableError, match="give --misses FILE"):
        read_unanswered(tmp_path / "absent.txt")
