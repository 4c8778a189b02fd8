"""MG302."""

from __future__ import annotations

from collections.abc import Iterator

from merge_guard.model.finding import Finding
from merge_guard.model.outcome import Cause, Failure
from merge_guard.model.project import Project
from merge_guard.model.rule import rule
from merge_guard.rules.failures import failures_of


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
    for failure, severity, entries in failures_of(Cause.MISSING_NAME, project):
        yield name_not_found.finding(
            key=f"{failure.source}:{failure.subject}",
            severity=severity,
            message={"problem": _problem(failure)},
            place=failure.place,
            entry_points=entries,
            help=project.suggest(failure),
        )


def _problem(failure: Failure) -> str:
    if failure.detail == "attribute":
        return f"module {failure.source!r} has no attribute {failure.subject!r}"
    return f"cannot import name {failure.subject!r} from {failure.source!r}"
