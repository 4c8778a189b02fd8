"""What a deploy of each changed file comes to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from merge_guard.engine.blast import stopped_modules
from merge_guard.model.finding import Finding, Severity
from merge_guard.model.gate import ChangedFile, ChangeKind, FileChange, Standing
from merge_guard.model.outcome import Cause, Failure, Outcome
from merge_guard.model.project import Project
from merge_guard.model.report import EntryStatus, Report

Leaf = Callable[[Report, Failure, str], "Finding | None"]
_GONE = (Cause.MISSING_MODULE, Cause.ENTRY_NOT_FOUND)
_LACKS = (Cause.MISSING_NAME, Cause.TYPE_CHECKING_ONLY)


def changed_files(
    changes: Sequence[FileChange], project: Project, report: Report, leaf: Leaf
) -> tuple[ChangedFile, ...]:
    """In the order of `Standing`, then by path."""
    judge = _Judge(frozenset(name for c in changes for name in (c.path, c.old) if name), project, report, leaf)
    order = list(Standing)
    return tuple(sorted(map(judge.file, changes), key=lambda file: (order.index(file.standing), file.change)))


class _Judge:
    def __init__(self, touched: frozenset[str], project: Project, report: Report, leaf: Leaf) -> None:
        self._project = project
        self._report = report
        self._unjudged = {item.path: item.reason for item in report.unjudged}
        self._own: dict[str, list[Finding]] = {}
        for finding in report.findings:
            if finding.severity is Severity.ERROR and finding.code != "MG303":
                self._own.setdefault(finding.place.path, []).append(finding)
        self._loaded = [frozenset(outcome.loaded.values()) for outcome in project.outcomes]
        self._stopped = [stopped_modules(outcome, outcome.failures[:1]) for outcome in project.outcomes]
        self._first: list[Finding | None] = [
            leaf(report, outcome.failures[0], outcome.entry.name) if outcome.failures else None
            for outcome in project.outcomes
        ]
        self._missed = list(self._misses(touched, leaf))

    def file(self, change: FileChange) -> ChangedFile:
        names = (change.path, change.old) if change.old else (change.path,)
        found = [finding for name in names for finding in self._own.get(name, ())]
        found += [finding for paths, finding in self._missed if not paths.isdisjoint(names) and finding not in found]
        if found:
            return ChangedFile(change, Standing.CAUSE, tuple(found))
        if change.path in self._unjudged:
            return ChangedFile(change, Standing.UNJUDGED, reason=self._unjudged[change.path])
        if change.kind is ChangeKind.DELETED:
            if change.path.endswith((".py", ".pyw")):
                return ChangedFile(change, Standing.READY, reason="no start-up needs it")
            return ChangedFile(change, Standing.OUTSIDE)
        return self._by_start_ups(change)

    def _by_start_ups(self, change: FileChange) -> ChangedFile:
        running = [n for n, loaded in enumerate(self._loaded) if change.path in loaded]
        outcomes = [self._project.outcomes[n] for n in running]
        failing = [n for n in running if self._project.outcomes[n].status is EntryStatus.FAILS]
        if failing:
            blockers = {f.fingerprint: f for f in (self._first[n] for n in failing) if f is not None}
            importable = not any(change.path in self._stopped[n] for n in failing)
            entries = ", ".join(dict.fromkeys(self._project.outcomes[n].entry.name for n in failing))
            return ChangedFile(
                change, Standing.BLOCKED, blocked_by=tuple(blockers.values()), importable=importable,
                reason=f"runs in {entries}",
            )  # fmt: skip
        if any(outcome.status is EntryStatus.UNKNOWN for outcome in outcomes):
            return ChangedFile(change, Standing.UNJUDGED, reason="a start-up that runs it could not be judged")
        return ChangedFile(change, Standing.READY if running else Standing.OUTSIDE)

    def _misses(self, touched: frozenset[str], leaf: Leaf) -> Iterator[tuple[frozenset[str], Finding]]:
        """Changed paths whose content, or whose absence, a failure elsewhere is about."""
        failures: list[tuple[Failure, str, Outcome | None]] = [
            (failure, outcome.entry.name, outcome) for outcome in self._project.outcomes for failure in outcome.failures
        ]
        failures += [(failure, "", None) for failure in self._project.latent]
        for failure, entry, outcome in failures:
            paths: set[str] = set()
            if failure.cause in _GONE:
                ends = _files_of(failure.subject)
                paths = {p for p in touched if p not in self._project.facts and (p in ends or _ends(p, ends))}
            elif failure.cause in _LACKS and failure.place.path not in touched and outcome is not None:
                paths = set(touched & {outcome.loaded.get(failure.source, "")})
            elif failure.cause is Cause.NOT_SHIPPED:
                paths = {path for path in touched if _names(failure.detail, path)}
            finding = leaf(self._report, failure, entry) if paths else None
            if finding is not None and finding.severity is Severity.ERROR:
                yield frozenset(paths), finding


def _names(text: str, path: str) -> bool:
    """Whether a reason names the file, such as `.dockerignore line 4`."""
    return re.search(rf"(?<![\w./-]){re.escape(path)}(?![\w/-])", text) is not None


def _files_of(dotted: str) -> tuple[str, ...]:
    tail = dotted if dotted.endswith(".py") else dotted.replace(".", "/")
    return (tail,) if tail.endswith(".py") else (f"{tail}.py", f"{tail}/__init__.py")


def _ends(path: str, ends: Sequence[str]) -> bool:
    return path.endswith(tuple(f"/{end}" for end in ends))
