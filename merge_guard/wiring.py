"""Where adapters meet the engine: nowhere else are files, git, workers and configuration brought together."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from merge_guard import config as configuration
from merge_guard import rules as rule_table
from merge_guard.deploy.declarations import Declared, read_name, read_pyproject, read_setup_cfg
from merge_guard.deploy.images import ServiceImage, service_images
from merge_guard.deploy.roots import ProjectDirectory, is_incidental, project_directories
from merge_guard.deploy.target import resolve_target
from merge_guard.engine import selection
from merge_guard.engine.judge import Given
from merge_guard.engine.judge import judge as run
from merge_guard.engine.shipping import images_python, withheld_by_git
from merge_guard.engine.tracing import rank as rank_modules
from merge_guard.engine.tracing import trace_module
from merge_guard.errors import ConfigError, UsageError
from merge_guard.model.baseline import Baseline
from merge_guard.model.config import Config
from merge_guard.model.finding import Severity
from merge_guard.model.gate import GateReport, PolicyChange
from merge_guard.model.merge import Merge
from merge_guard.model.ports import Progress
from merge_guard.model.project import Project
from merge_guard.model.report import Report, Target
from merge_guard.model.request import Mode, Request
from merge_guard.model.rule import Rule
from merge_guard.model.source import FileKind, Snapshot, UnreadableError
from merge_guard.model.trace import Ranking, Trace
from merge_guard.startup.resolve import SourceTree

if TYPE_CHECKING:
    from merge_guard.cache.memory import Memory
    from merge_guard.cache.store import Store
    from merge_guard.workers.cached import CachedExtractor
    from merge_guard.workers.extractor import LocalExtractor


def rules() -> Sequence[Rule]:
    """Every rule, loaded."""
    return rule_table.load_all()


def judge(request: Request, *, progress: Progress | None = None) -> Report:
    """Judge what the request names; raises a `MergeGuardError` for anything that a user can mend."""
    started = time.perf_counter()
    with _prepared(request) as prepared:
        prepared.identify()
        memory = prepared.memory()
        known = memory.recall() if memory is not None else None
        if known is not None:
            seconds = round(time.perf_counter() - started, 3)
            return replace(known, summary=replace(known.summary, seconds=seconds), timings={"recalled": seconds})
        report = run(prepared.given(), progress)[0]
        # Asked for again: bytes that changed since were judged as they were when they were read.
        memory = prepared.memory()
        if memory is not None:
            memory.keep(report)
        return report


def judged(
    request: Request, texts: Mapping[str, bytes | None] | None = None, config: Config | None = None
) -> tuple[Report, Project]:
    """The judgement with the project that it is about, for operations that go on from there.

    `texts` are contents that files are to have instead of theirs, None for one that is to be gone. `config` takes the
    place of the one that the tree holds.
    """
    taken = None
    if texts:
        from merge_guard.sources.overlay import overlay

        snapshot, root = _snapshot(request)
        # The cache knows files by what the work tree says of them, which is not what these hold.
        taken, request = (overlay(snapshot, texts), root), replace(request, cache_dir=None)
    with _prepared(request, taken, config=config) as prepared:
        return run(prepared.given(), None)


def below(request: Request, paths: Sequence[str], root: str, snapshot: Snapshot) -> tuple[str, ...]:
    """Paths that the user wrote, relative to the root; raises `UsageError` for what is not there."""
    tree = _Tree(snapshot)
    return tuple(_below(path, request.start, root, tree) for path in paths)


def judge_snapshot(
    request: Request,
    snapshot: Snapshot,
    root: str,
    merge: Merge | None = None,
    *,
    progress: Progress | None = None,
) -> Report:
    """Judge a snapshot that somebody else made, such as the result of a merge that has not happened."""
    with _prepared(request, (snapshot, root), merge=merge) as prepared:
        return run(prepared.given(), progress)[0]


def merge_rules(request: Request) -> tuple[tuple[Rule, ...], selection.Selection]:
    """The rules about merges, and what the request and the configuration select of them."""
    defaults = {code: Severity(entry.severity) for code, entry in rule_table.table().items()}
    chosen = selection.select(defaults, effective_config(request), request)
    return tuple(rule_table.load(code) for code in chosen.codes if code.startswith("MG5")), chosen


def read_text(request: Request, path: str) -> bytes | None:
    """One small file of the tree that the request names, None where there is none."""
    return _Tree(_snapshot(request)[0]).read(path)


def gate(request: Request, *, progress: Progress | None = None) -> GateReport:
    """The verdict of each service, and of each file that changed since the revision that the request names.

    Nothing is recalled: whoever can write to the cache could decide the verdict.
    """
    from merge_guard.engine.gating import gate as by_services

    snapshot, root = _snapshot(request)
    changes = None
    if request.changed_since:
        from merge_guard.sources.changes import changes_since

        changes = changes_since(root, request.changed_since, snapshot, request.revision)
        notices = (*snapshot.notices, *changes.notices)
        snapshot = replace(snapshot, changed=changes.paths(), notices=notices)
    trusted = None
    if request.policy_from:
        from merge_guard.sources.revision import revision_snapshot

        trusted = _Tree(revision_snapshot(root, request.policy_from))
    renamed = {change.old: change.path for change in changes.files if change.old} if changes else {}
    with _prepared(replace(request, cache_dir=None), (snapshot, root), trusted) as prepared:
        report, project = run(replace(prepared.given(), renamed=renamed), progress)
    tree = _Tree(snapshot)
    return by_services(
        project,
        report,
        unnamed=_project_name(tree),
        service=request.service,
        changes=changes,
        policy_from=f"{request.policy_from} ({trusted.label})" if trusted else "",
        policy=(*_altered(request, trusted, project.config, tree), *project.unheeded) if trusted else (),
    )


def _altered(request: Request, trusted: _Tree, config: Config, tree: _Tree) -> Iterator[PolicyChange]:
    """What the judged tree says otherwise in its configuration and baseline, which may not even load."""
    from merge_guard.engine import policy
    from merge_guard.model.baseline import FILE

    try:
        yield from policy.altered(config, _config(request, tree))
    except ConfigError as error:
        yield PolicyChange(policy.CONFIGURATION, config.origin or "configuration", 1, "", "", str(error))
    try:
        yield from policy.accepted(_baseline(request, trusted), _baseline(request, tree))
    except ConfigError as error:
        yield PolicyChange(policy.BASELINE, FILE, 1, "", "", str(error))


def _project_name(tree: _Tree) -> str:
    """What entry points that belong to no named service are shown under."""
    try:
        name = read_name((tree.read("pyproject.toml") or b"").decode("utf-8", "replace"))
    except ConfigError:
        name = ""
    return name or "project"


def trace(request: Request, what: str) -> Trace:
    """How start-up reaches one module (dotted name or file), and what is found there."""
    report, project = judged(request)
    wanted = what
    candidate = os.path.relpath(os.path.realpath(os.path.join(request.start, what)), report.root)
    if candidate.replace(os.sep, "/") in project.facts:
        wanted = candidate.replace(os.sep, "/")
    return trace_module(project, report, wanted)


def rank(request: Request) -> tuple[Ranking, ...]:
    """The single points of failure of each entry point."""
    return rank_modules(judged(request)[1])


def effective_config(request: Request) -> Config:
    """The configuration that a judgement of this request would use."""
    return _config(request, _Tree(_snapshot(request)[0]))


def _config_or_none(request: Request, tree: _Tree) -> Config:
    """The text rules go on without a configuration that does not load: a conflict may stand in it."""
    try:
        return _config(request, tree)
    except ConfigError:
        if not request.text_only:
            raise
        return Config()


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A request with what it is about; paths in it are relative to the root. `trusted` gives the rules to judge by."""

    request: Request
    snapshot: Snapshot
    tree: _Tree
    root: str
    config: Config
    projects: tuple[ProjectDirectory, ...]
    target: Target
    local: LocalExtractor
    cached: CachedExtractor | None
    store: Store | None
    trusted: _Tree | None = None
    images: tuple[ServiceImage, ...] = ()
    merge: Merge | None = None

    def identify(self) -> None:
        if self.cached is not None:
            self.cached.identify([file for file in self.snapshot.files if file.kind is FileKind.REGULAR])

    def memory(self) -> Memory | None:
        """The memory for this very judgement; None where what it depends on is not known."""
        if self.cached is None or self.store is None or not all(map(configuration.is_override, self.request.config)):
            return None
        from merge_guard.cache.memory import Memory, state_of

        files = state_of(self.snapshot, self.cached.names)
        return Memory(self.store, self.request, self.snapshot, files, self.root) if files is not None else None

    def given(self) -> Given:
        from merge_guard.workers import interpreters
        from merge_guard.workers.forked import map_forked

        defaults = {code: Severity(entry.severity) for code, entry in rule_table.table().items()}
        chosen = selection.select(defaults, self.config, self.request)
        jobs = self.request.jobs or os.cpu_count() or 1

        def spread(function: Callable[[Any], Any], items: Sequence[Any], /) -> list[Any]:
            return map_forked(function, items, jobs)

        return Given(
            snapshot=self.snapshot,
            config=self.config,
            request=self.request,
            projects=self.projects,
            target=self.target,
            extractor=self.cached or self.local,
            compiler=interpreters,
            spread=spread,
            # A leaf decides what MG303 names as its cause, so the start-up rules always run together.
            rules=tuple(rule_table.load(code) for code in _needed(chosen.codes, self.request, self.merge is not None)),
            chosen=chosen,
            root=self.root,
            baseline=_baseline(self.request, self.trusted or self.tree),
            trusted=self.trusted.content if self.trusted else None,
            images=self.images,
            merge=self.merge,
        )


