"""The pipeline: facts of every file, start-up of every entry point, rules, report."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache

import pathspec

from merge_guard.deploy import backports
from merge_guard.deploy.discovery import Discovery
from merge_guard.deploy.entries import entry_points
from merge_guard.deploy.images import ServiceImage
from merge_guard.deploy.roots import ProjectDirectory
from merge_guard.engine import contracts, dependencies, selection, shipping, startups
from merge_guard.engine.assemble import assemble
from merge_guard.engine.definitions import DefinitionShelf
from merge_guard.engine.inside import StartContext
from merge_guard.engine.inventories import inventories
from merge_guard.engine.policy import heeded
from merge_guard.engine.second_opinion import reconsider
from merge_guard.engine.suggestions import Suggestions
from merge_guard.errors import UsageError
from merge_guard.facts.depth import deep_frames
from merge_guard.facts.markers import stands_in
from merge_guard.model.baseline import Baseline
from merge_guard.model.config import Config
from merge_guard.model.events import FunctionBody
from merge_guard.model.facts import Conflict, FileFacts
from merge_guard.model.finding import Finding, Severity
from merge_guard.model.gate import PolicyChange
from merge_guard.model.merge import Merge
from merge_guard.model.outcome import EntryPoint
from merge_guard.model.ports import Compiler, Extractor, MapFn, Progress, Unanswered
from merge_guard.model.project import Found, JudgedFile, Project, Reach
from merge_guard.model.report import EntryStatus, Report, Target, Unjudged
from merge_guard.model.request import Request
from merge_guard.model.rule import Rule, Scope
from merge_guard.model.source import FileKind, Snapshot, UnreadableError
from merge_guard.ssot.modules import Modules
from merge_guard.ssot.standing import Standing
from merge_guard.startup.frames import Terms
from merge_guard.startup.resolve import SourceTree

_LARGEST_TEXT = 256 * 1024
Bodies = Mapping[tuple[int, int], FunctionBody]


@dataclass(frozen=True, slots=True)
class Given:
    """All that a judgement is made from. `rules` are the selected ones, `defaults` every code's default severity."""

    snapshot: Snapshot
    config: Config
    request: Request
    projects: tuple[ProjectDirectory, ...]
    target: Target
    extractor: Extractor
    compiler: Compiler
    spread: MapFn
    rules: tuple[Rule, ...]
    chosen: selection.Selection
    root: str = ""
    baseline: Baseline | None = None
    renamed: Mapping[str, str] = field(default_factory=dict)
    """Old path → new path, in the judged change."""
    trusted: Callable[[str], bytes | None] | None = None
    """Files of the revision whose suppressions alone count; None where the judged ones do."""
    images: tuple[ServiceImage, ...] = ()
    merge: Merge | None = None
    """The merge that made the snapshot, for the rules about merges."""


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
        facts, unheeded = heeded(facts, given.trusted, line_reader(given.snapshot))
    timings["facts"] = time.perf_counter() - started
    project = replace(_project(given, facts, progress), unheeded=tuple(unheeded))
    timings["start-up"] = time.perf_counter() - started - timings["facts"]
    findings = _run_rules(given, project)
    timings["rules"] = time.perf_counter() - started - timings["facts"] - timings["start-up"]
    unjudged = _unjudged(project, unanswered)
    report = assemble(
        project, findings, unjudged, given.chosen, given.request, timings, time.perf_counter() - started, given.root
    )
    return report, project


def _facts(given: Given, progress: Progress | None) -> tuple[dict[str, FileFacts], dict[str, str]]:
    excluded = pathspec.GitIgnoreSpec.from_lines(given.config.exclude)
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
        elif given.config.exclude and excluded.match_file(file.path):
            # Resolvable, not judged: what it defines counts, what is wrong with it does not.
            facts[file.path] = FileFacts(python=answer.python, module=answer.module)
        else:
            facts[file.path] = answer
    return dict(sorted(facts.items())), unanswered


