"""The baseline's text: JSON, one entry a line, in a stable order, so that a review sees what was accepted and why."""

from __future__ import annotations

import json
import re
from typing import Any

from merge_guard.errors import ConfigError
from merge_guard.model.baseline import FILE, NEVER, Accepted, Baseline

VERSION = 1
MAX_BYTES = 20_000_000
MAX_ENTRIES = 100_000
_MAX_TEXT = 10_000
"""Characters of one text; a path has at most 4,096 bytes."""
_MAX_MESSAGE = 500

_CODE = re.compile(r"MG\d{3}")
_MARKER = re.compile(rb"^(?:<{7}|>{7}|={7}|\|{7})", re.MULTILINE)
_KEYS = ("code", "path", "key", "message", "reason")


def read(data: bytes) -> Baseline:
    """Raises `ConfigError` for whatever is not a baseline of this version.

    What is not understood is not guessed at: it would accept more or less than was reviewed.
    """
    if len(data) > MAX_BYTES:
        raise ConfigError(f"{FILE}: larger than {MAX_BYTES:,} bytes")
    try:
        document = json.loads(data)
    except RecursionError:
        raise ConfigError(f"{FILE}: nested too deeply") from None
    except ValueError:
        marker = _MARKER.search(data)
        where = f"line {data.count(10, 0, marker.start()) + 1}: an unresolved merge conflict" if marker else "not JSON"
        raise ConfigError(f"{FILE}: {where}; the baseline cannot be read") from None
    if not isinstance(document, dict) or set(document) != {"version", "entries"}:
        raise ConfigError(f'{FILE}: expected an object with "version" and "entries"')
    if document["version"] != VERSION or isinstance(document["version"], bool):
        raise ConfigError(f"{FILE}: its version is not {VERSION}; make it again with `merge-guard baseline create`")
    entries = document["entries"]
    if not isinstance(entries, list) or len(entries) > MAX_ENTRIES:
        raise ConfigError(f"{FILE}: entries must be a list of at most {MAX_ENTRIES:,}")
    return Baseline(tuple(_entry(number, entry) for number, entry in enumerate(entries, 1)))


def _entry(number: int, entry: Any) -> Accepted:
    if not isinstance(entry, dict) or not set(entry) <= set(_KEYS) or not {"code", "key"} <= set(entry):
        raise ConfigError(f"{FILE}: entry {number}: expected an object with the keys {', '.join(_KEYS)}")
    for name, value in entry.items():
        if not isinstance(value, str) or len(value) > _MAX_TEXT:
            raise ConfigError(f"{FILE}: entry {number}: {name} must be a text of at most {_MAX_TEXT:,} characters")
    if not _CODE.fullmatch(entry["code"]) or not entry["key"]:
        raise ConfigError(f"{FILE}: entry {number}: needs a code such as MG302 and a key")
    if entry["code"] in NEVER:
        raise ConfigError(f"{FILE}: entry {number}: {entry['code']} cannot be accepted")
    return Accepted(**entry)


def write(baseline: Baseline) -> str:
    """The text; ASCII, so that nothing in it can show as something else."""
    lines = [f"    {json.dumps(_document(entry))}" for entry in baseline.entries]
    entries = "[\n" + ",\n".join(lines) + "\n  ]" if lines else "[]"
    return f'{{\n  "version": {VERSION},\n  "entries": {entries}\n}}\n'


def _document(entry: Accepted) -> dict[str, str]:
    message, reason = entry.message[:_MAX_MESSAGE], entry.reason[:_MAX_MESSAGE]
    values = {"code": entry.code, "path": entry.path, "key": entry.key, "message": message, "reason": reason}
    return {name: value for name, value in values.items() if value or name in ("code", "key")}
