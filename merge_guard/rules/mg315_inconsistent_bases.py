"""MG315."""

from __future__ import annotations

from collections.abc import Iterator

from merge_guard.model.finding import Finding
from merge_guard.model.outcome import Cause
from merge_guard.model.project import Project
from merge_guard.model.rule import rule
from merge_guard.rules.failures import failures_of


@rule(code="MG315", name="inconsistent-bases", message="class {subject!r} cannot be made: {why}")
def inconsistent_bases(project: Project) -> Iterator[Finding]:
    """A class statement that Python refuses while it runs: TypeError at import.

    Bases without a consistent method resolution order, the same base twice, bases whose metaclasses or `__slots__` do
    not go together, an Enum with members, and bases that are final (`bool`) or no classes at all (a function, a module,
    None). Two branches that each add a base merge into such a class without a conflict.

    Bad:

        # entry: app
        # app.py
        class Base: ...
        class Timestamped(Base): ...
        class Model(Base, Timestamped): ...

    Good:

        # entry: app
        # app.py
        class Base: ...
        class Timestamped(Base): ...
        class Model(Timestamped, Base): ...

    Limits: judged where the whole hierarchy is known; with bases from outside the project only what no such base can
    mend. Classes that are decorated by, or have a metaclass from, outside the project are not judged.
    """
    for failure, severity, entries in failures_of(Cause.INCONSISTENT_BASES, project):
        yield inconsistent_bases.finding(
            key=failure.subject,
            severity=severity,
            message={"subject": failure.subject, "why": failure.detail},
            place=failure.place,
            entry_points=entries,
        )
