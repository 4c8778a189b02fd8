"""One JSON object a line, each with a `type`; the objects are those of `json`, the summary comes last."""

from __future__ import annotations

from collections.abc import Iterator

from merge_guard.model.report import Report
from merge_guard.reporters import ReportOptions
from merge_guard.reporters import json_values as values


def lines(report: Report, options: ReportOptions) -> Iterator[str]:
    for finding in report.findings:
        yield values.encode({"type": "finding", **values.finding(finding)})
    for entry in report.entry_points:
        yield values.encode({"type": "entry_point", **values.entry_point(entry)})
    for item in report.unjudged:
        yield values.encode({"type": "unjudged", **values.unjudged(item)})
    yield values.encode(
        {
            "type": "summary",
            **values.head(report),
            "target": values.target(report.target),
            **values.summary(report.summary),
        }
    )
