"""What the start-up rules share: the failures of one cause, with the severity that their reach gives them."""

from __future__ import annotations

from collections.abc import Iterator

from merge_guard.model.finding import Severity
from merge_guard.model.outcome import Cause, Failure
from merge_guard.model.project import Project, Reach

_STOPS_NOTHING = frozenset({Cause.MISSING_EXPORT, Cause.LAZY_IMPORT, Cause.SHADOWED})
"""What does no harm, in the judged change too, until a start-up needs it."""


def failures_of(cause: Cause, project: Project) -> Iterator[tuple[Failure, Severity, tuple[str, ...]]]:
    """(failure, severity, entry points that it stops), each place and subject once, errors first."""
    stopped: dict[tuple[object, ...], tuple[Failure, list[str]]] = {}
    for outcome in project.outcomes:
        for failure in outcome.failures:
            if failure.cause is cause:
                key = (failure.place.path, failure.place.line, failure.subject)
                stopped.setdefault(key, (failure, []))[1].append(outcome.entry.name)
    for failure, entries in stopped.values():
        yield failure, Severity.ERROR, tuple(dict.fromkeys(entries))
    seen = set(stopped)
    told = {(f.place.path, f.place.line) for outcome in project.outcomes for f in outcome.failures}
    remarks = [failure for outcome in project.outcomes for failure in outcome.remarks]
    for failure in (*remarks, *project.latent):
        key = (failure.place.path, failure.place.line, failure.subject)
        if failure.cause is cause and key not in seen and key[:2] not in told:
            seen.add(key)
            is_error = cause not in _STOPS_NOTHING and _by_change(failure, project)
            yield failure, Severity.ERROR if is_error else Severity.WARNING, ()


def _by_change(failure: Failure, project: Project) -> bool:
    """Whether the judged change brings it: the importing file is in the change, or the module that it deletes is."""
    if project.reach_of(failure.place.path) is Reach.CHANGED:
        return True
    if failure.cause is not Cause.MISSING_MODULE or not project.snapshot.changed:
        return False
    tail = failure.subject.replace(".", "/")
    gone = (f"{tail}.py", f"{tail}/__init__.py")
    return any(
        path not in project.facts and (path in gone or path.endswith(tuple(f"/{name}" for name in gone)))
        for path in project.snapshot.changed
    )


def severity_of_file(path: str, project: Project) -> Severity:
    """A file that cannot run is an error where a start-up, a function of one, or the judged change reaches it."""
    return Severity.WARNING if project.reach_of(path) is Reach.NONE else Severity.ERROR


def entries_stopped_by(path: str, project: Project) -> tuple[str, ...]:
    """Entry points whose start-up a problem of this file stops, now or once what stands before it is mended."""
    return tuple(
        dict.fromkeys(
            outcome.entry.name
            for outcome in project.outcomes
            for failure in outcome.failures
            if failure.place.path == path
        )
    )