@contextmanager
def _prepared(
    request: Request,
    taken: tuple[Snapshot, str] | None = None,
    trusted: _Tree | None = None,
    config: Config | None = None,
    merge: Merge | None = None,
) -> Iterator[_Prepared]:
    """`taken` is the snapshot with its root, where it is made already."""
    from merge_guard.workers.extractor import LocalExtractor
    from merge_guard.workers.work import Job

    snapshot, root = taken or _snapshot(request)
    tree = _Tree(snapshot)
    config = config or _config_or_none(request, trusted or tree)
    paths = tuple(_below(path, request.start, root, tree) for path in request.paths)
    request = replace(request, paths=paths, entry=tuple(_entry(text, request.start, root) for text in request.entry))
    projects = _projects(snapshot, tree)
    requires = next((p.declared.requires_python for p in projects if p.declared.requires_python), None)
    images: tuple[ServiceImage, ...] = ()
    if not request.text_only:
        snapshot, images = _images(snapshot, tree, config, projects)
    built = images_python(images) if not request.entry else None
    target = resolve_target(request.target_python, config.target_python, requires, config.target_platform, built)
    keeps = request.cache_dir is not None and not request.text_only
    job = Job(snapshot.reader, target.highest, request.text_only, snapshot.changed or frozenset(), identify=keeps)
    local = LocalExtractor(job, request.jobs)
    with ExitStack() as stack:
        store, cached = None, None
        if keeps:
            from merge_guard.cache import makers
            from merge_guard.cache.store import Store
            from merge_guard.workers.cached import CachedExtractor

            store = stack.enter_context(closing(Store(request.cache_dir or "")))
            cached = CachedExtractor(local, store, job, root, makers.of_facts())
        yield _Prepared(
            request, snapshot, tree, root, config, projects, target, local, cached, store, trusted, images, merge
        )


