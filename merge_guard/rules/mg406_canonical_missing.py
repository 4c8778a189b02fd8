"""MG406."""

from __future__ import annotations

from collections.abc import Iterator

from merge_guard.model.finding import Finding, Related
from merge_guard.model.project import Project
from merge_guard.model.rule import rule


@rule(code="MG406", name="canonical-missing", message="group {group}: {problem}")
def canonical_missing(project: Project) -> Iterator[Finding]:
    """The class that a group calls canonical does not exist, cannot be read, or is not the only one.

    The canonical may be named by any path that leads to it. It must be one class: not a function, not two in
    branches, and not another than the one that a second group names for the same name. Where its file is in conflict,
    the classes of both sides are shown.

    A file that holds another class of the group and cannot be read is reported too: it is never skipped.

    Bad:

        # merge-guard.toml
        [ssot.manager]
        canonical = "app.core:Manager"
        # app/__init__.py
        # app/core.py
        class Managr: ...

    Good:

        # merge-guard.toml
        [ssot.manager]
        canonical = "app:Manager"
        # app/__init__.py
        from app.core import Manager
        # app/core.py
        class Manager: ...

    Limits: a canonical from outside the tree, or one that a module makes in a way that is not seen, is silent.
    """
    for found in project.inventories:
        for problem in found.problems:
            yield canonical_missing.finding(
                key=f"{found.group.name}:{found.group.canonical}",
                baseline_key=f"{found.group.name} {found.group.canonical}",
                message={"group": found.group.name, "problem": problem.text},
                place=problem.place,
                related=tuple(Related(place, text) for place, text in problem.related),
            )
