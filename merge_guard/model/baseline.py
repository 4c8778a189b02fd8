"""Findings that a project has accepted for now: a list that may only shrink."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from merge_guard.model.finding import Finding

FILE = "merge-guard-baseline.json"
"""Its one place: the root of what is judged."""

NEVER = frozenset({"MG204", "MG303"})
"""What no baseline accepts: not judged is never clean, and an entry point that cannot start is never ready."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """One finding that is accepted. `code` and `key` identify it; the rest is for the people who review the list."""

    code: str
    key: str
    path: str = ""
    message: str = ""
    reason: str = ""
    """Why the list was allowed to grow by it; "" for what was there when the list was made."""

    @property
    def identity(self) -> tuple[str, str]:
        return self.code, self.key


@dataclass(frozen=True, slots=True)
class Baseline:
    """The accepted findings, each once, in the order of code, path and key."""

    entries: tuple[Accepted, ...] = ()
    identities: frozenset[tuple[str, str]] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        entries = {entry.identity: entry for entry in reversed(self.entries)}.values()
        object.__setattr__(self, "entries", tuple(sorted(entries, key=_order)))
        object.__setattr__(self, "identities", frozenset(entry.identity for entry in self.entries))

    def accepts(self, finding: Finding) -> bool:
        return identity(finding) in self.identities and finding.code not in NEVER


def identity(finding: Finding) -> tuple[str, str]:
    """What a baseline knows a finding by: the rule's own key if it has one, else the fingerprint."""
    return finding.code, finding.baseline_key or finding.fingerprint


def accepted(finding: Finding, reason: str = "") -> Accepted:
    return Accepted(*identity(finding), finding.place.path, finding.message, reason)


def acceptable(findings: Iterable[Finding]) -> list[Finding]:
    """The findings that a baseline may take."""
    return [finding for finding in findings if finding.code not in NEVER]


def _order(entry: Accepted) -> tuple[str, str, str]:
    return entry.code, entry.path, entry.key
