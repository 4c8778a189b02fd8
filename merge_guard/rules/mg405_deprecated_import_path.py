"""MG405."""

from __future__ import annotations

from collections.abc import Iterator

from merge_guard.model.finding import Finding, Fix, Severity
from merge_guard.model.project import Project
from merge_guard.model.rule import rule


@rule(code="MG405", name="deprecated-import-path", message="{deprecated} is deprecated: import {instead}{onward}")
def deprecated_import_path(project: Project) -> Iterator[Finding]:
    """An import of a path that the configuration says is on its way out.

    A deprecated path is a class (`pkg.old:Name`) or a whole module (`pkg.old`). Who gets the name from a module that
    imports it from the deprecated path is counted there and not reported again. In tests and for type checkers it is a
    warning.

    Bad:

        # merge-guard.toml
        [ssot.manager]
        canonical = "app.core:Manager"
        deprecated-paths = { "app.old:Manager" = "app.core:Manager" }
        # app/__init__.py
        # app/core.py
        class Manager: ...
        # app/old.py
        from app.core import Manager
        # app/main.py
        from app.old import Manager

    Good:

        # merge-guard.toml
        [ssot.manager]
        canonical = "app.core:Manager"
        deprecated-paths = { "app.old:Manager" = "app.core:Manager" }
        # app/__init__.py
        # app/core.py
        class Manager: ...
        # app/old.py
        from app.core import Manager
        # app/main.py
        from app.core import Manager

    Silent are the deprecated module itself and the module that is to be imported instead.

    Limits: a use such as `import app.old as old` and then `old.Manager` is seen for whole modules only.
    """
    for found in project.inventories:
        for use in found.uses:
            count = len(use.onward)
            files = "file gets" if count == 1 else "files get"
            yield deprecated_import_path.finding(
                key=f"{found.group.name}:{use.deprecated}",
                baseline_key=f"{use.module} imports {use.deprecated}",
                severity=Severity.ERROR if use.certain else Severity.WARNING,
                message={
                    "deprecated": use.deprecated, "instead": use.instead,
                    "onward": f"; {count} more {files} it from here" if count else "",
                },
                place=use.place,
                help=f"import {use.instead}",
                fix=Fix(True, f"import {use.instead} instead") if use.can_move else None,
            )  # fmt: skip
