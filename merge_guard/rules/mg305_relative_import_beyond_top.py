"""MG305."""

from __future__ import annotations

from collections.abc import Iterator

from merge_guard.model.finding import Finding
from merge_guard.model.outcome import Cause
from merge_guard.model.project import Project
from merge_guard.model.rule import rule
from merge_guard.rules.failures import failures_of


@rule(code="MG305", name="relative-import-beyond-top", message="relative import {subject!r}: {why}")
def relative_import_beyond_top(project: Project) -> Iterator[Finding]:
    """A relative import climbs out of its top-level package, or stands in a file that is started by its path.

    `python path/to/script.py` gives the script no parent package, so that any relative import in it fails; so does a
    module that was moved up by a level.

    Bad:

        # entry: app.main
        # app/__init__.py
        # app/main.py
        from ..shared import settings
        # shared.py
        settings = {}

    Good:

        # entry: app.main
        # app/__init__.py
        # app/main.py
        from .shared import settings
        # app/shared.py
        settings = {}
    """
    for failure, severity, entries in failures_of(Cause.BEYOND_TOP, project):
        why = "it leaves the top-level package"
        if failure.detail != "beyond top-level package":
            why = "a file that is started by its path has no parent package"
        yield relative_import_beyond_top.finding(
            key=failure.subject,
            severity=severity,
            message={"subject": failure.subject, "why": why},
            place=failure.place,
            entry_points=entries,
        )
