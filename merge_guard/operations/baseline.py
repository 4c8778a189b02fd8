"""Making the baseline, and letting it shrink."""

from __future__ import annotations

from dataclasses import dataclass, replace

from merge_guard import wiring
from merge_guard.config import baseline_file
from merge_guard.engine.ratchet import stale
from merge_guard.errors import UsageError
from merge_guard.model.baseline import FILE, Baseline, acceptable, accepted, identity
from merge_guard.model.finding import Finding
from merge_guard.model.project import Project
from merge_guard.model.report import Report
from merge_guard.model.request import Request


@dataclass(frozen=True, slots=True)
class Change:
    """What became of the baseline, in numbers of entries; `refused` are findings that no baseline accepts."""

    total: int
    added: int = 0
    removed: int = 0
    left: int = 0
    """Findings that are neither listed nor added."""
    refused: int = 0

    def sentence(self) -> str:
        parts = [f"{FILE}: {self.total} accepted"]
        parts += [f"{self.added} added"] * bool(self.added)
        parts += [f"{self.removed} stale removed"] * bool(self.removed)
        parts += [f"{self.left} found and not accepted (--allow-growth --reason TEXT accepts them)"] * bool(self.left)
        parts += [f"{self.refused} that no baseline accepts"] * bool(self.refused)
        return ", ".join(parts)


def create(request: Request) -> Change:
    """Accept what is found; raises `UsageError` where there is a baseline already."""
    if wiring.read_text(request, FILE) is not None:
        raise UsageError(f"{FILE} exists: `merge-guard baseline update` lets it shrink")
    report, _ = _judged(request)
    taken = acceptable(report.findings)
    made = Baseline(tuple(map(accepted, taken)))
    _write(report, made, None)
    return Change(len(made.entries), len(made.entries), refused=len(report.findings) - len(taken))


def update(request: Request, reason: str | None) -> Change:
    """Remove stale entries, and add what is new if there is a `reason` for it."""
    data = wiring.read_text(request, FILE)
    if data is None:
        raise UsageError("there is no baseline: `merge-guard baseline create` makes one")
    old = baseline_file.read(data)
    report, project = _judged(request)
    taken = acceptable(report.findings)
    gone = {
        entry.identity for entry in stale(old, report.findings, project.codes, {item.path for item in report.unjudged})
    }
    kept = tuple(entry for entry in old.entries if entry.identity not in gone)
    fresh = _fresh(taken, old)
    grown = tuple(accepted(finding, reason) for finding in fresh) if reason else ()
    made = Baseline((*kept, *grown))
    if made != old:
        _write(report, made, data)
    left = 0 if reason else len(fresh)
    return Change(len(made.entries), len(grown), len(gone), left, len(report.findings) - len(taken))


def _judged(request: Request) -> tuple[Report, Project]:
    return wiring.judged(replace(request, baselined=False))


def _fresh(findings: list[Finding], old: Baseline) -> list[Finding]:
    return list({identity(finding): finding for finding in findings if not old.accepts(finding)}.values())


def _write(report: Report, baseline: Baseline, expected: bytes | None) -> None:
    from merge_guard.sources.writing import replace_file

    replace_file(report.root, FILE, baseline_file.write(baseline).encode("ascii"), expected)
