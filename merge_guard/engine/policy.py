"""Which rules a change is judged by, where it must not write them itself: those of a trusted revision."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from msgspec.structs import replace

from merge_guard.facts.suppressions import suppressions
from merge_guard.model.baseline import FILE, Baseline
from merge_guard.model.config import Config
from merge_guard.model.facts import FileFacts, Suppression
from merge_guard.model.gate import PolicyChange

CONFIGURATION, SUPPRESSION, BASELINE = "configuration", "suppression", "baseline"
_LONGEST = 200
_NOT_KEYS = ("origin", "name")


def heeded(
    facts: Mapping[str, FileFacts], trusted: Callable[[str], bytes | None], line_text: Callable[[str, int], str]
) -> tuple[dict[str, FileFacts], list[PolicyChange]]:
    """Facts without the suppressions that the trusted revision does not have, and these.

    One is known there if the file has it on a line of the same text, wherever that line stands. In a file that is new
    or renamed none is.
    """
    kept: dict[str, FileFacts] = {}
    dropped: list[PolicyChange] = []
    for path, found in facts.items():
        if found.suppressions:
            known = _lines_with_suppressions(trusted(path))
            allowed = []
            for item in found.suppressions:
                text = line_text(path, item.line).strip()
                if text in known:
                    allowed.append(item)
                else:
                    dropped.append(_dropped(path, item, text))
            found = replace(found, suppressions=tuple(allowed))
        kept[path] = found
    return kept, dropped


def _dropped(path: str, item: Suppression, text: str) -> PolicyChange:
    return PolicyChange(SUPPRESSION, path, item.line, ", ".join(item.codes), "", text[:_LONGEST])


def _lines_with_suppressions(data: bytes | None) -> frozenset[str]:
    if data is None:
        return frozenset()
    lines = data.decode("utf-8", "replace").splitlines()
    return frozenset(lines[item.line - 1].strip() for item in suppressions(data) if item.line <= len(lines))


def altered(trusted: Config, judged: Config) -> list[PolicyChange]:
    """The keys of the configuration that differ; a key's own tables one by one."""
    where = judged.origin or trusted.origin or "configuration"
    return [
        PolicyChange(CONFIGURATION, where, 1, key, before, after)
        for key, before, after in _differences("", trusted, judged)
    ]


def accepted(trusted: Baseline | None, judged: Baseline | None) -> list[PolicyChange]:
    """What the judged baseline accepts and the trusted one does not."""
    known = trusted.identities if trusted else frozenset()
    return [
        PolicyChange(BASELINE, FILE, 1, entry.code, "", f"{entry.path}: {entry.message}"[:_LONGEST])
        for entry in (judged.entries if judged else ())
        if entry.identity not in known
    ]


def _differences(prefix: str, before: Any, after: Any) -> Iterator[tuple[str, str, str]]:
    if before == after or (not before and not after):
        return
    old, new = _table(before), _table(after)
    if old is None and new is None:
        yield prefix, _shown(before), _shown(after)
        return
    old, new = old or {}, new or {}
    for key in sorted({*old, *new}):
        yield from _differences(f"{prefix}.{key}" if prefix else key, old.get(key), new.get(key))


def _table(value: Any) -> Mapping[str, Any] | None:
    if is_dataclass(value):
        return {
            field.name.replace("_", "-"): getattr(value, field.name)
            for field in fields(value)
            if field.name not in _NOT_KEYS
        }
    return value if isinstance(value, Mapping) else None


def _shown(value: Any) -> str:
    if value is None or value in ((), ""):
        return ""
    if isinstance(value, tuple):
        return ", ".join(map(_shown, value))[:_LONGEST]
    return str(value.value if isinstance(value, Enum) else value)[:_LONGEST]
