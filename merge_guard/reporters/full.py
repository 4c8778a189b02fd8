"""For a terminal: why it does not start, with the chain and the code, then the rest, then one line that sums it up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from merge_guard.model.finding import Finding, Severity
from merge_guard.model.report import EntryPointResult, EntryStatus, Report, Verdict
from merge_guard.reporters import ReportOptions
from merge_guard.reporters.colour import Paint
from merge_guard.reporters.drawing import Drawing, drawing, wrapped
from merge_guard.reporters.sanitise import unowned, visible, visible_path
from merge_guard.reporters.wording import (
    count,
    ranked,
    statistics,
    summary_line,
    target_line,
    unjudged_first,
)

NARROWEST = 40
WARNINGS_SHOWN = 20
QUIET_ENTRIES = 10
UNJUDGED_SHOWN = 10
PLACES_SHOWN = 3


def lines(report: Report, options: ReportOptions) -> Iterator[str]:
    options = replace(options, width=max(NARROWEST, options.width))
    return map(unowned, _lines(report, options))


def _lines(report: Report, options: ReportOptions) -> Iterator[str]:
    paint = Paint(options.color)
    order = ranked(report)
    draw = drawing(report, options, paint)
    for finding in order:
        if finding.severity is Severity.ERROR:
            yield from draw.whole(finding)
            yield ""
    if not options.quiet:
        yield from _warnings([f for f in order if f.severity is not Severity.ERROR], draw, options)
        yield from _entry_points(report.entry_points, options, paint)
    yield from unjudged_lines(report, options, paint)
    if not options.quiet:
        for notice in report.notices:
            yield from wrapped(f"note: {visible(notice)}", options.width, indent="", hanging="      ")
        if report.notices:
            yield ""
    if options.statistics and report.findings:
        for number, code, name in statistics(report.findings):
            yield f"{number:>7,}  {code}  {name}"
        yield ""
    yield from _foot(report, options, paint)


def _foot(report: Report, options: ReportOptions, paint: Paint) -> Iterator[str]:
    if not options.quiet:
        for row in wrapped(f"judged: {visible(report.snapshot)}, for {target_line(report)}", options.width, indent=""):
            yield paint.dim(row)
    clean = report.verdict is Verdict.READY and not report.summary.errors and not (options.strict and report.unjudged)
    word, colon, rest = summary_line(report, strict=options.strict).partition(":")
    colour = paint.good if clean else paint.doubtful if report.verdict is Verdict.UNJUDGED else paint.bad
    yield colour(word) + colon + rest


def _warnings(findings: Sequence[Finding], draw: Drawing, options: ReportOptions) -> Iterator[str]:
    if not findings:
        return
    if options.verbose or len(findings) <= WARNINGS_SHOWN:
        for finding in findings:
            yield from draw.whole(finding) if options.verbose else draw.brief(finding)
            if options.verbose:
                yield ""
        if not options.verbose:
            yield ""
        return
    yield f"{count(len(findings), 'warning')}, summed up by code (--verbose shows each):"
    for number, code, name in statistics(findings):
        yield f"{number:>7,}  {draw.paint.doubtful(code)} {name}"
        paths = list(dict.fromkeys(f.place.path for f in findings if f.code == code))
        shown = ", ".join(visible_path(path) for path in paths[:PLACES_SHOWN])
        more = f" and {count(len(paths) - PLACES_SHOWN, 'more file')}" if len(paths) > PLACES_SHOWN else ""
        for row in wrapped(f"in {shown}{more}", options.width, indent=" " * 9):
            yield draw.paint.dim(row)
    yield ""


def _entry_points(entries: Sequence[EntryPointResult], options: ReportOptions, paint: Paint) -> Iterator[str]:
    if not entries:
        return
    starting = [entry for entry in entries if entry.status is EntryStatus.STARTS]
    shorten = len(starting) > QUIET_ENTRIES and not options.verbose
    order = (EntryStatus.FAILS, EntryStatus.UNKNOWN, EntryStatus.STARTS)
    shown = sorted(
        (entry for entry in entries if not (shorten and entry.status is EntryStatus.STARTS)),
        key=lambda entry: (order.index(entry.status), entry.name),
    )
    yield paint.strong("entry points")
    names = [visible(entry.name) for entry in shown]
    widest = min(max(map(len, names), default=0), options.width // 2)
    for entry, name in zip(shown, names, strict=True):
        facts = [count(entry.modules, "module")] if entry.modules else []
        if entry.origin:
            facts.append(visible(entry.origin))
        status = paint.status(entry.status, f"{entry.status.value:<7}")
        row = f"  {status}  {name:<{widest}}".rstrip()
        tail = ", ".join(facts)
        if not tail:
            yield row
        elif 11 + max(widest, len(name)) + 2 + len(tail) <= options.width:
            yield f"{row:<{len(row) + max(0, widest - len(name))}}  {paint.dim(tail)}"
        else:
            yield row
            for part in wrapped(tail, options.width, indent=" " * 11):
                yield paint.dim(part)
    if shorten:
        yield f"  {paint.good('starts ')}  {count(len(starting), 'entry point')} (--verbose lists them)"
    yield ""


def unjudged_lines(report: Report, options: ReportOptions, paint: Paint) -> Iterator[str]:
    matters, rest = unjudged_first(report)
    if options.strict:
        matters, rest = matters + rest, []
    if options.quiet:
        rest = []
    if not matters and not rest:
        return
    yield paint.strong("not judged")
    shown = rest if options.verbose else rest[:UNJUDGED_SHOWN]
    for item in (*matters, *shown):
        word = paint.bad("matters") if item in matters else paint.dim("notice ")
        yield f"  {word}  {visible_path(item.path)}"
        yield from wrapped(visible(item.reason), options.width, indent=" " * 11)
    if len(shown) < len(rest):
        yield f"  {paint.dim('notice ')}  {count(len(rest) - len(shown), 'more file')} (--verbose lists them)"
    yield ""
