"""Sections and overrides to a `Config`: unknown keys and wrong types are errors that name the file and the key."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from merge_guard.config.keys import KEYS, SERVICE_NAME, SERVICES, SSOT, TABLES, Form, Key, Kind
from merge_guard.config.sections import Section, parse_toml, read_section, shown
from merge_guard.errors import ConfigError
from merge_guard.model.config import Config, Group, Service

NAMES = ("merge-guard.toml", "pyproject.toml", "setup.cfg", "tox.ini")
"""The files that may hold the configuration, in the order in which those of one folder are tried."""

MAX_BYTES = 1_000_000
_OVERRIDES = "--config"
_BARE = re.compile(r"[A-Za-z0-9_-]+\Z")


def is_override(item: str) -> bool:
    """Whether an argument of `--config` is KEY=VALUE; otherwise it names a file."""
    return "=" in item


def load(texts: Mapping[str, str | bytes], overrides: Sequence[str] = ()) -> Config:
    """The first of `texts` that has a section for this tool gives the configuration; `overrides` are KEY=VALUE.

    `texts` maps names to contents, the nearest file first. Raises `ConfigError`.
    """
    for name, text in texts.items():
        section = read_section(name, _decoded(name, text))
        if section is not None:
            return _config(name, section, overrides)
    return _config("", {}, overrides)


def load_nearest(directory: str, read: Callable[[str], bytes | None], overrides: Sequence[str] = ()) -> Config:
    """The configuration of the nearest file from `directory` up to the root; `read` gives None for an absent file.

    `directory` is relative to the root, with `/`; "" is the root. Files behind the first that counts are not read.
    """
    parts = [part for part in directory.split("/") if part not in ("", ".")]
    for depth in range(len(parts), -1, -1):
        for name in NAMES:
            path = "/".join([*parts[:depth], name])
            data = read(path)
            if data is None:
                continue
            section = read_section(path, _decoded(path, data))
            if section is not None:
                return _config(path, section, overrides)
    return _config("", {}, overrides)


def _decoded(name: str, text: str | bytes) -> str:
    if len(text) > MAX_BYTES:
        raise ConfigError(f"{name}: larger than {MAX_BYTES:,} bytes: no configuration")
    if isinstance(text, str):
        return text
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{name}: not UTF-8: byte {error.start}")


def _config(origin: str, section: Section, overrides: Sequence[str]) -> Config:
    fields = _fields(origin, section)
    for item in overrides:
        fields = _merged(fields, _fields(_OVERRIDES, _override(item)))
    services = {name: Service(name=name, **values) for name, values in fields.pop(SERVICES, {}).items()}
    groups = {name: Group(name=name, **values) for name, values in fields.pop(SSOT, {}).items()}
    return Config(origin=origin, services=services, ssot=groups, **fields)


def _merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """Tables are merged, everything else is replaced."""
    both = {
        key: _merged(old[key], value)
        for key, value in new.items()
        if isinstance(value, dict) and isinstance(old.get(key), dict)
    }
    return {**old, **new, **both}


def _override(item: str) -> dict[str, Any]:
    """KEY=VALUE as nested tables. VALUE is TOML, or else a plain text."""
    if len(item) > MAX_BYTES:
        raise ConfigError(f"{_OVERRIDES}: larger than {MAX_BYTES:,} bytes")
    name, _, value = item.partition("=")
    name, value = name.strip(), value.strip()
    try:
        table = parse_toml(_OVERRIDES, f"{name} = 0")
    except ConfigError:
        raise ConfigError(f"{_OVERRIDES}: {shown(name)} is not a key")
    path: list[str] = []
    inner: Any = table
    while isinstance(inner, dict) and len(inner) == 1:
        (step,) = inner
        path.append(step)
        inner = inner[step]
    if inner != 0:
        raise ConfigError(f"{_OVERRIDES}: {shown(item)}: expected one KEY=VALUE")
    nested: Any = _override_value(_key_at(path), value)
    for step in reversed(path):
        nested = {step: nested}
    return {str(key): value for key, value in nested.items()}


def _key_at(path: Sequence[str]) -> Key | None:
    if path[0] in TABLES:
        return TABLES[path[0]].get(path[2]) if len(path) >= 3 else None
    return KEYS.get(path[0])


def _override_value(key: Key | None, value: str) -> Any:
    try:
        parsed = parse_toml(_OVERRIDES, f"value = {value}")["value"]
    except ConfigError:
        return value
    # `target-python=3.10` is meant as the text, not as the number 3.1.
    if isinstance(parsed, (str, list, dict)) or key is None:
        return parsed
    return value


def _fields(origin: str, section: Section) -> dict[str, Any]:
    """The section's values as fields of `Config`; services and groups as tables of fields of their types."""
    fields: dict[str, Any] = {}
    for name, value in section.items():
        if name in TABLES:
            fields[name] = _tables(origin, name, value)
            continue
        key = KEYS.get(name)
        if key is None:
            raise _unknown(origin, name, [*KEYS, *TABLES])
        fields[key.field] = _value(origin, name, key, value)
    return fields


