"""Facts to the project that the rules see: start-ups, what lies behind them, contracts, groups."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cache

from merge_guard.deploy import backports
from merge_guard.deploy.applications import application_of
from merge_guard.deploy.discovery import Discovery
from merge_guard.deploy.entries import entry_points
from merge_guard.engine import contracts, dependencies, shipping, startups
from merge_guard.engine.definitions import DefinitionShelf
from merge_guard.engine.given import Given
from merge_guard.engine.inside import StartContext
from merge_guard.engine.inventories import inventories
from merge_guard.engine.reading import bytes_reader, line_reader, text_reader
from merge_guard.engine.suggestions import Suggestions
from merge_guard.errors import UsageError
from merge_guard.facts.markers import stands_in
from merge_guard.model.config import Config
from merge_guard.model.events import FunctionBody
from merge_guard.model.facts import Conflict, FileFacts
from merge_guard.model.outcome import EntryPoint
from merge_guard.model.ports import Progress
from merge_guard.model.project import Project
from merge_guard.model.source import FileKind, Snapshot, UnreadableError
from merge_guard.ssot.modules import Modules
from merge_guard.ssot.standing import Standing
from merge_guard.startup.frames import Terms
from merge_guard.startup.resolve import SourceTree

Bodies = Mapping[tuple[int, int], FunctionBody]


def project_of(
    given: Given, facts: dict[str, FileFacts], focus: frozenset[str] | None, progress: Progress | None
) -> Project:
    """The project of these facts; in a focus only the files in it are judged for what no start-up runs."""
    tree = SourceTree(given.snapshot.files, given.snapshot.reader.link)
    files = given.snapshot.by_path()

    @cache
    def bodies(path: str) -> Bodies:
        return {(body.line, body.column): body for body in given.extractor.bodies(files[path])}

    def name(path: str) -> str:
        # What is asked in a later run may be gone by then.
        return given.extractor.name(files[path]) if path in files else ""

    terms = Terms(
        given.target.lowest,
        given.target.highest,
        "" if given.target.platform == "unknown" else given.target.platform,
        frozenset(given.config.builtins),
        provided=_provided(given.snapshot),
        removed=given.snapshot.removed,
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
            lambda roots: Discovery(files, tree, text_reader(given.snapshot), given.projects, roots).entries(),
            lambda path: application_of(facts[path]) if path in facts else "",
        )
    starts: list[StartContext] = []
    if not given.request.text_only:
        asked = bool(given.request.entry or given.config.entry)
        starts = shipping.start_contexts(
            entries, given.images, given.snapshot, tree, terms, facts.get, bodies, name, asked
        )
        starts = _of_service(starts, given.request.service, given.config)
    results = startups.outcomes(
        starts, given.spread, progress, lambda entry: contracts.serves(entry, given.config), given.kept
    )
    reached = startups.reach(results, given.snapshot.changed, tree, facts.get)
    roots = tuple(dict.fromkeys(root for project in given.projects for root in project.roots))
    failures = (
        ()
        if starts_nothing
        else startups.latent(facts, facts.keys() if focus is None else focus, reached, tree, roots, terms, given.spread)
    )
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
        standing, shelf, line_reader(given.snapshot), files.__contains__, bytes_reader(given.snapshot),
        given.baseline is not None or not given.request.baselined or given.request.inventory,
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
        content=bytes_reader(given.snapshot),
        roots=roots,
        module_name=module_name,
        is_foreign=standing.is_foreign,
        focus=focus,
    )


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


def _of_service(starts: list[StartContext], service: str, config: Config) -> list[StartContext]:
    known = {*config.services, *(start.entry.service for start in starts)} - {""}
    if service and service not in known:
        raise UsageError(f"no service {service!r}; known are: {', '.join(sorted(known)) or 'none'}")
    return [start for start in starts if start.entry.service == service] if service else starts


def _newness(snapshot: Snapshot) -> Callable[[str, Conflict], bool | None]:
    def newness(path: str, conflict: Conflict) -> bool | None:
        versions = snapshot.history.parent_versions(path)
        if versions is None:
            return None
        kind = "python" if path.endswith((".py", ".pyw")) else "notebook" if path.endswith(".ipynb") else "text"
        return not any(data is not None and stands_in(conflict, data, kind) for data in versions)

    return newness
