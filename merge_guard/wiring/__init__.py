"""Where adapters meet the engine: nowhere else are files, git, workers and configuration brought together."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from merge_guard.errors import ConfigError
from merge_guard.model.request import Request
from merge_guard.wiring import remembering
from merge_guard.wiring.trees import Tree, below_root, snapshot_of

if TYPE_CHECKING:
    from merge_guard.engine import selection
    from merge_guard.engine.given import Focus
    from merge_guard.model.config import Config
    from merge_guard.model.gate import GateReport, PolicyChange
    from merge_guard.model.merge import Merge
    from merge_guard.model.ports import Progress
    from merge_guard.model.project import Project
    from merge_guard.model.report import Report
    from merge_guard.model.rule import Rule
    from merge_guard.model.source import Snapshot
    from merge_guard.model.trace import Ranking, Trace
    from merge_guard.wiring.remembering import Witness
    from merge_guard.workers.shared import SharedFacts


def rules() -> Sequence[Rule]:
    """Every rule, loaded."""
    from merge_guard import rules as rule_table

    return rule_table.load_all()


def judge(request: Request, *, progress: Progress | None = None, witness: Witness | None = None) -> Report:
    """Judge what the request names; raises a `MergeGuardError` for anything that a user can mend."""
    if request.cache_dir is not None and not request.text_only:
        return remembering.judge(request, progress, witness)
    from merge_guard.engine.judge import judge as run
    from merge_guard.wiring.preparing import prepare

    with prepare(request) as prepared:
        return run(prepared.given(), progress)[0]


def judged(
    request: Request, texts: Mapping[str, bytes | None] | None = None, config: Config | None = None
) -> tuple[Report, Project]:
    """The judgement with the project that it is about, for operations that go on from there.

    `texts` are contents that files are to have instead of theirs, None for one that is to be gone. `config` takes the
    place of the one that the tree holds.
    """
    from merge_guard.engine.judge import judge as run
    from merge_guard.wiring.preparing import prepare

    taken = None
    if texts:
        from merge_guard.sources.overlay import overlay

        snapshot, root = snapshot_of(request)
        # The cache knows files by what the work tree says of them, which is not what these hold.
        taken, request = (overlay(snapshot, texts), root), replace(request, cache_dir=None)
    with prepare(request, taken, config=config) as prepared:
        return run(prepared.given(), None)


def below(request: Request, paths: Sequence[str], root: str, snapshot: Snapshot) -> tuple[str, ...]:
    """Paths that the user wrote, relative to the root; raises `UsageError` for what is not there."""
    tree = Tree(snapshot)
    return tuple(below_root(path, request.start, root, tree) for path in paths)


def judge_snapshot(
    request: Request,
    snapshot: Snapshot,
    root: str,
    merge: Merge | None = None,
    *,
    focus: Focus | None = None,
    shared: SharedFacts | None = None,
    progress: Progress | None = None,
) -> Report:
    """Judge a snapshot that somebody else made, such as the result of a merge that has not happened."""
    from merge_guard.engine.judge import judge as run
    from merge_guard.wiring.preparing import prepare

    with prepare(request, (snapshot, root), merge=merge, focus=focus, shared=shared) as prepared:
        return run(prepared.given(), progress)[0]


def merge_rules(request: Request) -> tuple[tuple[Rule, ...], selection.Selection]:
    """The rules about merges, and what the request and the configuration select of them."""
    from merge_guard import rules as rule_table
    from merge_guard.engine import selection
    from merge_guard.model.finding import Severity

    defaults = {code: Severity(entry.severity) for code, entry in rule_table.table().items()}
    chosen = selection.select(defaults, effective_config(request), request)
    return tuple(rule_table.load(code) for code in chosen.codes if code.startswith("MG5")), chosen


def read_text(request: Request, path: str) -> bytes | None:
    """One small file of the tree that the request names, None where there is none."""
    return Tree(snapshot_of(request)[0]).read(path)


def gate(request: Request, *, progress: Progress | None = None) -> GateReport:
    """The verdict of each service, and of each file that changed since the revision that the request names.

    Nothing is recalled: whoever can write to the cache could decide the verdict.
    """
    from merge_guard.engine.gating import gate as by_services
    from merge_guard.engine.judge import judge as run
    from merge_guard.wiring.preparing import prepare

    snapshot, root = snapshot_of(request)
    changes = None
    if request.changed_since:
        from merge_guard.sources.changes import changes_since

        changes = changes_since(root, request.changed_since, snapshot, request.revision)
        notices = (*snapshot.notices, *changes.notices)
        here = snapshot.by_path()
        gone = {path for path in changes.paths() if path.endswith(".py") and path not in here}
        snapshot = replace(snapshot, changed=changes.paths(), removed=snapshot.removed | gone, notices=notices)
    trusted = None
    if request.policy_from:
        from merge_guard.sources.revision import revision_snapshot

        trusted = Tree(revision_snapshot(root, request.policy_from))
    renamed = {change.old: change.path for change in changes.files if change.old} if changes else {}
    with prepare(replace(request, cache_dir=None), (snapshot, root), trusted) as prepared:
        report, project = run(replace(prepared.given(), renamed=renamed), progress)
    tree = Tree(snapshot)
    return by_services(
        project,
        report,
        unnamed=_project_name(tree),
        service=request.service,
        changes=changes,
        policy_from=f"{request.policy_from} ({trusted.label})" if trusted else "",
        policy=(*_altered(request, trusted, project.config, tree), *project.unheeded) if trusted else (),
    )


def _altered(request: Request, trusted: Tree, config: Config, tree: Tree) -> Iterator[PolicyChange]:
    """What the judged tree says otherwise in its configuration and baseline, which may not even load."""
    from merge_guard.engine import policy
    from merge_guard.model.baseline import FILE
    from merge_guard.model.gate import PolicyChange
    from merge_guard.wiring.settings import baseline_of, config_of

    try:
        yield from policy.altered(config, config_of(request, tree))
    except ConfigError as error:
        yield PolicyChange(policy.CONFIGURATION, config.origin or "configuration", 1, "", "", str(error))
    try:
        yield from policy.accepted(baseline_of(request, trusted), baseline_of(request, tree))
    except ConfigError as error:
        yield PolicyChange(policy.BASELINE, FILE, 1, "", "", str(error))


def _project_name(tree: Tree) -> str:
    """What entry points that belong to no named service are shown under."""
    from merge_guard.deploy.declarations import read_name

    try:
        name = read_name((tree.read("pyproject.toml") or b"").decode("utf-8", "replace"))
    except ConfigError:
        name = ""
    return name or "project"


def trace(request: Request, what: str) -> Trace:
    """How start-up reaches one module (dotted name or file), and what is found there."""
    from merge_guard.engine.tracing import trace_module

    report, project = judged(request)
    wanted = what
    candidate = os.path.relpath(os.path.realpath(os.path.join(request.start, what)), report.root)
    if candidate.replace(os.sep, "/") in project.facts:
        wanted = candidate.replace(os.sep, "/")
    return trace_module(project, report, wanted)


def rank(request: Request) -> tuple[Ranking, ...]:
    """The single points of failure of each entry point."""
    from merge_guard.engine.tracing import rank as rank_modules

    return rank_modules(judged(request)[1])


def effective_config(request: Request) -> Config:
    """The configuration that a judgement of this request would use."""
    from merge_guard.wiring.settings import config_of

    return config_of(request, Tree(snapshot_of(request)[0]))
