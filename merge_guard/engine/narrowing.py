"""A report without what was known before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from merge_guard.engine.assemble import decides
from merge_guard.model.finding import Finding, Severity
from merge_guard.model.report import EntryStatus, Report, Verdict

_BLOCKED = "MG303"
_REPEATED = {"MG502": ("MG407",), "MG503": ("MG301", "MG302", "MG311"), "MG504": ("MG313",)}


def without_known(report: Report, known: Sequence[Report]) -> Report:
    """The report with the findings alone that stand in none of the known ones; the verdict is about these.

    An entry point that fails in a known report for the same causes is no news either.
    """
    if not known:
        return report
    before = {_identity(finding) for one in known for finding in one.findings}
    failing = {entry.name for one in known for entry in one.entry_points if entry.status is EntryStatus.FAILS}
    old = {finding.fingerprint for finding in report.findings if _identity(finding) in before}
    new = tuple(_without_breaks(finding, old) for finding in report.findings if _identity(finding) not in before)
    errors = [finding for finding in new if finding.severity is Severity.ERROR]
    entries = [entry for entry in report.entry_points if entry.name not in failing]
    if any(map(decides, errors)) or any(entry.status is EntryStatus.FAILS for entry in entries):
        verdict = Verdict.BLOCKED
    elif any(item.matters for item in report.unjudged) or any(e.status is EntryStatus.UNKNOWN for e in entries):
        verdict = Verdict.UNJUDGED
    else:
        verdict = Verdict.READY
    summary = replace(
        report.summary,
        errors=sum(finding.code != _BLOCKED for finding in errors),
        warnings=sum(finding.severity is Severity.WARNING for finding in new),
    )
    return replace(report, findings=new, verdict=verdict, summary=summary)


def without_repeated(report: Report) -> Report:
    """The report without what a rule about merges says at the same place: it names both sides, the other only one."""
    told = {
        finding.place.path: [item for item in report.findings if item.place.path == finding.place.path]
        for finding in report.findings
        if finding.code in _REPEATED
    }
    instead: dict[str, str] = {}
    for finding in (item for items in told.values() for item in items if item.code in _REPEATED):
        word = finding.key.rpartition(" ")[2].rpartition(".")[2]
        for other in told[finding.place.path]:
            if (
                other.code in _REPEATED[finding.code]
                and other.place.line == finding.place.line
                and word in other.message
            ):
                instead[other.fingerprint] = finding.fingerprint
    if not instead:
        return report
    kept = [
        replace(finding, cause=instead.get(finding.cause or "", finding.cause))
        for finding in report.findings
        if finding.fingerprint not in instead
    ]
    entries = [
        replace(entry, findings=tuple(dict.fromkeys(instead.get(item, item) for item in entry.findings)))
        for entry in report.entry_points
    ]
    gone = [finding.severity for finding in report.findings if finding.fingerprint in instead]
    summary = replace(
        report.summary,
        errors=report.summary.errors - gone.count(Severity.ERROR),
        warnings=report.summary.warnings - gone.count(Severity.WARNING),
    )
    return replace(report, findings=tuple(kept), entry_points=tuple(entries), summary=summary)


def _without_breaks(finding: Finding, old: set[str]) -> Finding:
    """What a side of a conflict breaks that was broken before is no consequence of choosing it."""
    sides = tuple(
        replace(side, breaks=tuple(item for item in side.breaks if item not in old)) for side in finding.sides
    )
    return replace(finding, sides=sides) if sides != finding.sides else finding


def renamed(report: Report, names: Mapping[str, str]) -> Report:
    """The report with other labels for the sides of conflicts: git writes commit ids where people know branches."""

    def text(value: str) -> str:
        for old, new in names.items():
            value = value.replace(old, new)
        return value

    findings = tuple(
        replace(
            finding,
            message=text(finding.message),
            chain=tuple(replace(hop, statement=text(hop.statement)) for hop in finding.chain),
            sides=tuple(replace(side, label=text(side.label)) for side in finding.sides),
        )
        for finding in report.findings
    )
    sources = {path: {number: text(line) for number, line in lines.items()} for path, lines in report.sources.items()}
    return replace(report, findings=findings, sources=sources)


def _identity(finding: Finding) -> tuple[str, str, str]:
    return finding.code, finding.place.path, finding.key
