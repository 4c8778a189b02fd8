"""What an audit of past merges says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from merge_guard.model.finding import Finding, Severity


class Deed(Enum):
    """What a commit did: merge, or settle by itself the conflict that stood in its parent's files, or commit one."""

    MERGE = "merge"
    SETTLED = "conflict settled"


@dataclass(frozen=True, slots=True)
class Damage:
    """A finding in a commit, and the first later commit in which it is gone ("" where it never is)."""

    finding: Finding
    repaired_by: str = ""


@dataclass(frozen=True, slots=True)
class AuditedCommit:
    """`identical` says that the tree is what git makes of the parents by itself; None where that cannot be told."""

    commit: str
    subject: str
    deed: Deed
    identical: bool | None
    damages: tuple[Damage, ...] = ()
    unjudged: str = ""
    """Why it could not be judged."""


@dataclass(frozen=True, slots=True)
class Audit:
    """`commits` are those with damage, and those that could not be judged; the counts are of all of the range."""

    range: str
    commits: tuple[AuditedCommit, ...]
    merges: int = 0
    identical: int = 0
    settled: int = 0
    seconds: float = 0.0

    def exit_status(self) -> int:
        """1 where damage at error level was never repaired, 2 where a merge could not be judged, else 0."""
        if any(
            damage.finding.severity is Severity.ERROR and not damage.repaired_by
            for commit in self.commits
            for damage in commit.damages
        ):
            return 1
        return 2 if any(commit.unjudged for commit in self.commits) else 0