def _project(given: Given, facts: dict[str, FileFacts], progress: Progress | None) -> Project:
    tree = SourceTree(given.snapshot.files, given.snapshot.reader.link)
    files = given.snapshot.by_path()

    @cache
    def bodies(path: str) -> Bodies:
        return {(body.line, body.column): body for body in given.extractor.bodies(files[path])}

    terms = Terms(
        given.target.lowest,
        given.target.highest,
        "" if given.target.platform == "unknown" else given.target.platform,
        frozenset(given.config.builtins),
        provided=_provided(given.snapshot),
    )
    entries: tuple[EntryPoint, ...] = ()
    starts_nothing = given.request.text_only or given.request.inventory
    if not starts_nothing:
        entries = entry_points(
            given.request.entry,
            given.config,
            given.projects,
            tree.names,
            lambda directory: tree.file(f"{directory}/__init__.py") is not None,
            lambda path: path in facts and facts[path].main_guard,
            lambda roots: Discovery(files, tree, _texts(given.snapshot), given.projects, roots).entries(),
        )
    starts: list[StartContext] = []
    if not given.request.text_only:
        asked = bool(given.request.entry or given.config.entry)
        starts = shipping.start_contexts(entries, given.images, given.snapshot, tree, terms, facts.get, bodies, asked)
        starts = _of_service(starts, given.request.service, given.config)
    results = startups.outcomes(starts, given.spread, progress, lambda entry: contracts.serves(entry, given.config))
    reached = startups.reach(results, given.snapshot.changed, tree, facts.get)
    roots = tuple(dict.fromkeys(root for project in given.projects for root in project.roots))
    failures = () if starts_nothing else startups.latent(facts, reached, tree, roots, terms)
    snapshot = given.snapshot
    if not results and not starts_nothing and any(found.python for found in facts.values()):
        notice = "no entry point was found, so no start-up was judged: name one with --entry or in the configuration"
        snapshot = replace(snapshot, notices=(*snapshot.notices, notice))
    ground = contracts.Ground(
        given.config, tree, facts.get, results, roots, line_reader(given.snapshot), files.__contains__
    )
    breaches, undecided = ((), ()) if starts_nothing else contracts.verdicts(ground)
    if undecided:
        snapshot = replace(snapshot, notices=(*snapshot.notices, *map(contracts.notice, undecided)))
    module_name = Modules(tree, facts.get, roots).name
    standing = Standing(given.config)
    shelf = DefinitionShelf(given.extractor, files)
    codes = frozenset(given.chosen.codes) & {rule.code for rule in given.rules}
    found = inventories(
        given.config, codes, frozenset() if given.request.inventory else given.chosen.named, tree, facts, roots,
        standing, shelf, line_reader(given.snapshot), files.__contains__, _bytes(given.snapshot),
    )  # fmt: skip
    if found.notices():
        snapshot = replace(snapshot, notices=(*snapshot.notices, *found.notices()))
    return Project(
        snapshot=snapshot,
        facts=facts,
        config=given.config,
        target=given.target,
        outcomes=results,
        latent=failures,
        breaches=breaches,
        undeclared=dependencies.undeclared(
            results, given.images, shipping.requirements_of(given.snapshot), facts.get, tree
        )
        if "MG310" in codes
        else (),
        inventories=found.groups,
        likenesses=found.likenesses,
        reach=reached,
        codes=codes,
        baseline=given.baseline,
        newness=_newness(given.snapshot),
        line_text=line_reader(given.snapshot),
        suggest=Suggestions(facts, module_name, results, given.renamed),
        definitions=shelf,
        fetch_definitions=shelf.fetch,
        content=_bytes(given.snapshot),
        roots=roots,
        module_name=module_name,
        is_foreign=standing.is_foreign,
    )


def _bytes(snapshot: Snapshot) -> Callable[[str], bytes]:
    """A file's bytes, empty where they cannot be had any more."""
    files = snapshot.by_path()

    def read(path: str) -> bytes:
        try:
            return snapshot.reader.read(files[path])
        except UnreadableError:
            return b""

    return read


def _provided(snapshot: Snapshot) -> Callable[[str], bool | None]:
    """Whether the project's requirements bring a module; read when that is asked first."""

    @cache
    def texts() -> list[tuple[str, str]]:
        found = []
        for file in snapshot.files:
            if file.kind is FileKind.REGULAR and backports.names_requirements(file.path):
                with suppress(UnreadableError):
                    found.append((file.path, snapshot.reader.read(file).decode("utf-8", "replace")))
        return found

    return cache(lambda module: backports.is_provided(module, texts()))


