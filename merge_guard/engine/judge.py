"""The pipeline: facts of every file, start-up of every entry point, rules, report."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING

from merge_guard.engine.assemble import assemble
from merge_guard.engine.given import Given
from merge_guard.engine.projects import project_of
from merge_guard.engine.reading import line_reader
from merge_guard.engine.second_opinion import reconsider
from merge_guard.model.depth import deep_frames
from merge_guard.model.facts import FileFacts
from merge_guard.model.finding import Finding, Severity
from merge_guard.model.ports import Progress, Unanswered
from merge_guard.model.project import Found, JudgedFile, Project, Reach
from merge_guard.model.report import EntryStatus, Report, Unjudged
from merge_guard.model.request import Request
from merge_guard.model.rule import Scope
from merge_guard.model.source import FileKind

if TYPE_CHECKING:
    from merge_guard.model.gate import PolicyChange


def judge(given: Given, progress: Progress | None = None) -> tuple[Report, Project]:
    """Judge a snapshot; the project is handed back for surfaces that ask further, such as `trace`."""
    with _rare_collections(), deep_frames():
        return _judge(given, progress)


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Garbage collection at long intervals: facts are millions of objects that live until the end, without cycles."""
    thresholds = gc.get_threshold()
    if thresholds[0]:
        gc.set_threshold(1_000_000, 50, 1_000)
    try:
        yield
    finally:
        # All goes to the oldest generation unseen: the collection that is overdue would walk every fact.
        gc.freeze()
        gc.unfreeze()
        gc.set_threshold(*thresholds)


def _judge(given: Given, progress: Progress | None) -> tuple[Report, Project]:
    started = time.perf_counter()
    timings: dict[str, float] = {}
    facts, unanswered = _facts(given, progress)
    files = given.snapshot.by_path()
    facts.update(
        reconsider(
            facts,
            (given.target.lowest, given.target.highest),
            given.compiler,
            lambda path: given.snapshot.reader.read(files[path]),
            line_reader(given.snapshot),
        )
    )
    unheeded: list[PolicyChange] = []
    if given.trusted is not None:
        from merge_guard.engine.policy import heeded

        facts, unheeded = heeded(facts, given.trusted, line_reader(given.snapshot))
    timings["facts"] = time.perf_counter() - started
    project = replace(project_of(given, facts, given.focus(facts), progress), unheeded=tuple(unheeded))
    timings["start-up"] = time.perf_counter() - started - timings["facts"]
    findings = _run_rules(given, project)
    timings["rules"] = time.perf_counter() - started - timings["facts"] - timings["start-up"]
    unjudged = _unjudged(project, unanswered)
    report = assemble(
        project, findings, unjudged, given.chosen, given.request, timings, time.perf_counter() - started, given.root
    )
    return report, project


def _facts(given: Given, progress: Progress | None) -> tuple[dict[str, FileFacts], dict[str, str]]:
    excluded = _excluded(given.config.exclude)
    wanted = [file for file in given.snapshot.files if file.kind is FileKind.REGULAR]
    if given.request.text_only and given.request.paths:
        named = set(given.request.paths)
        wanted = [file for file in wanted if file.path in named]
    facts: dict[str, FileFacts] = {}
    unanswered: dict[str, str] = {
        file.path: "not a regular file"
        for file in given.snapshot.files
        if file.kind is FileKind.SPECIAL and file.is_python
    }
    for file, answer in given.extractor.facts(wanted, progress):
        if isinstance(answer, Unanswered):
            unanswered[file.path] = str(answer)
        elif excluded(file.path):
            # Resolvable, not judged: what it defines counts, what is wrong with it does not.
            facts[file.path] = FileFacts(python=answer.python, module=answer.module)
        else:
            facts[file.path] = answer
    return dict(sorted(facts.items())), unanswered


def _excluded(patterns: Sequence[str]) -> Callable[[str], bool]:
    if not patterns:
        return lambda path: False
    import pathspec

    matched = pathspec.GitIgnoreSpec.from_lines(patterns)
    return lambda path: bool(matched.match_file(path))


def _run_rules(given: Given, project: Project) -> list[Finding]:
    findings: list[Finding] = []
    judged = cache(partial(_judged, project))
    for rule in given.rules:
        if rule.scope is Scope.FILE:
            for file in judged(rule.needs):
                findings += rule.check(file)
        elif rule.scope is Scope.PROJECT:
            findings.extend(rule.check(project))
        elif rule.scope is Scope.MERGE and given.merge is not None:
            findings.extend(rule.check(given.merge))
    found = Found(project, tuple(findings), given.chosen.known, _undecided(given.request, project))
    for rule in given.rules:
        if rule.scope is Scope.FINDINGS:
            findings += [finding for finding in rule.check(found) if project.is_asked(finding.place.path)]
    severity = given.chosen.severity
    return [
        replace(finding, severity=severity[finding.code]) if finding.code in severity else finding
        for finding in findings
        if severity.get(finding.code, finding.severity) is not Severity.OFF
    ]


def _judged(project: Project, needs: str) -> list[JudgedFile]:
    """The files that have what a rule speaks of: of most there is nothing to say."""
    return [
        JudgedFile(path, facts, project)
        for path, facts in project.facts.items()
        if (not needs or getattr(facts, needs)) and project.is_asked(path)
    ]


def _undecided(request: Request, project: Project) -> tuple[str, ...]:
    """Codes that another judgement of the same tree may find where this one does not."""
    if request.entry or any(outcome.status is EntryStatus.UNKNOWN for outcome in project.outcomes):
        return ("MG202", "MG3", "MG6")
    return ("MG202", "MG3") if request.target_python else ()


_MATTERING = frozenset({Reach.START, Reach.CHANGED, Reach.POSSIBLE})


def _unjudged(project: Project, unanswered: Mapping[str, str]) -> list[Unjudged]:
    items = dict(unanswered)
    for path, facts in project.facts.items():
        if facts.problem is not None and facts.problem.kind == "not-analysable":
            items[path] = facts.problem.message
    mattering = {path for path, reach in project.reach.items() if reach in _MATTERING}
    mattering.update(path for found in project.inventories for path in found.unread)
    for outcome in project.outcomes:
        for path, reason in outcome.unjudged.items():
            mattering.add(path or outcome.entry.name)
            items.setdefault(path or outcome.entry.name, reason)
    changed: frozenset[str] = project.snapshot.changed or frozenset()
    return [Unjudged(path, reason, path in mattering or path in changed) for path, reason in sorted(items.items())]
