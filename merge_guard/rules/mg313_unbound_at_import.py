"""MG313."""

from __future__ import annotations

from collections.abc import Iterator

from merge_guard.model.finding import Finding
from merge_guard.model.outcome import Cause
from merge_guard.model.project import Project
from merge_guard.model.rule import rule
from merge_guard.rules.failures import failures_of


@rule(
    code="MG313",
    name="unbound-at-import",
    message="name {subject!r} is used, and nothing binds it",
)
def unbound_at_import(project: Project) -> Iterator[Finding]:
    """A name is used during start-up that nothing has bound: NameError.

    In a decorator, base class, default, evaluated annotation or plain statement, or in a function that the start-up
    calls. Typical of a merge that kept one side's use and the other side's imports.

    Bad:

        # entry: app
        # app.py
        logger = logging.getLogger(__name__)

    Good:

        # entry: app
        # app.py
        import logging
        logger = logging.getLogger(__name__)
    """
    for failure, severity, entries in failures_of(Cause.UNBOUND, project):
        yield unbound_at_import.finding(
            key=failure.subject,
            severity=severity,
            message={"subject": failure.subject},
            place=failure.place,
            entry_points=entries,
        )
