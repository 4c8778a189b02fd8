"""MG304."""

from __future__ import annotations

from collections.abc import Iterator

from merge_guard.model.finding import Finding
from merge_guard.model.outcome import Cause
from merge_guard.model.project import Project
from merge_guard.model.rule import rule
from merge_guard.rules.failures import failures_of


@rule(
    code="MG304",
    name="fatal-import-cycle",
    message="import cycle: {source!r} is still being imported here and has no {subject!r} yet",
)
def fatal_import_cycle(project: Project) -> Iterator[Finding]:
    """An import cycle that really raises when this entry point starts.

    The module that is asked for the name is only partially initialised: it is further up in the chain, and binds the
    name later. Whether a cycle is fatal depends on where it is entered, so each entry point is run in its own order.
    Harmless cycles are never reported.

    Bad:

        # entry: app.models
        # app/__init__.py
        # app/models.py
        from app.services import save
        class Model: ...
        # app/services.py
        from app.models import Model
        def save(): ...

    Good:

        # entry: app.models
        # app/__init__.py
        # app/models.py
        from app import services
        class Model: ...
        # app/services.py
        from app import models
        def save(): return models.Model
    """
    for failure, severity, entries in failures_of(Cause.CYCLE, project):
        yield fatal_import_cycle.finding(
            key=f"{failure.source}:{failure.subject}",
            severity=severity,
            message={"source": failure.source, "subject": failure.subject},
            place=failure.place,
            entry_points=entries,
            help="import the module instead of the name, or move the import below the definition",
        )
