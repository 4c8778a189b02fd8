"""Every entry point's outcome, what lies behind, and how far start-up reaches."""

from __future__ import annotations

import gc
import itertools
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial

from merge_guard.deploy.roots import is_incidental
from merge_guard.engine.inside import StartContext
from merge_guard.engine.kept_runs import KeptRuns
from merge_guard.engine.sharing import Setting, Simulations, kind_of
from merge_guard.model.facts import FileFacts
from merge_guard.model.module import Module
from merge_guard.model.outcome import Cause, EntryPoint, Failure, Outcome
from merge_guard.model.ports import MapFn
from merge_guard.model.project import Reach
from merge_guard.startup import shadows
from merge_guard.startup.frames import Terms
from merge_guard.startup.latent import LatentJudge
from merge_guard.startup.latent_imports import parsed
from merge_guard.startup.latent_names import package_of
from merge_guard.startup.resolve import FoundKind, SourceTree

_MANY = 1_000
"""Modules from which the latent judgement is worth a second process."""
Facts = Callable[[str], "FileFacts | None"]


def outcomes(
    starts: Sequence[StartContext],
    spread: MapFn,
    progress: Callable[[str, int, int], None] | None = None,
    serves: Callable[[EntryPoint], bool] = lambda entry: False,
    kept: KeptRuns | None = None,
) -> tuple[Outcome, ...]:
    """Simulate each entry point; where a conflict stops one, also as though it were resolved to the other side.

    `serves` says of which entry points the routes are asked for; `kept` what earlier runs came to.
    """

    alike: dict[Hashable, list[int]] = {}
    for number, context in enumerate(starts):
        alike.setdefault(kind_of(context.entry, context.terms), []).append(number)
    # The last one to end is waited for: the largest group begins.
    groups = sorted(alike.values(), key=len, reverse=True)

    def run(numbers: Sequence[int]) -> list[Outcome]:
        simulations = Simulations(kept)
        return [_outcome(starts[number], serves(starts[number].entry), simulations) for number in numbers]

    if progress is not None:
        progress("starting up", 0, len(starts))
    if not starts:
        return ()
    gc.freeze()
    try:
        found = dict(zip(itertools.chain(*groups), itertools.chain(*spread(run, groups))))
    finally:
        gc.unfreeze()
    return tuple(found[number] for number in range(len(starts)))


def _outcome(context: StartContext, keep_routes: bool, simulations: Simulations) -> Outcome:
    terms = replace(context.terms, keep_routes=keep_routes)
    setting = Setting(context.entry, context.tree(), terms, context.facts, context.bodies, context.name)
    ours = simulations.outcome(setting)
    if any(failure.cause is Cause.CONFLICT for failure in ours.failures):
        ours = _judge_sides(ours, simulations.outcome(replace(setting, terms=replace(terms, side="theirs"))))
    return context.outward(ours)


def _judge_sides(ours: Outcome, theirs: Outcome) -> Outcome:
    """Failures that only one side of a conflict brings belong to that side, not to the tree as it stands."""

    def others(outcome: Outcome) -> tuple[Failure, ...]:
        return tuple(failure for failure in outcome.failures if failure.cause is not Cause.CONFLICT)

    def identity(failure: Failure) -> tuple[object, ...]:
        return failure.cause, failure.place, failure.subject

    common = {identity(failure) for failure in others(ours)} & {identity(failure) for failure in others(theirs)}
    certain = tuple(
        failure for failure in ours.failures if failure.cause is Cause.CONFLICT or identity(failure) in common
    )
    return Outcome(
        entry=ours.entry,
        status=ours.status,
        failures=certain,
        loaded={**theirs.loaded, **ours.loaded},
        possible=(ours.possible | theirs.possible) - (ours.loaded.keys() & theirs.loaded.keys() - ours.possible),
        reached_by={**theirs.reached_by, **ours.reached_by},
        edges={**theirs.edges, **ours.edges},
        unjudged={**theirs.unjudged, **ours.unjudged},
        sides={"ours": others(ours), "theirs": others(theirs)},
        registrations=ours.registrations,
        remarks=ours.remarks,
    )


