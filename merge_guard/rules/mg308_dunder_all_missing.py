"""MG308."""

from __future__ import annotations

import re
from collections.abc import Iterator

from merge_guard.model.finding import Finding, Place, Related, Severity
from merge_guard.model.outcome import Cause, Failure
from merge_guard.model.project import Project
from merge_guard.model.rule import rule
from merge_guard.rules.failures import failures_of

_LONGEST = 400
"""Lines of an `__all__` that are searched."""


@rule(
    code="MG308",
    name="dunder-all-missing",
    message="__all__ of {source!r} lists {subject!r}, which is neither bound there nor a submodule{consequence}",
)
def dunder_all_missing(project: Project) -> Iterator[Finding]:
    """`__all__` lists a name that the module does not have: `from module import *` raises AttributeError.

    An error where a start-up star-imports the module, a warning elsewhere. An `__all__` that is put together (`+=`,
    `extend`, `other.__all__`) is judged only where all of it is known.

    Bad:

        # entry: app.main
        # app/__init__.py
        # app/main.py
        from app.errors import *
        # app/errors.py
        __all__ = ["DatabaseError", "NetworkError"]
        class DatabaseError(Exception): ...

    Good:

        # entry: app.main
        # app/__init__.py
        # app/main.py
        from app.errors import *
        # app/errors.py
        __all__ = ["DatabaseError"]
        class DatabaseError(Exception): ...

    Limits: modules that bind names in ways that are not modelled, or have a `__getattr__`, are silent.
    """
    for failure, severity, entries in failures_of(Cause.MISSING_EXPORT, project):
        consequence = "; a star import of it raises AttributeError" if severity is Severity.ERROR else ""
        yield dunder_all_missing.finding(
            key=f"{failure.source}:{failure.subject}",
            severity=severity,
            message={"subject": failure.subject, "source": failure.source, "consequence": consequence},
            place=failure.place,
            entry_points=entries,
            related=_entry(failure, project),
        )


def _entry(failure: Failure, project: Project) -> tuple[Related, ...]:
    """Where in a long `__all__` the name stands."""
    written = re.compile(rf"""(["']){re.escape(failure.subject)}\1""")
    path, first = failure.place.path, failure.place.line
    if written.search(project.line_text(path, first)):
        return ()
    for line in range(first + 1, first + _LONGEST):
        if written.search(project.line_text(path, line)):
            return (Related(Place(path, line), f"{failure.subject!r} is listed here"),)
    return ()
