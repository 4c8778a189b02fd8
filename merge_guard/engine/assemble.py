"""Findings and outcomes to a report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from merge_guard.engine import selection
from merge_guard.engine.blast import stopped_modules
from merge_guard.engine.ratchet import ratchet, stale, stale_notice
from merge_guard.model.finding import Blocks, Finding, Place, Severity, SideVerdict
from merge_guard.model.outcome import Cause, Failure, Outcome
from merge_guard.model.project import Project
from merge_guard.model.report import NOT_ANALYSED, EntryPointResult, EntryStatus, Report, Summary, Unjudged, Verdict
from merge_guard.model.request import Request

_CONTEXT = 2
"""Lines around a finding that a code frame may show."""
_DECIDE = ("MG1", "MG2", "MG3", "MG6")
_BLOCKED = "MG303"
CONTRACTS = ("MG601", "MG602", "MG603")


def assemble(
    project: Project,
    findings: Iterable[Finding],
    unjudged: Sequence[Unjudged],
    chosen: selection.Selection,
    request: Request,
    timings: Mapping[str, float],
    seconds: float,
    root: str,
) -> Report:
    identified = selection.identify(findings)
    linked = _link_causes(identified, project)
    unsilenced = [finding for finding in linked if not selection.suppressed(finding, project.facts, chosen)]
    kept = ratchet(unsilenced, project.baseline, chosen.severity)
    selected = [finding for finding in kept.findings if finding.code in chosen.codes]
    baselined = [f for f in kept.accepted if f.code in chosen.codes and selection.is_listed(f, request.paths)]
    shown = _listed(selected, request)
    listed = [_with_statements(finding, project) for finding in shown]
    entries = tuple(_entry(outcome, linked) for outcome in project.outcomes)
    return Report(
        verdict=_verdict(selected, entries, unjudged),
        findings=tuple(sorted(listed, key=_rank)),
        entry_points=entries,
        unjudged=tuple(unjudged),
        target=project.target,
        summary=Summary(
            files=len(project.facts),
            modules=sum(facts.python for facts in project.facts.values()),
            errors=sum(f.severity is Severity.ERROR and f.code != _BLOCKED for f in listed),
            warnings=sum(f.severity is Severity.WARNING for f in listed),
            suppressed=len(linked) - len(unsilenced),
            baselined=len(baselined),
            seconds=round(seconds, 3),
        ),
        snapshot=project.snapshot.label,
        root=root,
        notices=(
            *project.snapshot.notices,
            *_elsewhere(selected, shown),
            *_stale_entries(project, unsilenced, unjudged, request),
        ),
        timings={name: round(value, 3) for name, value in timings.items()},
        sources=_sources(listed, project),
    )


def _listed(selected: Sequence[Finding], request: Request) -> list[Finding]:
    """What the given paths are about; with a start-up that cannot, its cause."""
    listed = {finding.fingerprint for finding in selected if selection.is_listed(finding, request.paths)}
    listed |= {finding.cause for finding in selected if finding.cause and finding.fingerprint in listed}
    return [finding for finding in selected if finding.fingerprint in listed]


def _elsewhere(selected: Sequence[Finding], listed: Sequence[Finding]) -> list[str]:
    """The verdict is of the whole tree, the list and the exit status of the paths: say it where they part."""
    errors = [sum(f.severity is Severity.ERROR and f.code != _BLOCKED for f in some) for some in (selected, listed)]
    count = errors[0] - errors[1]
    if not count:
        return []
    return [
        f"{count} error{'s' if count > 1 else ''} elsewhere: not listed, and not in the exit status;"
        " without paths, check lists all"
    ]


def _stale_entries(
    project: Project,
    findings: Sequence[Finding],
    unjudged: Sequence[Unjudged],
    request: Request,
) -> list[str]:
    """Told only where everything was judged that could have the findings: with other entry points others are found."""
    if project.baseline is None or project.focus is not None or request.text_only or request.entry:
        return []
    entries = stale(project.baseline, findings, project.codes, {item.path for item in unjudged})
    return [stale_notice(entries)] if entries else []


def _rank(finding: Finding) -> tuple[object, ...]:
    place = finding.place
    where = (place.path, place.line, place.column, place.end_line or place.line)
    return finding.code != _BLOCKED, finding.severity is not Severity.ERROR, where, finding.code, finding.fingerprint


def _verdict(findings: Sequence[Finding], entries: Sequence[EntryPointResult], unjudged: Sequence[Unjudged]) -> Verdict:
    """Blocked wins over unjudged; suppressing a leaf never makes an entry point ready."""
    if any(map(decides, findings)):
        return Verdict.BLOCKED
    if any(entry.status is EntryStatus.FAILS for entry in entries):
        return Verdict.BLOCKED
    if any(item.matters for item in unjudged) or any(entry.status is EntryStatus.UNKNOWN for entry in entries):
        return Verdict.UNJUDGED
    return Verdict.READY


def decides(finding: Finding) -> bool:
    """Whether the finding makes the verdict "blocked" by itself."""
    decisive = finding.code.startswith(_DECIDE) and finding.code != NOT_ANALYSED
    return finding.severity is Severity.ERROR and decisive


def _entry(outcome: Outcome, findings: Sequence[Finding]) -> EntryPointResult:
    concerned = [finding.fingerprint for finding in findings if outcome.entry.name in finding.entry_points]
    return EntryPointResult(
        outcome.entry.name, outcome.entry.module, outcome.status, tuple(concerned), len(outcome.loaded),
        outcome.entry.origin,
    )  # fmt: skip


def _link_causes(findings: Sequence[Finding], project: Project) -> list[Finding]:
    """Name each MG303's leaf and count what it stops; tell each conflict what its sides would break."""
    linked = []
    for finding in findings:
        if finding.code == _BLOCKED:
            leaf = next((other for other in findings if is_at(other, finding.place)), None)
            finding = replace(finding, cause=leaf.fingerprint if leaf else None, blocks=_blocks(finding, project))
        elif finding.sides:
            finding = replace(finding, sides=tuple(_side(side, finding, findings, project) for side in finding.sides))
        linked.append(finding)
    return linked


