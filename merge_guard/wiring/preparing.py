"""A request with the adapters that it needs."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from merge_guard import rules as rule_table
from merge_guard.deploy.roots import ProjectDirectory
from merge_guard.deploy.target import resolve_target
from merge_guard.engine import selection
from merge_guard.engine.given import Focus, Given, everything
from merge_guard.engine.shipping import images_python
from merge_guard.model.config import Config
from merge_guard.model.finding import Severity
from merge_guard.model.ports import Extractor
from merge_guard.model.report import Target
from merge_guard.model.request import Request
from merge_guard.model.source import Snapshot
from merge_guard.wiring.asking import unnoted
from merge_guard.wiring.settings import baseline_of, config_or_none, images_of, projects_of
from merge_guard.wiring.trees import Tree, below_root, entry_below, snapshot_of

if TYPE_CHECKING:
    from merge_guard.cache.store import Store
    from merge_guard.deploy.images import ServiceImage
    from merge_guard.engine.kept_runs import KeptRuns
    from merge_guard.model.merge import Merge
    from merge_guard.model.ports import Compiler
    from merge_guard.workers.cached import CachedExtractor
    from merge_guard.workers.extractor import LocalExtractor
    from merge_guard.workers.identities import Identities
    from merge_guard.workers.shared import SharedFacts


@dataclass(frozen=True, slots=True)
class Prepared:
    """A request with what it is about; paths in it are relative to the root. `trusted` gives the rules to judge by."""

    request: Request
    snapshot: Snapshot
    tree: Tree
    root: str
    config: Config
    projects: tuple[ProjectDirectory, ...]
    target: Target
    local: LocalExtractor
    cached: CachedExtractor | None
    trusted: Tree | None = None
    images: tuple[ServiceImage, ...] = ()
    merge: Merge | None = None
    focus: Focus = everything
    extractor: Extractor | None = None
    """What is asked instead of `cached` and `local`."""
    kept: KeptRuns | None = None
    compiler: Compiler | None = None
    """What is asked instead of other Pythons."""

    def given(self) -> Given:
        from merge_guard.workers import interpreters

        defaults = {code: Severity(entry.severity) for code, entry in rule_table.table().items()}
        chosen = selection.select(defaults, self.config, self.request)
        jobs = self.request.jobs or os.cpu_count() or 1

        def spread(function: Callable[[Any], Any], items: Sequence[Any], /) -> list[Any]:
            if jobs < 2 or len(items) < 2:
                return [function(item) for item in items]
            from merge_guard.workers.forked import map_forked

            return map_forked(function, items, jobs)

        return Given(
            snapshot=self.snapshot,
            config=self.config,
            request=self.request,
            projects=self.projects,
            target=self.target,
            extractor=self.extractor or self.cached or self.local,
            compiler=self.compiler or interpreters,
            spread=spread,
            # A leaf decides what MG303 names as its cause, so the start-up rules always run together.
            rules=tuple(rule_table.load(code) for code in _needed(chosen.codes, self.request, self.merge is not None)),
            chosen=chosen,
            root=self.root,
            baseline=baseline_of(self.request, self.trusted or self.tree),
            trusted=self.trusted.content if self.trusted else None,
            images=self.images,
            merge=self.merge,
            kept=self.kept,
            focus=self.focus,
        )


@contextmanager
def prepare(
    request: Request,
    taken: tuple[Snapshot, str] | None = None,
    trusted: Tree | None = None,
    config: Config | None = None,
    merge: Merge | None = None,
    shelf: tuple[Store, Identities] | None = None,
    focus: Focus | None = None,
    shared: SharedFacts | None = None,
) -> Iterator[Prepared]:
    """`taken` is the snapshot with its root, where it is made already, and `shelf` what is kept between runs.

    `shared` is what judgements of the same process know together.
    """
    from merge_guard.workers.extractor import LocalExtractor
    from merge_guard.workers.work import Job

    snapshot, root = taken or snapshot_of(request)
    tree = Tree(snapshot)
    config = config or config_or_none(request, trusted or tree)
    paths = tuple(below_root(path, request.start, root, tree) for path in request.paths)
    request = replace(
        request, paths=paths, entry=tuple(entry_below(text, request.start, root) for text in request.entry)
    )
    projects = projects_of(snapshot, tree)
    requires = next((p.declared.requires_python for p in projects if p.declared.requires_python), None)
    images: tuple[ServiceImage, ...] = ()
    if not request.text_only:
        snapshot, images = images_of(snapshot, tree, config, projects)
    built = images_python(images) if not request.entry else None
    target = resolve_target(request.target_python, config.target_python, requires, config.target_platform, built)
    keeps = request.cache_dir is not None and not request.text_only
    job = Job(
        unnoted(snapshot.reader), target.highest, request.text_only, snapshot.changed or frozenset(), identify=keeps
    )
    local = LocalExtractor(job, request.jobs)
    with ExitStack() as stack:
        cached = kept = compiler = None
        if keeps:
            from merge_guard.cache import makers
            from merge_guard.cache.store import Store
            from merge_guard.engine.kept_runs import KeptRuns
            from merge_guard.workers import interpreters, pythons
            from merge_guard.workers.cached import CachedExtractor
            from merge_guard.workers.identities import Identities
            from merge_guard.workers.kept_compiler import KeptCompiler

            if shelf is None:
                store = stack.enter_context(closing(Store(request.cache_dir or "")))
                shelf = store, Identities(store, snapshot.reader, root)
            cached = CachedExtractor(local, shelf[0], job, shelf[1], makers.of_facts())
            kept = KeptRuns(shelf[0], makers.of_reports())
            compiler = KeptCompiler(interpreters, shelf[0], pythons.who)
        extractor = shared.over(cached or local, job) if shared is not None else None
        yield Prepared(
            request, snapshot, tree, root, config, projects, target, local, cached, trusted, images, merge,
            focus or everything, extractor, kept, compiler,
        )  # fmt: skip


def _needed(codes: Sequence[str], request: Request, merging: bool) -> list[str]:
    codes = [code for code in codes if merging or not code.startswith("MG5")]
    text_rules = [code for code in rule_table.table() if code.startswith("MG1")]
    if request.text_only:
        return [code for code in codes if code in text_rules]
    leaves = {code for code in rule_table.table() if code.startswith(("MG1", "MG2", "MG3"))}
    wanted = {*codes, *leaves} if leaves.intersection(codes) else set(codes)
    return [code for code in rule_table.table() if code in wanted]
