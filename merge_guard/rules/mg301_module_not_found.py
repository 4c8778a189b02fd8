"""MG301."""

from __future__ import annotations

from collections.abc import Iterator

from merge_guard.model.finding import Finding
from merge_guard.model.outcome import Cause
from merge_guard.model.project import Project
from merge_guard.model.rule import rule
from merge_guard.rules.failures import failures_of


@rule(code="MG301", name="module-not-found", message="no module named {subject!r}{because}")
def module_not_found(project: Project) -> Iterator[Finding]:
    """A first-party module that start-up imports does not exist.

    The package is in the tree, the module is not: deleted, moved, renamed or lost in a merge. Found by the path
    finder's own precedence (`importlib._bootstrap_external`): package, extension module, `.py`, namespace portion. What
    may come from outside the tree, or from a build, is never reported.

    Bad:

        # entry: app.main
        # app/__init__.py
        # app/main.py
        from app.database import connect

    Good:

        # entry: app.main
        # app/__init__.py
        # app/main.py
        try:
            from app.database import connect
        except ImportError:
            connect = None

    Limits: a warning in modules that no entry point runs.
    """
    for failure, severity, entries in failures_of(Cause.MISSING_MODULE, project):
        because = f"; {failure.source!r} is not a package" if failure.detail == "not-a-package" else ""
        yield module_not_found.finding(
            key=failure.subject,
            severity=severity,
            message={"subject": failure.subject, "because": because},
            place=failure.place,
            entry_points=entries,
            help=project.suggest(failure),
        )