def is_at(leaf: Finding, cause: Place) -> bool:
    """Whether a finding tells of the cause that stands there."""
    place = leaf.place
    return (
        leaf.code != _BLOCKED
        and leaf.code not in ("MG103", "MG105")
        and place.path == cause.path
        and place.line <= cause.line <= (place.end_line or place.line)
    )


def _blocks(finding: Finding, project: Project) -> Blocks:
    """The modules of the start-ups that it blocks which cannot be imported while the cause stands."""
    stopped: set[str] = set()
    entries = 0
    for outcome in project.outcomes:
        if outcome.entry.name in finding.entry_points:
            entries += 1
            stopped |= stopped_modules(outcome, (f for f in outcome.failures if f.place == finding.place))
    return Blocks(modules=len(stopped), entry_points=entries)


def _side(side: SideVerdict, finding: Finding, findings: Sequence[Finding], project: Project) -> SideVerdict:
    """What fails if this side is chosen in every conflict: only what the other side does not bring too is told."""
    role = _role(side, finding)
    if role is None:
        return side
    broken: list[str] = []
    for outcome in project.outcomes:
        if not any(f.cause is Cause.CONFLICT and f.place.path == finding.place.path for f in outcome.failures):
            continue
        for failure in outcome.sides.get(role, ()):
            known = next((f.fingerprint for f in findings if f.code != _BLOCKED and _same_place(f, failure)), None)
            text = known or describe(failure)
            if text not in broken:
                broken.append(text)
    return replace(side, breaks=tuple(broken))


def _role(side: SideVerdict, finding: Finding) -> str | None:
    """Ours is the first side of a conflict, theirs the last."""
    if side is finding.sides[0]:
        return "ours"
    return "theirs" if side is finding.sides[-1] else None


def _same_place(finding: Finding, failure: Failure) -> bool:
    return finding.place.path == failure.place.path and finding.place.line == failure.place.line


def describe(failure: Failure) -> str:
    """One line for a failure that is no finding of the tree as it stands."""
    where = f"{failure.place.path}:{failure.place.line}"
    what = {
        Cause.MISSING_MODULE: f"no module named {failure.subject}",
        Cause.MISSING_NAME: f"{failure.source} has no {failure.subject}",
        Cause.CYCLE: f"import cycle: {failure.source} has no {failure.subject} yet",
        Cause.UNBOUND: f"name {failure.subject} is not bound",
        Cause.INCONSISTENT_BASES: f"class {failure.subject} cannot be made: {failure.detail}",
        Cause.SHADOWED: f"{failure.source} has no {failure.subject}: {failure.detail}",
        Cause.STDLIB_ABSENT: f"the target has no {failure.subject}",
        Cause.NOT_SHIPPED: f"{failure.subject} does not ship: {failure.detail}",
        Cause.MISSING_EXPORT: f"__all__ of {failure.source} lists {failure.subject}, which is not there",
        Cause.TYPE_CHECKING_ONLY: f"{failure.source} binds {failure.subject} for type checkers only",
        Cause.ENTRY_NOT_FOUND: f"{failure.subject} is not found",
    }.get(failure.cause, failure.detail or failure.exception)
    return f"{where}: {what}"


def _with_statements(finding: Finding, project: Project) -> Finding:
    if not finding.chain:
        return finding
    hops = tuple(
        replace(hop, statement=hop.statement or project.line_text(hop.path, hop.line).strip()) for hop in finding.chain
    )
    return replace(finding, chain=hops)


def _sources(findings: Sequence[Finding], project: Project) -> dict[str, dict[int, str]]:
    """The lines that code frames need."""
    sources: dict[str, dict[int, str]] = {}
    there = project.snapshot.by_path() if findings else {}
    for finding in findings:
        place = finding.place
        if finding.severity is not Severity.ERROR or place.path not in there:
            continue
        for number in range(max(1, place.line - _CONTEXT), place.line + _CONTEXT + 1):
            text = project.line_text(place.path, number)
            if text or number == place.line:
                sources.setdefault(place.path, {})[number] = text[:2_000]
    return sources
