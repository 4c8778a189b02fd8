"""MG312."""

from __future__ import annotations

from collections.abc import Iterator

from merge_guard.model.finding import Finding, Severity
from merge_guard.model.outcome import Cause
from merge_guard.model.project import Project
from merge_guard.model.rule import rule
from merge_guard.rules.failures import failures_of


@rule(code="MG312", name="shadowed-module", severity=Severity.WARNING, message="{problem}")
def shadowed_module(project: Project) -> Iterator[Finding]:
    """A file that another of the same module name hides from every import.

    `models/__init__.py` beats `models.py`, and a file beside a script beats the standard library. A branch that makes a
    package of a module merges with one that changes the module, and both stay. An error where a start-up asks for a
    name or a submodule that only the hidden file has.

    Bad:

        # entry: app.main
        # app/__init__.py
        # app/main.py
        from app.models import User
        # app/models.py
        class User: ...
        # app/models/__init__.py
        class Group: ...

    Good:

        # entry: app.main
        # app/__init__.py
        # app/main.py
        from app.models import User
        # app/models/__init__.py
        from app.models.user import User
        # app/models/user.py
        class User: ...

    Limits: that a file hides the standard library is told only where the program that a script or `python -m` starts
    imports it itself; the standard library's own imports are not followed.
    """
    explained = set()
    for failure, severity, entries in failures_of(Cause.SHADOWED, project):
        problem = failure.detail
        if failure.exception:
            explained.add(failure.detail)
            problem = f"{failure.source!r} has no {failure.subject!r}: {failure.detail}"
            if failure.exception == "ModuleNotFoundError":
                problem = f"no module named {failure.subject!r}: {failure.detail}"
        elif failure.detail in explained:
            continue
        yield shadowed_module.finding(
            key=f"{failure.source}:{failure.subject}",
            severity=severity,
            message={"problem": problem},
            place=failure.place,
            entry_points=entries,
        )