def _tables(origin: str, title: str, value: Any) -> dict[str, dict[str, Any]]:
    made: dict[str, dict[str, Any]] = {}
    for name, table in _table(origin, title, value).items():
        _check(origin, f"{title}.{name}", SERVICE_NAME, name)
        fields = made[name] = {}
        for inner, item in _table(origin, f"{title}.{name}", table).items():
            key = TABLES[title].get(inner)
            if key is None:
                raise _unknown(origin, inner, TABLES[title], f"{title}.{_quoted(name)}.")
            fields[key.field] = _value(origin, f"{title}.{name}.{inner}", key, item)
    return made


def _value(origin: str, name: str, key: Key, value: Any) -> Any:
    if key.kind is Kind.TEXT:
        return _text(origin, name, key, value)
    if key.kind is Kind.LIST:
        return _list(origin, name, key, value)
    if isinstance(value, str):
        value = _ini_pairs(origin, name, key, value)
    made: dict[str, Any] = {}
    for inner, item in _table(origin, name, value).items():
        _check(origin, f"{name}, key", key.name_form, inner)
        read = _list if key.kind is Kind.TABLE_OF_LISTS else _text
        made[inner] = read(origin, f"{name}.{_quoted(inner)}", key, item)
    return made


def _text(origin: str, name: str, key: Key, value: Any) -> Any:
    if not isinstance(value, str):
        raise ConfigError(f"{origin}: {_quoted(name)} must be {key.form.example}, not {_described(value)}")
    _check(origin, name, key.form, value)
    return key.convert(value)


def _list(origin: str, name: str, key: Key, value: Any) -> tuple[Any, ...]:
    """A list of texts, or one text with commas or newlines between them: ini files and `--config` have no other."""
    if isinstance(value, str):
        value = [item.strip() for line in value.split("\n") for item in _items(line) if item.strip()]
    if not isinstance(value, list):
        raise ConfigError(f"{origin}: {_quoted(name)} must be a list of texts, not {_described(value)}")
    return tuple(_text(origin, name, key, item) for item in value)


def _items(line: str) -> Iterator[str]:
    """What stands between the commas of a line; those inside parentheses belong to what they stand in."""
    depth = start = 0
    for comma_or_bracket in re.finditer(r"[,()]", line):
        at, sign = comma_or_bracket.start(), comma_or_bracket[0]
        if sign == "(":
            depth += 1
        elif sign == ")":
            depth = max(0, depth - 1)
        elif not depth:
            yield line[start:at]
            start = at + 1
    yield line[start:]


def _ini_pairs(origin: str, name: str, key: Key, value: str) -> dict[str, str]:
    """`pattern: codes`, one pair a line; where the values are single texts commas separate pairs too."""
    pairs: dict[str, str] = {}
    for line in re.split(r"[,\n]" if key.kind is Kind.TABLE_OF_TEXT else r"\n", value):
        if not line.strip():
            continue
        # A symbol such as `pkg.mod:Name` has colons of its own, without a space.
        left, colon, right = line.rpartition(": ")
        if not colon:
            left, colon, right = line.rpartition(":")
        if not colon:
            raise ConfigError(f"{origin}: {_quoted(name)}: expected `key: value`, not {shown(line.strip())}")
        pairs[left.strip()] = right.strip()
    return pairs


def _table(origin: str, name: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ConfigError(f"{origin}: {_quoted(name)} must be a table, not {_described(value)}")
    return value


def _check(origin: str, name: str, form: Form, text: str) -> None:
    if not form.fits(text):
        raise ConfigError(f"{origin}: {_quoted(name)} must be {form.example}, not {shown(text)}")


def _unknown(origin: str, name: str, known: Iterable[str], prefix: str = "") -> ConfigError:
    names = sorted(known)
    close = difflib.get_close_matches(name[:80].lower().replace("_", "-"), names, n=1, cutoff=0.5)
    hint = f"did you mean {close[0]}?" if close else f"known are {', '.join(names)}"
    return ConfigError(f"{origin}: unknown key {prefix}{_quoted(name)}; {hint}")


def _quoted(name: str) -> str:
    return name if all(_BARE.match(part) for part in name.split(".")) and len(name) <= 80 else shown(name)


def _described(value: Any) -> str:
    words = {bool: "a boolean", int: "a number", float: "a number", str: "a text", list: "a list", dict: "a table"}
    return words.get(type(value), "a date")
