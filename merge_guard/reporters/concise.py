"""One line a finding, then what was not judged, then the summary."""

from __future__ import annotations

from collections.abc import Iterator

from merge_guard.model.finding import Severity
from merge_guard.model.report import Report
from merge_guard.reporters import ReportOptions
from merge_guard.reporters.sanitise import unowned, visible
from merge_guard.reporters.wording import (
    headline,
    ranked,
    statistics,
    summary_line,
    unjudged_first,
    unjudged_text,
)


def lines(report: Report, options: ReportOptions) -> Iterator[str]:
    return map(unowned, _lines(report, options))


def _lines(report: Report, options: ReportOptions) -> Iterator[str]:
    for finding in ranked(report):
        if finding.severity is Severity.ERROR or not options.quiet:
            yield headline(finding)
    matters, rest = unjudged_first(report)
    for item in matters if options.quiet and not options.strict else matters + rest:
        yield unjudged_text(item)
    if not options.quiet:
        for notice in report.notices:
            yield f"note: {visible(notice)}"
    if options.statistics:
        for number, code, name in statistics(report.findings):
            yield f"{number:>7,}  {code}  {name}"
    yield summary_line(report, strict=options.strict)
