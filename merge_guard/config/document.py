"""A `Config` as a TOML document that reads back to the same one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any

from merge_guard.config.keys import KEYS, TABLES, Key, Kind
from merge_guard.model.config import Config


def document(config: Config) -> str:
    """The text of a `merge-guard.toml`; keys that are not set are comments."""
    return "".join(f"{line}\n" for line in _lines(config))


def _lines(config: Config) -> Iterator[str]:
    yield f"# from {json.dumps(config.origin)}" if config.origin else "# no configuration file: these are the defaults"
    tables: list[tuple[str, Mapping[str, Any]]] = []
    for key in KEYS.values():
        value = getattr(config, key.field)
        if key.kind in (Kind.TABLE_OF_TEXT, Kind.TABLE_OF_LISTS):
            tables.append((key.name, value))
        else:
            yield _setting(key, value)
    for name, table in tables:
        if table:
            yield f"\n[{name}]"
        for inner, value in table.items():
            yield f"{toml_text(inner)} = {_literal(value)}"
    for title, keys in TABLES.items():
        for name, item in getattr(config, title).items():
            yield f"\n[{title}.{toml_text(name)}]"
            for key in keys.values():
                value = getattr(item, key.field)
                if value:
                    yield _setting(key, value)


def _setting(key: Key, value: Any) -> str:
    if value is None:
        return f"# {key.name} is not set"
    if key.name == "source-roots":
        value = tuple(root or "." for root in value)
    return f"{key.name} = {_literal(value)}"


def _literal(value: Any) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(toml_text(item) for item in value) + "]"
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{toml_text(name)} = {_literal(item)}" for name, item in value.items()) + " }"
    return toml_text(value.value if isinstance(value, Enum) else value)


def toml_text(text: str) -> str:
    """A TOML basic string: JSON's, but for DEL, which TOML wants escaped, and without JSON's surrogate pairs."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
