"""The whole report as one JSON document, one finding a line: quick to write, and a diff shows what changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from merge_guard.model.report import Report
from merge_guard.reporters import ReportOptions
from merge_guard.reporters import json_values as values


def lines(report: Report, options: ReportOptions) -> Iterator[str]:
    yield from document(report, {})


def document(report: Report, more: Mapping[str, Any]) -> Iterator[str]:
    """The report's lines, with `more` keys at the end."""
    yield values.encode(values.head(report))[:-1] + ","
    yield from _array("findings", [values.finding(item) for item in report.findings])
    yield from _array("entry_points", [values.entry_point(item) for item in report.entry_points])
    yield from _array("unjudged", [values.unjudged(item) for item in report.unjudged])
    yield f' "target": {values.encode(values.target(report.target))},'
    more = {"notices": list(report.notices), **more}
    tail = "".join(f',\n "{key}": {values.encode(value)}' for key, value in more.items())
    yield from f' "summary": {values.encode(values.summary(report.summary))}{tail}}}'.split("\n")


def _array(key: str, items: Sequence[dict[str, Any]]) -> Iterator[str]:
    if not items:
        yield f' "{key}": [],'
        return
    yield f' "{key}": ['
    for item in items[:-1]:
        yield f"  {values.encode(item)},"
    yield f"  {values.encode(items[-1])}],"