def reach(
    results: Sequence[Outcome], changed: frozenset[str] | None, tree: SourceTree, facts: Facts
) -> dict[str, Reach]:
    """How far start-up reaches each file, nearest first; files that nothing reaches are not in it."""
    reached: dict[str, Reach] = {}
    for outcome in results:
        reached.update((path, Reach.START) for name, path in outcome.loaded.items() if name not in outcome.possible)
    for path in changed or ():
        reached.setdefault(path, Reach.CHANGED)
    for outcome in results:
        for path in outcome.loaded.values():
            reached.setdefault(path, Reach.POSSIBLE)
    # Start-ups have much in common, and files too: each question is answered once.
    resolved = cache(partial(_resolve, tree))

    @cache
    def leads(path: str, started: bool, search_path: tuple[str, ...]) -> dict[str, None]:
        """The files that functions of a file may import, and its top level too if that has not run."""
        module = _module(facts(path))
        return dict.fromkeys(
            found
            for target in (_targets(module, path, started, tree) if module is not None else ())
            for found in resolved(target, search_path)
        )

    for outcome in results:
        todo = [(path, True) for path in outcome.loaded.values()]
        seen = set(outcome.loaded.values())
        while todo:
            for found in leads(*todo.pop(), outcome.entry.search_path):
                if found not in seen:
                    seen.add(found)
                    reached.setdefault(found, Reach.LAZY)
                    todo.append((found, False))
    return reached


def _module(facts: FileFacts | None) -> Module | None:
    if facts is None:
        return None
    if facts.module is not None:
        return facts.module
    return next((side.module for side in facts.sides if side.module is not None), None)


def _targets(module: Module, path: str, started: bool, tree: SourceTree) -> Iterator[str]:
    for dotted, level, names, _, _ in module.lazy_imports:
        yield from _from_targets(dotted, level, names, path, tree)
    for words in () if started else module.imports:
        yield from _from_targets(*parsed(words), path, tree)


def _from_targets(dotted: str, level: int, names: Sequence[str], path: str, tree: SourceTree) -> list[str]:
    if level:
        package = package_of(path, tree)
        if level > len(package):
            return []
        base = ".".join(package[: len(package) - level + 1])
        dotted = f"{base}.{dotted}" if dotted else base
    return [dotted, *(f"{dotted}.{name}" for name in names)]


def _resolve(tree: SourceTree, dotted: str, search_path: tuple[str, ...]) -> list[str]:
    """Paths of the module and of all its parents, as far as they are found."""
    paths = []
    search = search_path
    for part in dotted.split("."):
        found = tree.find(search, part) if search else None
        if found is None or found.kind is FoundKind.OPEN:
            break
        if found.path:
            paths.append(found.path)
        search = found.search
    return paths


def latent(
    facts: Mapping[str, FileFacts],
    judged: Collection[str],
    reached: Mapping[str, Reach],
    tree: SourceTree,
    roots: Sequence[str],
    terms: Terms,
    spread: MapFn,
) -> tuple[Failure, ...]:
    """Failures of those of the judged modules that no entry point runs for certain; in the order of `facts`."""
    paths = [path for path, found in facts.items() if found.module is not None and path in judged]
    half = len(paths) // 2
    parts = [paths[:half], paths[half:]] if len(paths) > _MANY else [paths]

    judge = LatentJudge(tree, facts, terms)

    def failures(some: Sequence[str]) -> list[Failure]:
        return _latent(judge, some, facts, reached, tree, roots)

    return tuple(failure for part in spread(failures, parts) for failure in part)


def _latent(
    judge: LatentJudge,
    paths: Sequence[str],
    facts: Mapping[str, FileFacts],
    reached: Mapping[str, Reach],
    tree: SourceTree,
    roots: Sequence[str],
) -> list[Failure]:
    failures: list[Failure] = []
    ground = cache(partial(_ground, tree, roots))
    for path in paths:
        found = facts[path]
        assert found.module is not None
        failures.extend(judge.exports(path, found.module))
        is_importable, search_path = ground(path.rpartition("/")[0])
        if is_importable:
            hidden = shadows.behind_package(path, found, tree)
            failures.extend([hidden] if hidden else [])
        if reached.get(path) is not Reach.START:
            failures.extend(judge.failures(path, found.module, search_path))
        failures.extend(judge.lazy(path, found.module, search_path))
    return failures


def _ground(tree: SourceTree, roots: Sequence[str], directory: str) -> tuple[bool, tuple[str, ...]]:
    """Whether the project imports the modules of a directory by name, and the path on which they look for others."""
    package = tree.package(directory)
    incidental = is_incidental(f"{directory}/")
    parts = directory.split("/") if directory else []
    home = "/".join(parts[: len(parts) - len(package)])
    # A directory inside a source root is a part of a namespace package, not a root; tests, examples and the like are
    # put on the path in ways of their own.
    is_part = any(root and home.startswith(f"{root}/") for root in roots)
    search_path = tuple(dict.fromkeys([*roots, ""] if is_part or incidental else [*roots, "", home]))
    return bool(package or directory in ("", *roots)) and not incidental, search_path