def _images(
    snapshot: Snapshot, tree: _Tree, config: Config, projects: Sequence[ProjectDirectory]
) -> tuple[Snapshot, tuple[ServiceImage, ...]]:
    """The images that the repository builds; what cannot be read of them is in the snapshot's notices."""

    def read(path: str) -> bytes | None:
        try:
            return tree.read(path)
        except ConfigError:
            return None

    notices: list[str] = []
    scripts = {script.name: script.target for project in projects for script in project.declared.scripts}
    images = service_images(withheld_by_git(snapshot), read, config, scripts, notices)
    return replace(snapshot, notices=(*snapshot.notices, *notices)), images


def _needed(codes: Sequence[str], request: Request, merging: bool) -> list[str]:
    codes = [code for code in codes if merging or not code.startswith("MG5")]
    text_rules = [code for code in rule_table.table() if code.startswith("MG1")]
    if request.text_only:
        return [code for code in codes if code in text_rules]
    leaves = {code for code in rule_table.table() if code.startswith(("MG1", "MG2", "MG3"))}
    wanted = {*codes, *leaves} if leaves.intersection(codes) else set(codes)
    return [code for code in rule_table.table() if code in wanted]


def _snapshot(request: Request) -> tuple[Snapshot, str]:
    from merge_guard.sources.discover import find_root

    root, kind = find_root(request.start)
    if request.start == "." and request.paths and os.path.exists(request.paths[0]):
        root_there, kind_there = find_root(request.paths[0])
        # A path in a repository speaks of that repository, a path in a plain folder of where the user stands.
        if kind_there != "folder" or _relative(root_there, root) is None:
            root, kind = root_there, kind_there
    if request.mode is Mode.REVISION:
        from merge_guard.sources.revision import revision_snapshot

        return revision_snapshot(root, request.revision), root
    if kind == "bare":
        raise UsageError(f"{root} is a bare repository, without a work tree: judge a commit with --rev")
    if request.mode is Mode.STAGED:
        from merge_guard.sources.index import index_snapshot

        return index_snapshot(root), root
    from merge_guard.sources.work_tree import work_tree_snapshot

    return work_tree_snapshot(root), root


