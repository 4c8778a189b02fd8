"""Markdown for a job summary (`$GITHUB_STEP_SUMMARY`).

Everything that the repository controls stands inside a code span or a fence that is longer than any run of backticks
in it: there no HTML, link, mention or issue reference can come to life. The text ends below GitHub's limit of 1 MiB,
and says what it left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from merge_guard.model.finding import Finding, Severity
from merge_guard.model.report import EntryStatus, Report
from merge_guard.reporters import ReportOptions
from merge_guard.reporters.colour import Paint
from merge_guard.reporters.drawing import drawing
from merge_guard.reporters.sanitise import place, unowned, visible, visible_path
from merge_guard.reporters.wording import count, ranked, statistics, summary_line, target_line, unjudged_first

LIMIT = 1_000_000  # bytes; GitHub refuses a summary over 1,048,576
LONGEST_BLOCK = 20_000
LONGEST_TEXT = 400
WIDTH = 110
WARNINGS_SHOWN = 50
ENTRIES_SHOWN = 100
UNJUDGED_SHOWN = 100
_TICKS = re.compile("`+")


def lines(report: Report, options: ReportOptions) -> Iterator[str]:
    """All of it, or as many whole parts as the limit allows."""
    return bounded(_parts(report, options), f"There are {count(len(report.findings), 'finding')} in all")


def bounded(parts: Iterable[list[str]], total: str) -> Iterator[str]:
    """As many whole parts as the limit allows; `total` says what there is."""
    used = 0
    for part in parts:
        text = [unowned(line) for line in part]
        used += sum(len(line.encode("utf-8")) + 1 for line in text)
        if used > LIMIT:
            yield f"**Cut here: a job summary holds 1 MiB. {total}; the other formats have each.**"
            return
        yield from text


def _parts(report: Report, options: ReportOptions) -> Iterator[list[str]]:
    order = ranked(report)
    yield ["## merge-guard", "", f"**{summary_line(report, strict=options.strict)}**", ""]
    yield from _entry_points(report, options)
    yield from unjudged_parts(report, options)
    draw = drawing(report, ReportOptions(width=WIDTH, verbose=options.verbose), Paint(False))
    errors = [finding for finding in order if finding.severity is Severity.ERROR]
    if errors:
        yield ["### Errors", ""]
    for finding in errors:
        yield [*_title(finding), *fenced(list(draw.whole(finding))[1:]), ""]
    if not options.quiet:
        yield from _warnings([f for f in order if f.severity is not Severity.ERROR], options)
        for notice in report.notices:
            yield [f"- note: {span(_short(notice))}", ""]
    if options.statistics and report.findings:
        rows = [f"{number:>7,}  {code}  {name}" for number, code, name in statistics(report.findings)]
        yield ["### Statistics", "", *fenced(rows), ""]
    yield [f"Judged: {span(report.snapshot)}, for {span(target_line(report))}"]


def _title(finding: Finding) -> list[str]:
    where = finding.place
    return [f"#### {finding.code} {finding.name}: {span(place(where.path, where.line, where.column))}", ""]


def _warnings(findings: Sequence[Finding], options: ReportOptions) -> Iterator[list[str]]:
    if not findings:
        return
    shown = findings if options.verbose else findings[:WARNINGS_SHOWN]
    part = [f"### {count(len(findings), 'warning').capitalize()}", ""]
    for finding in shown:
        where = finding.place
        yield [
            *part,
            f"- {finding.code} {span(place(where.path, where.line, where.column))} {span(_short(finding.message))}",
        ]
        part = []
    if len(shown) < len(findings):
        yield [f"- and {count(len(findings) - len(shown), 'more warning')} (`--verbose` lists them)"]
    yield [""]


def _entry_points(report: Report, options: ReportOptions) -> Iterator[list[str]]:
    if not report.entry_points:
        return
    order = (EntryStatus.FAILS, EntryStatus.UNKNOWN, EntryStatus.STARTS)
    entries = sorted(report.entry_points, key=lambda entry: (order.index(entry.status), entry.name))
    shown = entries if options.verbose else entries[:ENTRIES_SHOWN]
    yield ["### Entry points", ""]
    for entry in shown:
        modules = f" ({count(entry.modules, 'module')})" if entry.modules else ""
        yield [f"- {entry.status.value}: {span(entry.name)}{modules}"]
    if len(shown) < len(entries):
        yield [f"- and {count(len(entries) - len(shown), 'more entry point')} (`--verbose` lists them)"]
    yield [""]


def unjudged_parts(report: Report, options: ReportOptions) -> Iterator[list[str]]:
    matters, rest = unjudged_first(report)
    items = matters + rest
    if not items:
        return
    shown = items if options.verbose else items[: max(len(matters), UNJUDGED_SHOWN)]
    yield ["### Not judged", ""]
    for number, item in enumerate(shown):
        weight = "matters" if options.strict or number < len(matters) else "notice"
        yield [f"- {weight}: {span(visible_path(item.path))} {span(_short(item.reason))}"]
    if len(shown) < len(items):
        yield [f"- and {count(len(items) - len(shown), 'more file')} (`--verbose` lists them)"]
    yield [""]


def span(text: str) -> str:
    """The text as a code span; CommonMark strips one space at each end, and only there a space is added."""
    text = visible(text)
    ticks = "`" * (_longest_run(text) + 1)
    if not text.strip(" "):
        return f"{ticks} {text} {ticks}" if text else "` `"
    pad = " " if text[0] in "` " or text[-1] in "` " else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else text[:LONGEST_TEXT] + "... (cut)"


def fenced(rows: Sequence[str]) -> list[str]:
    """The rows as a code block without language."""
    shown: list[str] = []
    size = 0
    for row in rows:
        size += len(row) + 1
        if size > LONGEST_BLOCK:
            shown.append(f"... ({count(len(rows) - len(shown), 'more line')} cut)")
            break
        shown.append(row)
    fence = "`" * max(3, max(map(_longest_run, shown), default=0) + 1)
    return [fence + "text", *shown, fence]


def _longest_run(text: str) -> int:
    return max(map(len, _TICKS.findall(text)), default=0)
