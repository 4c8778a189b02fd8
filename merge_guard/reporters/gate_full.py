"""The verdict of a deploy for a terminal: each service, what stops it and how far that reaches, then the change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from merge_guard.model.finding import Finding
from merge_guard.model.gate import GateReport, RootCause, ServiceVerdict, Standing
from merge_guard.model.report import EntryStatus, Verdict
from merge_guard.reporters import ReportOptions
from merge_guard.reporters.colour import Paint
from merge_guard.reporters.drawing import INDENT, Drawing, drawing, wrapped
from merge_guard.reporters.full import NARROWEST, unjudged_lines
from merge_guard.reporters.gate_wording import (
    STANDINGS,
    closing,
    entry_words,
    file_words,
    modules_words,
    policy_words,
    target_words,
    word,
)
from merge_guard.reporters.sanitise import unowned, visible
from merge_guard.reporters.wording import count, target_line

MODULES_SHOWN = 8
BEHIND_SHOWN = 10
FILES_SHOWN = 30


def lines(gate: GateReport, options: ReportOptions) -> Iterator[str]:
    options = replace(options, width=max(NARROWEST, options.width))
    return map(unowned, _Gate(gate, options).lines())


class _Gate:
    def __init__(self, gate: GateReport, options: ReportOptions) -> None:
        self.gate = gate
        self.options = options
        self.paint = Paint(options.color)
        self.draw: Drawing = replace(drawing(gate.report, options, self.paint), causes=frozenset())

    def lines(self) -> Iterator[str]:
        for service in self.gate.services:
            if service.verdict is not Verdict.READY or not self.options.quiet:
                yield from self._service(service)
        yield from self._findings("errors that belong to no start-up", self.gate.elsewhere)
        yield from self._changed()
        yield from self._policy()
        yield from unjudged_lines(self.gate.report, self.options, self.paint)
        if not self.options.quiet:
            for notice in self.gate.report.notices:
                yield from wrapped(f"note: {visible(notice)}", self.options.width, indent="", hanging="      ")
            where = f"judged: {visible(self.gate.report.snapshot)}, for {target_line(self.gate.report)}"
            for row in wrapped(where, self.options.width, indent=""):
                yield self.paint.dim(row)
        verdict, colon, rest = closing(self.gate).partition(":")
        yield self._coloured(self.gate.verdict, verdict) + colon + rest

    def _coloured(self, verdict: Verdict, text: str) -> str:
        if verdict is Verdict.READY:
            return self.paint.good(text)
        return self.paint.bad(text) if verdict is Verdict.BLOCKED else self.paint.doubtful(text)

    def _service(self, service: ServiceVerdict) -> Iterator[str]:
        verdict = self._coloured(service.verdict, word(service.verdict))
        yield f"{verdict}  {self.paint.strong(visible(service.name))}"
        for row in wrapped(f"{entry_words(service)}; {target_words(service.target)}", self.options.width):
            yield self.paint.dim(row)
        if service.reason:
            yield from wrapped(visible(service.reason), self.options.width)
        for entry in service.entry_points if self.options.verbose or len(service.entry_points) > 1 else ():
            if entry.status is not EntryStatus.STARTS or self.options.verbose:
                yield f"{INDENT}{self.paint.status(entry.status, f'{entry.status.value:<7}')}  {visible(entry.name)}"
        yield ""
        for number, cause in enumerate(service.causes, 1):
            yield self.paint.strong(f"root cause {number} of {len(service.causes)}")
            yield from self._cause(cause)
        yield from self._findings("behind it, once that is mended", service.behind)

    def _cause(self, cause: RootCause) -> Iterator[str]:
        yield from self.draw.whole(replace(cause.finding, blocks=None))
        limit = len(cause.modules) if self.options.verbose else MODULES_SHOWN
        words = modules_words(cause, limit)
        if words:
            yield from self.draw.note("stops", words)
        yield ""

    def _findings(self, title: str, findings: tuple[Finding, ...]) -> Iterator[str]:
        if not findings:
            return
        yield self.paint.strong(title)
        shown = findings if self.options.verbose else findings[:BEHIND_SHOWN]
        for finding in shown:
            yield from self.draw.brief(finding)
        if len(shown) < len(findings):
            yield f"{INDENT}and {len(findings) - len(shown):,} more (--verbose lists them)"
        yield ""

    def _changed(self) -> Iterator[str]:
        files = self.gate.changed
        if files is None:
            return
        yield self.paint.strong(f"{count(len(files), 'file')} changed since {visible(self.gate.since)}")
        quiet = (Standing.READY, Standing.OUTSIDE)
        shown = 0
        for file in files:
            if not self.options.verbose and (shown >= FILES_SHOWN or (self.options.quiet and file.standing in quiet)):
                continue
            shown += 1
            name, rest = file_words(file)
            row = f"{INDENT}{self._standing(file.standing)}  {name}"
            if rest and 15 + len(name) + len(rest) <= self.options.width:
                yield f"{row}  {self.paint.dim(rest)}"
                continue
            yield row
            if rest:
                yield from wrapped(rest, self.options.width, indent=" " * 13)
        if shown < len(files):
            yield f"{INDENT}and {len(files) - shown:,} more (--verbose lists them)"
        yield ""

    def _standing(self, standing: Standing) -> str:
        text = f"{STANDINGS[standing]:<9}"
        if standing is Standing.CAUSE:
            return self.paint.bad(text)
        if standing is Standing.READY:
            return self.paint.good(text)
        return self.paint.dim(text) if standing is Standing.OUTSIDE else self.paint.doubtful(text)

    def _policy(self) -> Iterator[str]:
        if not self.gate.policy_from:
            return
        yield self.paint.strong(f"judged by the rules of {visible(self.gate.policy_from)}")
        if not self.gate.policy:
            yield f"{INDENT}the change alters none of them"
        for change in self.gate.policy:
            yield from wrapped(f"not heeded: {policy_words(change)}", self.options.width, hanging=INDENT * 2)
        yield ""
