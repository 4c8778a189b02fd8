"""The verdict of a deploy as Markdown, for a job summary; the repository's text stands in code spans and fences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from merge_guard.model.finding import Finding
from merge_guard.model.gate import GateReport, RootCause, ServiceVerdict
from merge_guard.reporters import ReportOptions
from merge_guard.reporters.colour import Paint
from merge_guard.reporters.drawing import Drawing, drawing
from merge_guard.reporters.gate_wording import (
    STANDINGS,
    at,
    closing,
    entry_words,
    file_words,
    policy_words,
    target_words,
    word,
)
from merge_guard.reporters.markdown import WIDTH, bounded, fenced, span, unjudged_parts
from merge_guard.reporters.wording import count, target_line

MODULES_SHOWN = 20
FINDINGS_SHOWN = 50
FILES_SHOWN = 200


def lines(gate: GateReport, options: ReportOptions) -> Iterator[str]:
    return bounded(_parts(gate, options), f"There are {count(len(gate.report.findings), 'finding')} in all")


def _parts(gate: GateReport, options: ReportOptions) -> Iterator[list[str]]:
    yield ["## merge-guard gate", "", f"**{span(closing(gate))}**", ""]
    if gate.services:
        yield ["| verdict | service | entry points | target |", "|---|---|---|---|"]
        for service in gate.services:
            name, target = cell(service.name), cell(target_words(service.target))
            yield [f"| **{word(service.verdict)}** | {name} | {entry_words(service)} | {target} |"]
        yield [""]
    draw = drawing(gate.report, ReportOptions(width=WIDTH, verbose=options.verbose), Paint(False))
    for service in gate.services:
        yield from _service(service, replace(draw, causes=frozenset()), options)
    yield from _findings("### Errors that belong to no start-up", gate.elsewhere, options)
    yield from _changed(gate, options)
    yield from _policy(gate)
    yield from unjudged_parts(gate.report, options)
    for notice in gate.report.notices:
        yield [f"- note: {span(notice)}", ""]
    yield [f"Judged: {span(gate.report.snapshot)}, for {span(target_line(gate.report))}"]


def cell(text: str) -> str:
    """A code span for a table, whose cells end at a bar even in one."""
    return span(text).replace("|", "\\|")


def _service(service: ServiceVerdict, draw: Drawing, options: ReportOptions) -> Iterator[list[str]]:
    if not (service.causes or service.behind or service.reason):
        return
    yield [f"### {word(service.verdict)}: {span(service.name)}", ""]
    if service.reason:
        yield [span(service.reason), ""]
    for cause in service.causes:
        finding = cause.finding
        yield [f"#### {finding.code} {finding.name}: {span(at(finding))}", "", ""]
        yield fenced(list(draw.whole(replace(finding, blocks=None)))[1:])
        yield [*_modules(cause, options), ""]
    yield from _findings("#### Behind it, once that is mended", service.behind, options)


def _modules(cause: RootCause, options: ReportOptions) -> list[str]:
    if not cause.modules:
        return []
    shown = cause.modules if options.verbose else cause.modules[:MODULES_SHOWN]
    more = f" and {len(cause.modules) - len(shown):,} more" if len(shown) < len(cause.modules) else ""
    names = ", ".join(span(name) for name in shown)
    return ["", f"Stops {count(len(cause.modules), 'module')}, which cannot be imported: {names}{more}."]


def _findings(title: str, findings: Sequence[Finding], options: ReportOptions) -> Iterator[list[str]]:
    if not findings:
        return
    yield [title, ""]
    shown = findings if options.verbose else findings[:FINDINGS_SHOWN]
    for finding in shown:
        text = f"{finding.message} ({finding.help})" if finding.help else finding.message
        yield [f"- {finding.code} {span(at(finding))} {span(text)}"]
    if len(shown) < len(findings):
        yield [f"- and {len(findings) - len(shown):,} more (`--verbose` lists them)"]
    yield [""]


def _changed(gate: GateReport, options: ReportOptions) -> Iterator[list[str]]:
    if gate.changed is None:
        return
    yield [f"### {count(len(gate.changed), 'file')} changed since {span(gate.since)}", ""]
    shown = gate.changed if options.verbose else gate.changed[:FILES_SHOWN]
    for file in shown:
        name, rest = file_words(file)
        yield [f"- **{STANDINGS[file.standing]}**: {span(name)}{f' {span(rest)}' if rest else ''}"]
    if len(shown) < len(gate.changed):
        yield [f"- and {len(gate.changed) - len(shown):,} more (`--verbose` lists them)"]
    yield [""]


def _policy(gate: GateReport) -> Iterator[list[str]]:
    if not gate.policy_from:
        return
    yield [f"### Judged by the rules of {span(gate.policy_from)}", ""]
    for change in gate.policy:
        yield [f"- not heeded: {span(policy_words(change))}"]
    if not gate.policy:
        yield ["The change alters none of them."]
    yield [""]
