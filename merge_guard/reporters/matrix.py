"""A matrix of branches as a table or as JSON (docs/formats.md)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TextIO

import msgspec

from merge_guard.model.finding import Severity
from merge_guard.model.matrix import Matrix, Pair
from merge_guard.model.report import Report, Verdict
from merge_guard.reporters.sanitise import encodable, place, visible
from merge_guard.reporters.wording import count

_CONFLICTS = ("MG101", "MG104")


def write(matrix: Matrix, fmt: str, stream: TextIO) -> None:
    for line in _json(matrix) if fmt == "json" else _table(matrix):
        stream.write(encodable(line, stream.encoding or "utf-8") + "\n")


def _table(matrix: Matrix) -> Iterator[str]:
    """Columns are numbered as the rows are: branches have long names."""
    cells = {frozenset((pair.ours, pair.theirs)): _cell(pair) for pair in matrix.pairs}
    width = max(len(visible(name)) for name in matrix.branches)
    columns = range(1, len(matrix.branches) + 1)
    size = max([4, *map(len, cells.values())])
    yield " ".join([" " * (width + 4), *(f"{column:>{size}}" for column in columns)]).rstrip()
    for number, row in enumerate(matrix.branches, 1):
        texts = [cells.get(frozenset((row, column)), "-") for column in matrix.branches]
        yield " ".join([f"{number:>3} {visible(row):<{width}}", *(f"{text:>{size}}" for text in texts)])
    for pair in matrix.pairs:
        yield from _details(pair)
    yield ""
    bad = sum(pair.report is not None and pair.report.summary.errors > 0 for pair in matrix.pairs)
    unjudged = sum(pair.report is None for pair in matrix.pairs)
    yield (
        f"{count(len(matrix.pairs), 'pair')}: {bad} with errors, {unjudged} not judged; {matrix.seconds:.1f} s "
        "(c: files in conflict, e: other errors, w: warnings)"
    )


def _cell(pair: Pair) -> str:
    if pair.report is None:
        return "?"
    conflicts, errors, warnings = _counts(pair.report)
    parts = [f"{number}{letter}" for number, letter in ((conflicts, "c"), (errors, "e"), (warnings, "w")) if number]
    if not parts and pair.report.verdict is Verdict.UNJUDGED:
        return "?"
    return "+".join(parts) or "ok"


def _counts(report: Report) -> tuple[int, int, int]:
    """Files in conflict, other errors (each blocked start-up is its cause's), warnings."""
    conflicts = {finding.place.path for finding in report.findings if finding.code in _CONFLICTS}
    errors = sum(
        finding.severity is Severity.ERROR and finding.code not in (*_CONFLICTS, "MG303") for finding in report.findings
    )
    return len(conflicts), errors, sum(finding.severity is Severity.WARNING for finding in report.findings)


def _details(pair: Pair) -> Iterator[str]:
    if pair.report is None:
        yield ""
        yield f"{visible(pair.theirs)} into {visible(pair.ours)}: not judged: {visible(pair.unjudged)}"
        return
    errors = [finding for finding in pair.report.findings if finding.severity is Severity.ERROR]
    if errors:
        yield ""
        yield f"{visible(pair.theirs)} into {visible(pair.ours)}"
    for finding in errors:
        where = place(finding.place.path, finding.place.line, finding.place.column)
        yield f"  {where} {finding.code} {visible(finding.message)}"


def _json(matrix: Matrix) -> Iterator[str]:
    document = {
        "version": 1,
        "branches": [visible(name) for name in matrix.branches],
        "pairs": [_pair(pair) for pair in matrix.pairs],
        "seconds": matrix.seconds,
    }
    yield msgspec.json.format(msgspec.json.encode(document), indent=1).decode()


def _pair(pair: Pair) -> dict[str, Any]:
    about: dict[str, Any] = {"ours": visible(pair.ours), "theirs": visible(pair.theirs)}
    if pair.report is None:
        return about | {"verdict": "unjudged", "unjudged": visible(pair.unjudged), "findings": []}
    return about | {
        "verdict": pair.report.verdict.value,
        "unjudged": None,
        "findings": [
            {
                "code": finding.code,
                "name": finding.name,
                "severity": finding.severity.value,
                "path": visible(finding.place.path),
                "line": finding.place.line,
                "message": visible(finding.message),
                "fingerprint": finding.fingerprint,
            }
            for finding in pair.report.findings
        ],
    }
