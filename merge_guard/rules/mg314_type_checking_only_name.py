"""MG314."""

from __future__ import annotations

from collections.abc import Iterator

from merge_guard.model.finding import Finding
from merge_guard.model.outcome import Cause
from merge_guard.model.project import Project
from merge_guard.model.rule import rule
from merge_guard.rules.failures import failures_of


@rule(
    code="MG314",
    name="type-checking-only-name",
    message="{source!r} binds {subject!r} only under TYPE_CHECKING, and it is needed at run time",
)
def type_checking_only_name(project: Project) -> Iterator[Finding]:
    """A name that exists for type checkers only is used while the program runs.

    Imported from a module that binds it under `if TYPE_CHECKING:` and nowhere else, or used in that module itself: in
    a base class, a decorator, a default, an evaluated annotation or a plain statement. Typical of an import that was
    moved under the guard to break a cycle while a use of it stayed behind.

    Bad:

        # entry: app.main
        # app/__init__.py
        # app/main.py
        from app.models import Model
        # app/models.py
        from typing import TYPE_CHECKING
        if TYPE_CHECKING:
            from app.base import Model
        # app/base.py
        class Model: ...

    Good:

        # entry: app.main
        # app/__init__.py
        # app/main.py
        from app.base import Model
        # app/models.py
        from typing import TYPE_CHECKING
        if TYPE_CHECKING:
            from app.base import Model
        # app/base.py
        class Model: ...
    """
    for failure, severity, entries in failures_of(Cause.TYPE_CHECKING_ONLY, project):
        yield type_checking_only_name.finding(
            key=f"{failure.source}:{failure.subject}",
            severity=severity,
            message={"subject": failure.subject, "source": failure.source},
            place=failure.place,
            entry_points=entries,
        )
