from __future__ import annotations

from typing import Any

import pytest

from tests.support.edits import Edit, apply_edits


def _document() -> dict[str, Any]:
    return {"items": [{"name": "a", "tags": ["x"]}, {"name": "b"}], "text": "one", "f.json": 1}


@pytest.mark.parametrize(
    ("edit", "changed"),
    [
        ({"set": "text", "value": "two"}, {"text": "two"}),
        ({"set": "text", "value": "ab", "times": 3}, {"text": "ababab"}),
        ({"set": "new", "value": {"k": 1}}, {"new": {"k": 1}}),
        ({"set": "[f.json]", "value": 2}, {"f.json": 2}),
        (
            {"set": "items[name=b].name", "value": "c"},
            {"items": [_document()["items"][0], {"name": "c"}]},
        ),
        ({"append": "text", "value": "!", "times": 2}, {"text": "one!!"}),
        (
            {"append": "items[0].tags", "value": "y"},
            {"items": [{"name": "a", "tags": ["x", "y"]}, {"name": "b"}]},
        ),
        ({"delete": "items[0]"}, {"items": [{"name": "b"}]}),
        ({"replace": "text", "old": "ne", "new": "nly"}, {"text": "only"}),
    ],
)
def test_an_edit_changes_what_its_path_names_and_nothing_else(
    edit: Edit, changed: dict[str, Any]
) -> None:
    document = _document()
    apply_edits(document, [edit])
    assert document == {**_document(), **changed}


def test_appended_items_have_their_own_letters() -> None:
    document: dict[str, Any] = {"items": []}
    apply_edits(document, [{"append": "items", "value": {"name": "{n}"}, "times": 28}])
    names = [item["name"] for item in document["items"]]
    assert names[:2] == ["a", "b"]
    assert names[26:] == ["ba", "bb"]


@pytest.mark.parametrize(
    "edit",
    [
        {"set": "missing.key", "value": 1},
        {"delete": "missing"},
        {"append": "items[name=z].tags", "value": 1},
        {"replace": "text", "old": "absent", "new": ""},
        {"value": 1},
    ],
)
def test_an_edit_that_finds_nothing_to_change_fails(edit: Edit) -> None:
    with pytest.raises((AssertionError, KeyError, ValueError)):
        apply_edits(_document(), [edit])