class _Tree:
    """Small files of the snapshot by path, for configuration and metadata."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self.files = snapshot.by_path()
        self.label = snapshot.label

    def content(self, path: str) -> bytes | None:
        """None for what cannot be read, too."""
        try:
            return self.read(path)
        except ConfigError:
            return None

    def read(self, path: str) -> bytes | None:
        file = self.files.get(path)
        if file is None or file.kind is not FileKind.REGULAR:
            return None
        try:
            return self._snapshot.reader.read(file)
        except UnreadableError as error:
            raise ConfigError(f"{path}: {error}") from None


def _config(request: Request, tree: _Tree) -> Config:
    overrides = [item for item in request.config if configuration.is_override(item)]
    named = [item for item in request.config if not configuration.is_override(item)]
    if named:
        texts: dict[str, str | bytes] = {}
        for path in named:
            try:
                with open(os.path.join(request.start, path), "rb") as stream:
                    texts = {path: stream.read(configuration.MAX_BYTES + 1)}
            except OSError as error:
                raise ConfigError(f"{path}: {error.strerror}") from None
        return configuration.load(texts, overrides)
    if request.isolated:
        return configuration.load({}, overrides)
    # The root's configuration decides: the verdict is about the whole tree.
    return configuration.load_nearest("", tree.read, overrides)


def _baseline(request: Request, tree: _Tree) -> Baseline | None:
    """The baseline of the snapshot; the text rules go on without one that cannot be read: it may be in conflict."""
    from merge_guard.model.baseline import FILE

    if request.isolated or not request.baselined or FILE not in tree.files:
        return None
    from merge_guard.config import baseline_file

    data = tree.read(FILE)
    if data is None:
        raise ConfigError(f"{FILE}: not a regular file")
    try:
        return baseline_file.read(data)
    except ConfigError:
        if not request.text_only:
            raise
        return None


def _projects(snapshot: Snapshot, tree: _Tree) -> tuple[ProjectDirectory, ...]:
    declared: dict[str, Declared] = {}
    readers: tuple[tuple[str, Callable[[str, str], Declared]], ...] = (
        ("setup.cfg", read_setup_cfg),
        ("pyproject.toml", read_pyproject),
    )
    for path in tree.files:
        directory, _, name = path.rpartition("/")
        if name.startswith("setup.") and directory and f"{directory}/__init__.py" in tree.files:
            continue  # a part of a package, whatever its name
        if name == "setup.py" and not is_incidental(path):
            declared.setdefault(directory, Declared())
        for wanted, reader in readers:
            if name == wanted and not is_incidental(path):
                data = tree.read(path)
                if data is not None and len(data) <= configuration.MAX_BYTES:
                    declared[directory] = _merged(
                        declared.get(directory), reader(path, data.decode("utf-8", "replace"))
                    )
    return project_directories(declared, SourceTree(snapshot.files).names)


def _merged(known: Declared | None, new: Declared) -> Declared:
    if known is None:
        return new
    return Declared(
        scripts=(*known.scripts, *new.scripts),
        requires_python=new.requires_python or known.requires_python,
        package_roots=tuple(dict.fromkeys([*known.package_roots, *new.package_roots])),
        problems=(*known.problems, *new.problems),
    )


def _below(path: str, start: str, root: str, tree: _Tree) -> str:
    """A path that the user wrote, relative to the root."""
    absolute = os.path.normpath(os.path.join(os.path.realpath(start), path))
    relative = _relative(absolute, root)
    if relative is None:
        relative = _relative(os.path.realpath(absolute), root)
    if relative is None:
        raise UsageError(f"{path}: outside {root}")
    if relative and relative not in tree.files and not any(p.startswith(f"{relative}/") for p in tree.files):
        raise UsageError(f"{path}: no such file or directory in what is judged")
    return relative


def _relative(path: str, root: str) -> str | None:
    if path == root:
        return ""
    prefix = root if root.endswith(os.sep) else f"{root}{os.sep}"
    return path[len(prefix) :].replace(os.sep, "/") if path.startswith(prefix) else None


def _entry(text: str, start: str, root: str) -> str:
    """An entry that is a script's path is relative to where the user stands, or to the root."""
    if not text.endswith(".py"):
        return text
    absolute = os.path.normpath(os.path.join(os.path.realpath(start), text))
    relative = _relative(absolute, root)
    return relative if relative is not None and os.path.exists(absolute) else text
