"""The verdict of a deploy: each service with what stops it, and each changed file with what stands in its way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from merge_guard.model.finding import Finding
from merge_guard.model.report import EntryPointResult, Report, Target, Verdict


class ChangeKind(Enum):
    ADDED = "added"
    MODIFIED = "modified"
    DELETED = "deleted"
    RENAMED = "renamed"


@dataclass(frozen=True, slots=True, order=True)
class FileChange:
    """A path that differs from the revision that is compared with; `old` is the name that a renamed file had there."""

    path: str
    kind: ChangeKind
    old: str = ""

    def __post_init__(self) -> None:
        if bool(self.old) != (self.kind is ChangeKind.RENAMED):
            raise ValueError(f"{self.kind.value} file with the old name {self.old!r}")


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed since a revision. `since` says for people which state that is: "main (commit 1a2b3c)"."""

    since: str
    files: tuple[FileChange, ...]
    notices: tuple[str, ...] = ()

    def paths(self) -> frozenset[str]:
        """Every path that the change touches, names that are gone included."""
        return frozenset(name for change in self.files for name in (change.path, change.old) if name)


class Standing(Enum):
    """What a deploy of the changed file comes to."""

    CAUSE = "cause"
    """Something that stops a start-up, or is an error of itself, stands in it, or is gone with it."""
    BLOCKED = "blocked"
    """Ready itself, but start-ups that run it are stopped by something else."""
    UNJUDGED = "unjudged"
    READY = "ready"
    OUTSIDE = "outside"
    """Not part of any start-up."""


@dataclass(frozen=True, slots=True)
class RootCause:
    """What stops entry points of a service.

    `finding` is the leaf with the chain to it, the entry points of this service that it stops, and the size of what
    it stops; where the leaf is suppressed or not selected, it is made from the failure and `listed` is False.
    `modules` are the dotted names of all modules of the stopped start-ups that cannot be imported while it stands,
    those first that most others of them import.
    """

    finding: Finding
    modules: tuple[str, ...]
    listed: bool = True


@dataclass(frozen=True, slots=True)
class ServiceVerdict:
    """One service. `behind` are errors that would show once the root causes are mended, and broken contracts.

    `reason` says why a service is unjudged, or why it is blocked although everything starts.
    """

    name: str
    verdict: Verdict
    target: Target
    entry_points: tuple[EntryPointResult, ...]
    causes: tuple[RootCause, ...] = ()
    behind: tuple[Finding, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """One changed file: `findings` are the errors in it, `blocked_by` what stops the start-ups that run it.

    `importable` is False where the module itself cannot be imported, for it needs what is broken.
    """

    change: FileChange
    standing: Standing
    findings: tuple[Finding, ...] = ()
    blocked_by: tuple[Finding, ...] = ()
    importable: bool = True
    reason: str = ""


@dataclass(frozen=True, slots=True, order=True)
class PolicyChange:
    """What the judged change altered in the rules by which it is judged, and what is not heeded for that.

    `kind` is "configuration", "suppression" or "baseline"; `before` is what the trusted revision has, "" where it has
    nothing.
    """

    kind: str
    path: str
    line: int
    subject: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class GateReport:
    """A report, seen by services. `changed` is None where no revision was given to compare with.

    `elsewhere` are errors of the report that belong to no service's start-up.
    """

    report: Report
    services: tuple[ServiceVerdict, ...]
    elsewhere: tuple[Finding, ...] = ()
    since: str = ""
    changed: tuple[ChangedFile, ...] | None = None
    policy_from: str = ""
    policy: tuple[PolicyChange, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The worst of the services' and the report's own; nothing that starts is nothing judged."""
        verdicts = [self.report.verdict, *(service.verdict for service in self.services)]
        if not self.services:
            verdicts.append(Verdict.UNJUDGED)
        return worst(verdicts)

    def exit_status(self, *, strict: bool = False) -> int:
        """As the report's, and never 0 where a service is blocked (its finding may not be selected) or unjudged."""
        status = self.report.exit_status(strict=strict)
        return status or {Verdict.BLOCKED: 1, Verdict.UNJUDGED: 2}.get(self.verdict, 0)


def worst(verdicts: Sequence[Verdict]) -> Verdict:
    for verdict in (Verdict.BLOCKED, Verdict.UNJUDGED):
        if verdict in verdicts:
            return verdict
    return Verdict.READY
