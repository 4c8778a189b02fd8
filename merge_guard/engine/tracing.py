"""How start-up reaches one module, what falls with it, and which modules an entry point cannot do without."""

from __future__ import annotations

from dataclasses import replace

from merge_guard.engine.blast import import_graph, most_imported_first
from merge_guard.engine.dominators import carried_by_each, immediate_dominators, stopped_by_each
from merge_guard.errors import UsageError
from merge_guard.model.outcome import Outcome
from merge_guard.model.project import Project
from merge_guard.model.report import Report
from merge_guard.model.trace import Impact, PointOfFailure, Ranking, Route, Trace
from merge_guard.startup.edges import ENTRY
from merge_guard.startup.latent_names import package_of
from merge_guard.startup.resolve import SourceTree


def trace_module(project: Project, report: Report, what: str) -> Trace:
    """`what` is a dotted name or a path; raises `UsageError` where the tree has no such module."""
    path = what if what in project.facts else _path_of(what, project)
    routes = tuple(_route(outcome, path, project) for outcome in project.outcomes)
    findings = tuple(
        finding for finding in report.findings if path in {finding.place.path, *(hop.path for hop in finding.chain)}
    )
    return Trace(module=_name_of(path, project), path=path, routes=routes, findings=findings)


def _path_of(dotted: str, project: Project) -> str:
    for outcome in project.outcomes:
        if dotted in outcome.loaded:
            return outcome.loaded[dotted]
    tail = dotted.replace(".", "/")
    found = [
        path
        for path in project.facts
        if path in (f"{tail}.py", f"{tail}/__init__.py") or path.endswith((f"/{tail}.py", f"/{tail}/__init__.py"))
    ]
    if not found:
        raise UsageError(f"{dotted}: no module or file of that name in what is judged")
    return min(found, key=lambda path: (path.count("/"), path))


def _name_of(path: str, project: Project) -> str:
    for outcome in project.outcomes:
        for name, loaded in outcome.loaded.items():
            if loaded == path:
                return name
    package = package_of(path, SourceTree(project.snapshot.files, project.snapshot.reader.link))
    stem = path.rpartition("/")[2].removesuffix(".py")
    return ".".join(package if stem == "__init__" else (*package, stem))


def _route(outcome: Outcome, path: str, project: Project) -> Route:
    names = [name for name, loaded in outcome.loaded.items() if loaded == path]
    if not names:
        return Route(outcome.entry.name, reached=False)
    hops = tuple(
        replace(hop, statement=project.line_text(hop.path, hop.line).strip())
        for hop in outcome.reached_by.get(path, ())
    )
    return Route(outcome.entry.name, True, hops, names[0] in outcome.possible, _impact(outcome, path))


def _impact(outcome: Outcome, path: str) -> Impact:
    graph = import_graph(outcome)
    stopped = graph.stopped_by(path)
    names = {loaded: name for name, loaded in outcome.loaded.items()}
    ranked = most_imported_first(outcome, stopped - {ENTRY}, graph)
    carried = carried_by_each(immediate_dominators(outcome)).get(path, [])
    return Impact(
        ENTRY in stopped,
        tuple(names.get(other, other) for other in ranked if other != path),
        tuple(sorted(names.get(other, other) for other in carried)),
    )


def rank(project: Project) -> tuple[Ranking, ...]:
    """Each entry point with the modules whose failure stops it."""
    return tuple(map(_ranking, project.outcomes))


def _ranking(outcome: Outcome) -> Ranking:
    names = {path: name for name, path in outcome.loaded.items()}
    stops = stopped_by_each(import_graph(outcome), list(names))
    carried = carried_by_each(immediate_dominators(outcome))
    own = outcome.edges.get(ENTRY, {}).keys()
    points = [
        PointOfFailure(names[path], path, number, len(carried.get(path, ())))
        for path, (number, entry) in stops.items()
        if entry and path not in own
    ]
    points.sort(key=lambda point: (-point.stops, -point.carries, point.module))
    return Ranking(outcome.entry.name, len(names), tuple(points))
