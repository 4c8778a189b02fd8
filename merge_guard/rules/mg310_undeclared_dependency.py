"""MG310."""

from __future__ import annotations

from collections.abc import Iterator

from merge_guard.model.finding import Finding, Severity
from merge_guard.model.project import Project
from merge_guard.model.rule import rule


@rule(
    code="MG310",
    name="undeclared-dependency",
    severity=Severity.OFF,
    message="no requirement{of} provides {module!r}",
)
def undeclared_dependency(project: Project) -> Iterator[Finding]:
    """Start-up imports a third-party module that no requirement of the service provides.

    It is there where somebody installed it by hand, or as long as another requirement happens to bring it. For a
    start-up in an image the requirements are those that its Dockerfile installs, else all that the project declares:
    requirements files, `pyproject.toml`, `setup.cfg`, `Pipfile` and lock files.

    Bad:

        # entry: app.main
        # ./requirements.txt
        fastapi==0.110
        # app/__init__.py
        # app/main.py
        import requests

    Good:

        # entry: app.main
        # ./requirements.txt
        fastapi==0.110
        requests>=2
        # app/__init__.py
        # app/main.py
        import requests

    Limits: off unless it is selected, and then a warning: what requirements bring along is known only from a lock file.
    A project with a `setup.py`, or a requirement whose name is not told, is silent. Import names are compared with
    distribution names, and a table of those that differ.
    """
    for item in project.undeclared:
        yield undeclared_dependency.finding(
            key=item.module,
            severity=Severity.WARNING,
            message={"module": item.module, "of": f" of {item.required_by}" if item.required_by else ""},
            place=item.place,
            entry_points=item.entry_points,
        )