def _texts(snapshot: Snapshot) -> Callable[[str], str | None]:
    """Small files of the snapshot, for what deploy files declare."""
    files = snapshot.by_path()

    def text(path: str) -> str | None:
        file = files.get(path)
        if file is None or file.kind is not FileKind.REGULAR:
            return None
        try:
            data = snapshot.reader.read(file)
        except UnreadableError:
            return None
        return data.decode("utf-8", "replace") if len(data) <= _LARGEST_TEXT else None

    return text


def _of_service(starts: list[StartContext], service: str, config: Config) -> list[StartContext]:
    known = {*config.services, *(start.entry.service for start in starts)} - {""}
    if service and service not in known:
        raise UsageError(f"no service {service!r}; known are: {', '.join(sorted(known)) or 'none'}")
    return [start for start in starts if start.entry.service == service] if service else starts


def line_reader(snapshot: Snapshot) -> Callable[[str, int], str]:
    """Lines of the snapshot's files for people; each file is read once."""
    files = snapshot.by_path()

    @lru_cache(maxsize=256)
    def lines(path: str) -> list[str]:
        file = files.get(path)
        if file is None or file.kind is not FileKind.REGULAR:
            return []
        try:
            return snapshot.reader.read(file).decode("utf-8", "replace").splitlines()
        except UnreadableError:
            return []

    def line(path: str, number: int) -> str:
        every = lines(path)
        return every[number - 1] if 0 < number <= len(every) else ""

    return line


def _newness(snapshot: Snapshot) -> Callable[[str, Conflict], bool | None]:
    def newness(path: str, conflict: Conflict) -> bool | None:
        versions = snapshot.history.parent_versions(path)
        if versions is None:
            return None
        kind = "python" if path.endswith((".py", ".pyw")) else "notebook" if path.endswith(".ipynb") else "text"
        return not any(data is not None and stands_in(conflict, data, kind) for data in versions)

    return newness


def _run_rules(given: Given, project: Project) -> list[Finding]:
    findings: list[Finding] = []
    judged = [JudgedFile(path, facts, project) for path, facts in project.facts.items()]
    for rule in given.rules:
        if rule.scope is Scope.FILE:
            for file in judged:
                findings += rule.check(file)
        elif rule.scope is Scope.PROJECT:
            findings.extend(rule.check(project))
        elif rule.scope is Scope.MERGE and given.merge is not None:
            findings.extend(rule.check(given.merge))
    found = Found(project, tuple(findings), given.chosen.known, _undecided(given.request, project))
    for rule in given.rules:
        if rule.scope is Scope.FINDINGS:
            findings.extend(rule.check(found))
    severity = given.chosen.severity
    return [
        replace(finding, severity=severity[finding.code]) if finding.code in severity else finding
        for finding in findings
        if severity.get(finding.code, finding.severity) is not Severity.OFF
    ]


def _undecided(request: Request, project: Project) -> tuple[str, ...]:
    """Codes that another judgement of the same tree may find where this one does not."""
    if request.entry or any(outcome.status is EntryStatus.UNKNOWN for outcome in project.outcomes):
        return ("MG202", "MG3", "MG6")
    return ("MG202", "MG3") if request.target_python else ()


def _unjudged(project: Project, unanswered: Mapping[str, str]) -> list[Unjudged]:
    items = dict(unanswered)
    for path, facts in project.facts.items():
        if facts.problem is not None and facts.problem.kind == "not-analysable":
            items[path] = facts.problem.message
    mattering = {path for path, reach in project.reach.items() if reach in (Reach.START, Reach.CHANGED)}
    mattering.update(path for found in project.inventories for path in found.unread)
    for outcome in project.outcomes:
        for path, reason in outcome.unjudged.items():
            mattering.add(path or outcome.entry.name)
            items.setdefault(path or outcome.entry.name, reason)
    changed: frozenset[str] = project.snapshot.changed or frozenset()
    return [Unjudged(path, reason, path in mattering or path in changed) for path, reason in sorted(items.items())]
