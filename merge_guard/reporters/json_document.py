"""The whole report as one JSON document, one finding a line: quick to write, and a diff shows what changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from merge_guard.model.report import Report
from merge_guard.reporters import ReportOptions
from merge_guard.reporters import json_values as values


def lines(report: Report, options: ReportOptions) -> Iterator[str]:
    yield values.encode(values.head(report))[:-1] + ","
    yield from _array("findings", [values.finding(item) for item in report.findings])
    yield from _array("entry_points", [values.entry_point(item) for item in report.entry_points])
    yield from _array("unjudged", [values.unjudged(item) for item in report.unjudged])
    yield f' "target": {values.encode(values.target(report.target))},'
    yield f' "summary": {values.encode(values.summary(report.summary))}}}'


def _array(key: str, items: Sequence[dict[str, Any]]) -> Iterator[str]:
    if not items:
        yield f' "{key}": [],'
        return
    yield f' "{key}": ['
    for item in items[:-1]:
        yield f"  {values.encode(item)},"
    yield f"  {values.encode(items[-1])}],"
