from __future__ import annotations

from pathlib import Path

import pytest

from skill.content import read_listing
from skill.errors import ContentError
from tests.conftest import TEA


def test_a_listing_is_read_with_its_lines() -> None:
    listing = read_listing(TEA)
    assert listing.name == "Tea Guide"
    assert listing.keywords == ("tea", "sleep")
    assert len(listing.description) == 2
    assert listing.file == "tea/store.yaml"
    assert listing.lines["summary"] == 2


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("{emergency}", "{phone}", r'description\[1\]: "{phone}" is not known here'),
        ("{emergency}", "{emergency", r'description\[1\]: "{" is not known here'),
        ("summary:", "sumary:", "summary: is missing"),
        ("category: HEALTH_AND_FITNESS", "category:", "category: is empty"),
        ("keywords: [tea, sleep]", "keywords: tea", "keywords: should be a list"),
        ("name: Tea Guide", "name: 'Tea Guide", "bad YAML"),
    ],
)
def test_a_malformed_listing_is_refused(
    old: str, new: str, says: str, copied_content: Path
) -> None:
    path = copied_content / "store.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ContentError, match=says):
        read_listing(copied_content)


def test_a_missing_listing_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"store\.yaml: the file is missing"):
        read_listing(tmp_path)
