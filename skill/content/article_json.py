"""An article as one JSON text and back, for where parsing its YAML would cost too much: Lambda."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, fields, is_dataclass
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from skill.content.model import Article


def article_to_json(article: Article) -> str:
    """The article whole; the same article gives the same text."""
    return json.dumps(asdict(article), ensure_ascii=False, separators=(",", ":"))


def article_from_json(text: str) -> Article:
    """What `article_to_json` wrote."""
    article: Article = _read(Article, json.loads(text))
    return article


def _read(kind: Any, data: Any) -> Any:
    """`data` as a `kind`: a record, a tuple or mapping of one kind, or what it is already."""
    if isinstance(kind, type) and is_dataclass(kind):
        types = _types(kind)
        values = {field.name: _read(types[field.name], data[field.name]) for field in fields(kind)}
        return kind(**values)
    if isinstance(kind, type) and issubclass(kind, tuple):
        inners = zip(_types(kind).values(), data, strict=True)
        return kind(*(_read(inner, item) for inner, item in inners))
    if get_origin(kind) is tuple:
        inner = get_args(kind)[0]
        return tuple(data if inner is str else (_read(inner, item) for item in data))
    if get_origin(kind) is Mapping and get_args(kind)[1] is not str:
        inner = get_args(kind)[1]
        return {name: _read(inner, item) for name, item in data.items()}
    return data


@cache
def _types(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)
