"""Which findings are listed: selection, severities, suppressions, narrowing to paths, identities."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from merge_guard.errors import UsageError
from merge_guard.model.config import Config
from merge_guard.model.facts import FileFacts
from merge_guard.model.finding import Finding, Severity, fingerprint
from merge_guard.model.request import Request

if TYPE_CHECKING:
    import pathspec


@dataclass(frozen=True, slots=True)
class Selection:
    """Which codes are judged, and how severe they are."""

    codes: tuple[str, ...]
    severity: Mapping[str, Severity]
    ignores: tuple[tuple[pathspec.GitIgnoreSpec, tuple[str, ...]], ...] = ()
    known: frozenset[str] = frozenset()
    """Every code that there is."""
    named: frozenset[str] = frozenset()
    """Codes that are selected by their full name, not by a beginning of it."""


def select(defaults: Mapping[str, Severity], config: Config, request: Request) -> Selection:
    """The codes to judge, from all that exist with their default severities; raises `UsageError` for unknown ones."""
    chosen = request.select if request.select is not None else config.select
    extended = (*config.extend_select, *request.extend_select)
    ignored = (*config.ignore, *request.ignore)
    per_file = {**config.per_file_ignores}
    for item in request.per_file_ignores:
        pattern, found, codes = item.rpartition(":")
        if not found:
            raise UsageError(f"--per-file-ignores {item!r}: write PATTERN:CODE[,CODE]")
        per_file[pattern] = (*per_file.get(pattern, ()), *(code.strip() for code in codes.split(",")))
    for prefix in (*(chosen or ()), *extended, *ignored, *(c for codes in per_file.values() for c in codes)):
        if not any(code.startswith(prefix) for code in defaults):
            raise UsageError(f"no rule has a code that starts with {prefix!r}; `merge-guard rules` lists them")
    wanted_codes: list[str] = []
    for code, severity in defaults.items():
        severity = config.severity.get(code, severity)
        wanted = _longest(code, chosen) if chosen is not None else (0 if severity is not Severity.OFF else -1)
        wanted = max(wanted, _longest(code, extended))
        if wanted >= 0 and _longest(code, ignored) < max(wanted, 1):
            wanted_codes.append(code)
    ignores = tuple((_matched(pattern), prefixes) for pattern, prefixes in per_file.items())
    named = frozenset(code for code in (*(chosen or ()), *extended) if code in wanted_codes)
    return Selection(tuple(wanted_codes), dict(config.severity), ignores, frozenset(defaults), named)


def _matched(pattern: str) -> pathspec.GitIgnoreSpec:
    import pathspec

    return pathspec.GitIgnoreSpec.from_lines([pattern])


def _longest(code: str, prefixes: Sequence[str]) -> int:
    """The length of the longest prefix of the code that is listed, -1 if none is."""
    return max((len(prefix) for prefix in prefixes if code.startswith(prefix)), default=-1)


def identify(findings: Iterable[Finding]) -> list[Finding]:
    """Give each finding its fingerprint; equal ones in one file are numbered in their order."""
    seen: Counter[tuple[str, str, str]] = Counter()
    identified = []
    for finding in sorted(findings, key=_order):
        key = (finding.code, finding.place.path, finding.key)
        identified.append(replace(finding, fingerprint=fingerprint(*key, seen[key])))
        seen[key] += 1
    return identified


def _order(finding: Finding) -> tuple[str, int, int, str, str]:
    return finding.place.path, finding.place.line, finding.place.column, finding.code, finding.key


def suppressed(finding: Finding, facts: Mapping[str, FileFacts], selection: Selection) -> bool:
    """Whether a comment on the finding's line, or a per-file ignore, silences it."""
    for pattern, prefixes in selection.ignores:
        if _longest(finding.code, prefixes) >= 0 and pattern.match_file(finding.place.path):
            return True
    found = facts.get(finding.place.path)
    if found is None:
        return False
    return any(
        item.line == finding.place.line and any(finding.code.startswith(code) for code in item.codes)
        for item in found.suppressions
    )


def is_listed(finding: Finding, paths: Sequence[str]) -> bool:
    """Whether its place, any hop of its chain or a related place lies in one of the paths."""
    if not paths:
        return True
    touched = {finding.place.path, *(hop.path for hop in finding.chain), *(r.place.path for r in finding.related)}
    return any(is_below(path, wanted) for path in touched for wanted in paths)


def is_below(path: str, wanted: str) -> bool:
    return wanted in ("", path) or path.startswith(f"{wanted}/")


Listing = Callable[[Finding], bool]
