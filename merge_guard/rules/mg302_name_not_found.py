"""MG302."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from merge_guard.model.finding import Finding
from merge_guard.model.outcome import Cause, Failure
from merge_guard.model.project import Project
from merge_guard.model.rule import rule
from merge_guard.rules.failures import failures_of
from merge_guard.startup.exports import static_names


@rule(code="MG302", name="name-not-found", message="{problem}")
def name_not_found(project: Project) -> Iterator[Finding]:
    """A module is asked for a name that it does not have: `from m import x`, or `m.x`.

    Neither an attribute that the module binds, nor a submodule, nor anything its `__getattr__` could give. Reported
    where the chain of re-exports breaks, once. Modules that change their namespace in ways that are not modelled are
    silent.

    Bad:

        # entry: app.main
        # app/__init__.py
        # app/main.py
        from app.errors import DatabaseFailure
        # app/errors.py
        class DatabaseError(Exception): ...

    Good:

        # entry: app.main
        # app/__init__.py
        # app/main.py
        from app.errors import DatabaseError
        # app/errors.py
        class DatabaseError(Exception): ...

    Limits: a warning in modules that no entry point runs.
    """
    paths = {name: path for outcome in project.outcomes for name, path in outcome.loaded.items()}
    for failure, severity, entries in failures_of(Cause.MISSING_NAME, project):
        close = _close(failure, paths, project)
        yield name_not_found.finding(
            key=f"{failure.source}:{failure.subject}",
            severity=severity,
            message={"problem": _problem(failure)},
            place=failure.place,
            entry_points=entries,
            help=f"did you mean {close!r}?" if close else "",
        )


def _problem(failure: Failure) -> str:
    if failure.detail == "attribute":
        return f"module {failure.source!r} has no attribute {failure.subject!r}"
    return f"cannot import name {failure.subject!r} from {failure.source!r}"


def _close(failure: Failure, paths: dict[str, str], project: Project) -> str:
    facts = project.facts.get(paths.get(failure.source, ""))
    if facts is None or facts.module is None:
        return ""
    matches = get_close_matches(failure.subject, static_names(facts.module), 1, 0.6)
    return matches[0] if matches else ""
