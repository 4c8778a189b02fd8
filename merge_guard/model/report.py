"""The one result that every surface projects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from merge_guard.model.finding import Finding, Severity

NOT_ANALYSED = "MG204"


class Verdict(Enum):
    READY = "ready"
    BLOCKED = "blocked"
    UNJUDGED = "unjudged"


class EntryStatus(Enum):
    """`STARTS` means that no first-party cause against it is known."""

    STARTS = "starts"
    FAILS = "fails"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class EntryPointResult:
    """One entry point with its outcome.

    `findings` are fingerprints; `modules` counts the first-party modules of its start-up closure.
    """

    name: str
    module: str
    status: EntryStatus
    findings: tuple[str, ...] = ()
    modules: int = 0
    origin: str = ""
    """Where it was found: "command line", "pyproject.toml [project.scripts]", "top-level package" ..."""


@dataclass(frozen=True, slots=True, order=True)
class Unjudged:
    """Something that was not judged. `matters` decides whether the exit status is 2."""

    path: str
    reason: str
    matters: bool


@dataclass(frozen=True, slots=True)
class Target:
    """What the judgement assumes of the deploy: a Python version ("3.11") or range (">=3.10"), and a platform."""

    python: str
    platform: str = "unknown"
    origin: str = ""
    lowest: tuple[int, int] = (3, 0)
    highest: tuple[int, int] = (3, 0)
    """The versions that `python` comes to; equal for a single one."""


@dataclass(frozen=True, slots=True)
class Summary:
    files: int = 0
    modules: int = 0
    errors: int = 0
    warnings: int = 0
    suppressed: int = 0
    baselined: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Report:
    """The judgement of one snapshot. `sources` holds the lines around findings, for code frames: path → line → text."""

    verdict: Verdict
    findings: tuple[Finding, ...]
    entry_points: tuple[EntryPointResult, ...]
    unjudged: tuple[Unjudged, ...]
    target: Target
    summary: Summary
    snapshot: str = "work tree"
    root: str = ""
    notices: tuple[str, ...] = ()
    timings: Mapping[str, float] = field(default_factory=dict)
    sources: Mapping[str, Mapping[int, str]] = field(default_factory=dict)

    def exit_status(self, *, strict: bool = False) -> int:
        """0 nothing at error level, 1 findings at error level, 2 something that matters was not judged.

        MG204 says that a file was not judged: it is in `unjudged` too, and makes 2, never 1.
        """
        if any(finding.severity is Severity.ERROR and finding.code != NOT_ANALYSED for finding in self.findings):
            return 1
        if any(item.matters or strict for item in self.unjudged):
            return 2
        return 0
