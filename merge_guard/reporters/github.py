"""Workflow commands of GitHub Actions: annotations at the places of the findings.

GitHub keeps ten annotations of a level for each step and drops the others without a word: the most important come
first, and where there are more, the tenth says so and the rest are plain lines of the log.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from merge_guard.model.finding import Finding, Place, Severity
from merge_guard.model.report import Report, Unjudged
from merge_guard.reporters import ReportOptions
from merge_guard.reporters.sanitise import unowned, visible, visible_path
from merge_guard.reporters.wording import (
    broken_by,
    chain_lines,
    count,
    headline,
    ranked,
    side_words,
    summary_line,
    unjudged_first,
    unjudged_text,
)

PER_LEVEL = 10
LONGEST_MESSAGE = 8_000


def lines(report: Report, options: ReportOptions) -> Iterator[str]:
    order = ranked(report)
    listed = {finding.fingerprint: finding for finding in order}
    matters, rest = unjudged_first(report)
    if options.strict:
        matters, rest = matters + rest, []
    errors = [finding for finding in order if finding.severity is Severity.ERROR]
    warnings = [] if options.quiet else [finding for finding in order if finding.severity is not Severity.ERROR]
    yield from _level("error", errors, matters, listed)
    yield from _level("warning", warnings, () if options.quiet else rest, listed)
    if not options.quiet:
        for notice in report.notices:
            yield unowned(f"note: {visible(notice)}")
    yield unowned(summary_line(report, strict=options.strict))


def _level(
    level: str, findings: Sequence[Finding], unjudged: Sequence[Unjudged], listed: dict[str, Finding]
) -> Iterator[str]:
    total = len(findings) + len(unjudged)
    room = PER_LEVEL if total <= PER_LEVEL else PER_LEVEL - 1
    commands = [_annotation(level, finding, listed) for finding in findings[:room]]
    commands += [_not_judged(level, item) for item in unjudged[: room - len(commands)]]
    yield from commands
    if len(commands) == total:
        return
    left = count(total - len(commands), f"more {level}")
    yield command(level, f"{left}: GitHub shows {PER_LEVEL} a step, the log lists all.", title="merge-guard")
    for finding in findings[room:]:
        yield unowned(headline(finding))
    for item in unjudged[max(0, room - len(findings)) :]:
        yield unowned(unjudged_text(item))


def _annotation(level: str, finding: Finding, listed: dict[str, Finding]) -> str:
    text = [visible(finding.message)]
    if finding.chain:
        text += ["", "Start-up, first-party frames:", *chain_lines(finding.chain)]
    if finding.entry_points:
        text += ["", f"Blocks: {', '.join(visible(name) for name in finding.entry_points)}"]
    for side in finding.sides:
        text.append("Side " + ", ".join(filter(None, side_words(side))))
        text += [f"  choosing it breaks: {row}" for row in broken_by(side, listed)]
    for item in finding.related:
        text.append(f"Related: {visible_path(item.place.path)}:{item.place.line} {visible(item.message)}")
    if finding.help:
        text.append(f"Help: {visible(finding.help)}")
    message = "\n".join(text)
    if len(message) > LONGEST_MESSAGE:
        message = message[:LONGEST_MESSAGE] + " ... (cut)"
    return command(level, message, finding.place, title=f"{finding.code} {finding.name}")


def _not_judged(level: str, item: Unjudged) -> str:
    return command(level, f"not judged: {visible(item.reason)}", Place(item.path), title="merge-guard: not judged")


def command(level: str, message: str, place: Place | None = None, *, title: str) -> str:
    """`::error file=…,line=…::message`; properties and data escaped as GitHub's own toolkit does."""
    properties: dict[str, object] = {}
    if place is not None:
        end = place.end_line or place.line
        properties = {"file": visible_path(place.path), "line": place.line, "endLine": end}
        if end == place.line:  # the runner drops columns of a range of lines
            properties["col"] = place.column
    properties["title"] = title
    listed = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    return f"::{level} {listed}::{_data(message)}"


def _data(text: str) -> str:
    return unowned(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
