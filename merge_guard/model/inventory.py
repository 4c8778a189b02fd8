"""What `merge-guard ssot` shows."""

from __future__ import annotations

from dataclasses import dataclass

from merge_guard.model.baseline import Baseline
from merge_guard.model.finding import Finding
from merge_guard.model.report import Unjudged
from merge_guard.model.ssot import Inventory


@dataclass(frozen=True, slots=True)
class Counts:
    """One group in numbers; `counted` are the classes of which there should be one."""

    definitions: int = 0
    counted: int = 0
    second: int = 0
    unclassified: int = 0
    ambiguous: int = 0
    deprecated: int = 0
    """Imports of deprecated paths."""


@dataclass(frozen=True, slots=True)
class Step:
    """The groups in one commit; `time` in seconds since 1970."""

    commit: str
    time: int
    groups: tuple[tuple[str, Counts], ...]


@dataclass(frozen=True, slots=True)
class View:
    """Every group, the findings about them, and the classes that a baseline still lists although they are gone."""

    snapshot: str
    groups: tuple[Inventory, ...]
    findings: tuple[Finding, ...]
    gone: tuple[str, ...] = ()
    unjudged: tuple[Unjudged, ...] = ()
    baseline: Baseline | None = None
    steps: tuple[Step, ...] = ()

    def is_new(self, identity: str) -> bool:
        """Whether a class that is reported is not in the baseline; False where there is none."""
        if self.baseline is None:
            return False
        return not any((code, identity) in self.baseline.identities for code in ("MG401", "MG408"))
