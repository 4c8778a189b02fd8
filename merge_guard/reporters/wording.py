"""Words and orders that the formats for people share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from merge_guard.model.finding import Finding, Hop, HopKind, Severity, SideVerdict
from merge_guard.model.report import Report, Unjudged, Verdict
from merge_guard.reporters.sanitise import place, visible, visible_path

T = TypeVar("T")

BLOCKED_START_UP = "MG303"
LONGEST_CHAIN = 60
_FINGERPRINT = re.compile(r"[0-9a-f]{20}\Z")


def count(number: int, noun: str) -> str:
    """`1 error`, `2 errors`, `no errors`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}" if number else f"no {noun}s"


def ranked(report: Report) -> list[Finding]:
    """Blocked start-ups first, each followed by its cause; then errors, then warnings, by file."""
    by_fingerprint = {finding.fingerprint: finding for finding in report.findings if finding.fingerprint}
    order: list[Finding] = []
    taken: set[int] = set()

    def take(finding: Finding) -> None:
        if id(finding) not in taken:
            taken.add(id(finding))
            order.append(finding)

    for finding in sorted((f for f in report.findings if f.code == BLOCKED_START_UP), key=_blast):
        take(finding)
        cause = by_fingerprint.get(finding.cause or "")
        if cause is not None:
            take(cause)
    for finding in sorted(report.findings, key=_by_severity_and_place):
        take(finding)
    return order


def _blast(finding: Finding) -> tuple[object, ...]:
    reach = finding.blocks.entry_points if finding.blocks else len(finding.entry_points)
    return (finding.severity is not Severity.ERROR, -reach, *_by_severity_and_place(finding))


def _by_severity_and_place(finding: Finding) -> tuple[object, ...]:
    where = finding.place
    return (
        finding.severity is not Severity.ERROR, where.path, where.line, where.column, finding.code,
        finding.message, finding.fingerprint,
    )  # fmt: skip


def headline(finding: Finding) -> str:
    where = finding.place
    return f"{place(where.path, where.line, where.column)}: {finding.code} {visible(finding.message)}"


def verdict(report: Report, *, strict: bool) -> str:
    """The verdict as a reader may take it: errors that do not keep it from starting are not hidden behind `ready`."""
    if report.verdict is Verdict.READY:
        if strict and report.unjudged:
            return Verdict.UNJUDGED.value
        if report.summary.errors:
            return "ready to start, but not clean"
    return report.verdict.value


def summary_line(report: Report, *, strict: bool) -> str:
    """Such as `blocked: 3 errors, 2 warnings in 120 files (80 modules) in 0.4 s`."""
    total = report.summary
    parts = [count(total.errors, "error"), count(total.warnings, "warning")]
    if report.unjudged:
        parts.append(f"{len(report.unjudged):,} not judged")
    for number, word in ((total.suppressed, "suppressed"), (total.baselined, "baselined")):
        if number:
            parts.append(f"{number:,} {word}")
    modules = f" ({count(total.modules, 'module')})" if total.modules else ""
    return (
        f"{verdict(report, strict=strict)}: {', '.join(parts)} "
        f"in {count(total.files, 'file')}{modules} in {total.seconds:.1f} s"
    )


def target_line(report: Report) -> str:
    target = report.target
    platform = "any platform" if target.platform == "unknown" else visible(target.platform)
    origin = f" (from {visible(target.origin)})" if target.origin else ""
    return f"Python {visible(target.python)} on {platform}{origin}"


def statistics(findings: Iterable[Finding]) -> list[tuple[int, str, str]]:
    """(how many, code, name), the most frequent first."""
    counts = Counter((finding.code, finding.name) for finding in findings)
    return sorted(((n, code, name) for (code, name), n in counts.items()), key=lambda row: (-row[0], row[1]))


def elided(items: Sequence[T], limit: int) -> tuple[Sequence[T], int, Sequence[T]]:
    """The beginning, how many are left out, and the end: together at most `limit` items."""
    if len(items) <= limit:
        return items, 0, ()
    head = limit // 2
    return items[:head], len(items) - limit, items[len(items) - (limit - head) :]


def hop_lines(hop: Hop) -> tuple[str, str]:
    """A hop as CPython's traceback shows a frame; a call is marked in the first line, the cause in the second."""
    module = f", in {visible(hop.module)}" if hop.module else ""
    call = " (call)" if hop.kind is HopKind.CALL else ""
    statement = visible(hop.statement.strip())
    if statement and hop.kind is HopKind.CAUSE:
        statement = f"> {statement}"
    return f'File "{visible_path(hop.path)}", line {hop.line}{module}{call}', statement


def chain_lines(chain: Sequence[Hop], *, limit: int = LONGEST_CHAIN) -> list[str]:
    """The chain as a traceback, without colour."""
    head, left_out, tail = elided(chain, limit)
    rows: list[str] = []
    for part in (head, tail):
        for hop in part:
            frame, statement = hop_lines(hop)
            rows.append(f"  {frame}")
            if statement:
                rows.append(f"    {statement}")
        if left_out and part is head:
            rows.append(f"  ... {left_out:,} more frames ...")
    return rows


def side_words(side: SideVerdict, *, started: bool = False) -> tuple[str, str, str]:
    """(label, lines, what choosing it comes to) of one side of a conflict; `started`: a start-up was tried with it."""
    first, last = side.lines
    lines = "empty" if last < first else f"line {first}" if first == last else f"lines {first}-{last}"
    parses = {True: "parses", False: "does not parse", None: ""}[side.parses]
    if started and side.parses and not side.breaks:
        parses = "parses, and start-up gets through"
    return visible(side.label) or "(no label)", lines, parses


def broken_by(side: SideVerdict, findings: Mapping[str, Finding]) -> list[str]:
    """What choosing the side breaks, one line each."""
    rows = []
    for item in side.breaks:
        found = findings.get(item)
        if found is not None:
            rows.append(headline(found))
        elif _FINGERPRINT.match(item):
            rows.append(f"finding {item} (not listed)")
        else:
            rows.append(visible(item))
    return rows


def unjudged_first(report: Report) -> tuple[list[Unjudged], list[Unjudged]]:
    """What matters for the verdict, and the rest."""
    items = sorted(report.unjudged, key=lambda item: (item.path, item.reason))
    return [item for item in items if item.matters], [item for item in items if not item.matters]


def unjudged_text(item: Unjudged) -> str:
    return f"{visible_path(item.path)}: not judged: {visible(item.reason)}"
