"""Words that the formats of a deploy's verdict share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from merge_guard.model.finding import Finding
from merge_guard.model.gate import ChangedFile, GateReport, PolicyChange, RootCause, ServiceVerdict, Standing
from merge_guard.model.report import EntryStatus, Target, Verdict
from merge_guard.reporters.sanitise import place, visible, visible_path
from merge_guard.reporters.wording import count

STANDINGS = {
    Standing.CAUSE: "the cause",
    Standing.BLOCKED: "blocked",
    Standing.UNJUDGED: "unjudged",
    Standing.READY: "ready",
    Standing.OUTSIDE: "outside",
}


def word(verdict: Verdict) -> str:
    return verdict.value.upper()


def target_words(target: Target) -> str:
    platform = "" if target.platform == "unknown" else f" on {visible(target.platform)}"
    return f"Python {visible(target.python)}{platform}"


def entry_words(service: ServiceVerdict) -> str:
    """`3 entry points: 1 fails, 2 start`."""
    total = Counter(entry.status for entry in service.entry_points)
    parts = []
    for status, one, many in (
        (EntryStatus.FAILS, "fails", "fail"),
        (EntryStatus.UNKNOWN, "unknown", "unknown"),
        (EntryStatus.STARTS, "starts", "start"),
    ):
        if total[status]:
            parts.append(f"{total[status]:,} {one if total[status] == 1 else many}")
    number = count(len(service.entry_points), "entry point")
    return f"{number}: {', '.join(parts)}" if parts else number


def listed(names: Sequence[str], limit: int) -> str:
    """The first names, and how many more there are."""
    shown = ", ".join(visible(name) for name in names[:limit])
    return shown if len(names) <= limit else f"{shown} and {len(names) - limit:,} more"


def modules_words(cause: RootCause, limit: int) -> str:
    """What cannot be imported while the cause stands, itself included."""
    if not cause.modules:
        return ""
    return f"{count(len(cause.modules), 'module')} cannot be imported: {listed(cause.modules, limit)}"


def at(finding: Finding) -> str:
    return place(finding.place.path, finding.place.line, finding.place.column)


def file_words(file: ChangedFile) -> tuple[str, str]:
    """(path with what happened to it, what that comes to)."""
    change = file.change
    name = f"{visible_path(change.path)} ({change.kind.value}"
    name += f" from {visible_path(change.old)})" if change.old else ")"
    if file.standing is Standing.CAUSE:
        rest = "; ".join(f"{f.code} {visible(f.message)}" for f in file.findings[:2])
        more = f" and {len(file.findings) - 2:,} more" if len(file.findings) > 2 else ""
        return name, rest + more
    if file.standing is Standing.BLOCKED:
        by = ", ".join(at(finding) for finding in file.blocked_by) or "a cause that is not listed"
        how = "ready itself" if file.importable else "ready itself, but needs what is broken"
        return name, f"{how}; blocked by {by}"
    if file.standing is Standing.OUTSIDE:
        return name, "not part of any start-up"
    return name, visible(file.reason)


def policy_words(change: PolicyChange) -> str:
    where = place(change.path, change.line, 1).rpartition(":")[0]
    if change.kind == "baseline" and change.subject:
        return f"{visible_path(change.path)}: accepts {visible(change.subject)} {visible(change.after)}"
    if change.kind == "suppression":
        return f"{where}: suppression of {visible(change.subject)}: {visible(change.after)}"
    if not change.subject:
        return f"{visible_path(change.path)}: {visible(change.after)}"
    before, after = visible(change.before) or "(not set)", visible(change.after) or "(not set)"
    return f"{visible_path(change.path)}: {visible(change.subject)}: {before} -> {after}"


def closing(gate: GateReport) -> str:
    """`BLOCKED: backend; READY: worker; 1 error elsewhere`: the last line."""
    names: dict[Verdict, list[str]] = {}
    for service in gate.services:
        names.setdefault(service.verdict, []).append(service.name)
    parts = [f"{word(verdict)}: {listed(found, 10)}" for verdict, found in names.items()]
    if not gate.services:
        parts.append(f"{word(gate.verdict)}: nothing that starts was found")
    if gate.elsewhere:
        parts.append(f"{count(len(gate.elsewhere), 'error')} elsewhere")
    summary = gate.report.summary
    modules = f" ({count(summary.modules, 'module')})" if summary.modules else ""
    return f"{'; '.join(parts)} in {count(summary.files, 'file')}{modules} in {summary.seconds:.1f} s"
