"""MG307."""

from __future__ import annotations

from collections.abc import Iterator

from merge_guard.model.finding import Finding
from merge_guard.model.outcome import Cause
from merge_guard.model.project import Project
from merge_guard.model.rule import rule
from merge_guard.rules.failures import failures_of


@rule(code="MG307", name="entry-point-not-found", message="entry point {entry!r}: {problem}")
def entry_point_not_found(project: Project) -> Iterator[Finding]:
    """A declared entry point leads nowhere.

    A console script, `--entry`, or a command of a Procfile or compose file names a module or script that is not in the
    tree, or an attribute that the module certainly does not have once it has been imported. Packaging tools install
    such a script without a word. A module of which nothing at all is in the tree may be somebody else's: silent.

    Bad:

        # setup.cfg
        [options.entry_points]
        console_scripts =
            serve = app.cli:main
        # app/__init__.py
        # app/cli.py
        def serve(): ...

    Good:

        # setup.cfg
        [options.entry_points]
        console_scripts =
            serve = app.cli:serve
        # app/__init__.py
        # app/cli.py
        def serve(): ...
    """
    for failure, severity, entries in failures_of(Cause.ENTRY_NOT_FOUND, project):
        problem = f"no module or file {failure.subject!r}"
        if failure.detail == "attribute":
            problem = f"{failure.source!r} has no attribute {failure.subject!r}"
        elif failure.detail != "module":
            problem = f"{failure.detail} names {failure.subject!r}, which does not exist"
        yield entry_point_not_found.finding(
            key=f"{failure.source}:{failure.subject}",
            severity=severity,
            message={"entry": entries[0] if entries else failure.module, "problem": problem},
            place=failure.place,
            entry_points=entries,
            help=project.suggest(failure),
        )
