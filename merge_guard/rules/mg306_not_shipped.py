"""MG306."""

from __future__ import annotations

from collections.abc import Iterator

from merge_guard.model.finding import Finding
from merge_guard.model.outcome import Cause
from merge_guard.model.project import Project
from merge_guard.model.rule import rule
from merge_guard.rules.failures import failures_of


@rule(code="MG306", name="not-shipped", message="{subject!r} is in the tree, but does not ship: {reason}")
def not_shipped(project: Project) -> Iterator[Finding]:
    """Start-up imports a module that is in the tree, but not in what ships.

    `.dockerignore` keeps it out of the image, no `COPY` brings it, git does not track it, or git knows it by a name in
    another case. On the machine where it was written the program starts; in the deploy it does not.

    Bad:

        # ./Dockerfile
        FROM python:3.11-slim
        WORKDIR /srv
        COPY . .
        CMD ["python", "main.py"]
        # .dockerignore
        tests
        app/templates
        # main.py
        import app.templates
        # app/__init__.py
        # app/templates/__init__.py

    Good:

        # ./Dockerfile
        FROM python:3.11-slim
        WORKDIR /srv
        COPY . .
        CMD ["python", "main.py"]
        # .dockerignore
        tests
        # main.py
        import app.templates
        # app/__init__.py
        # app/templates/__init__.py

    Limits: what git ignores counts only for a start-up in an image, and only where a `COPY` would bring it: elsewhere
    it is taken to be generated. A directory in which a `RUN` may have put anything is not judged, nor is a top-level
    name that an installed requirement could bring.
    """
    for failure, severity, entries in failures_of(Cause.NOT_SHIPPED, project):
        yield not_shipped.finding(
            key=failure.subject,
            severity=severity,
            message={"subject": failure.subject, "reason": failure.detail},
            place=failure.place,
            entry_points=entries,
        )
