"""MG311."""

from __future__ import annotations

from collections.abc import Iterator

from merge_guard.model.finding import Finding, Severity
from merge_guard.model.outcome import Cause, Failure
from merge_guard.model.project import Project
from merge_guard.model.rule import rule
from merge_guard.rules.failures import failures_of


@rule(
    code="MG311",
    name="lazy-import-broken",
    severity=Severity.WARNING,
    message="this import fails when the function is called: {problem}",
)
def lazy_import_broken(project: Project) -> Iterator[Finding]:
    """An import inside a function cannot succeed: the first call fails, long after the start-up.

    The same as MG301, MG302, MG305 and MG314, for imports in function bodies. Only those that run whenever the function
    does: under no condition, no `try`, no `with` and no loop. Where a start-up calls the function, the rule for imports
    at start-up reports it instead.

    Bad:

        # entry: app.main
        # app/__init__.py
        # app/main.py
        def report():
            from app.reports import monthly
            return monthly()

    Good:

        # entry: app.main
        # app/__init__.py
        # app/main.py
        def report():
            from app.reports import monthly
            return monthly()
        # app/reports.py
        def monthly(): ...

    Limits: judged from static names, as modules that no entry point runs are; guards around the call are not seen.
    """
    met = {(failure.place.path, failure.place.line) for outcome in project.outcomes for failure in outcome.failures}
    for failure, severity, entries in failures_of(Cause.LAZY_IMPORT, project):
        if (failure.place.path, failure.place.line) in met:
            continue
        yield lazy_import_broken.finding(
            key=f"{failure.source}:{failure.subject}",
            severity=severity,
            message={"problem": _problem(failure)},
            place=failure.place,
            entry_points=entries,
        )


def _problem(failure: Failure) -> str:
    if failure.detail == Cause.MISSING_MODULE.value:
        return f"no module named {failure.subject!r}"
    if failure.detail == Cause.BEYOND_TOP.value:
        return f"relative import {failure.subject!r} leaves the top-level package"
    if failure.detail == Cause.TYPE_CHECKING_ONLY.value:
        return f"{failure.source!r} binds {failure.subject!r} only under TYPE_CHECKING"
    return f"cannot import name {failure.subject!r} from {failure.source!r}"
