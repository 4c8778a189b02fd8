"""MG303."""

from __future__ import annotations

from collections.abc import Iterator

from merge_guard.model.finding import Finding, Severity
from merge_guard.model.outcome import Cause, Failure
from merge_guard.model.project import Project
from merge_guard.model.rule import rule

_WORDS = {
    Cause.ENTRY_NOT_FOUND: "{path} names {subject}, which does not exist",
    Cause.CONFLICT: "an unresolved conflict in {path}",
    Cause.SYNTAX: "{path} does not compile",
    Cause.CYCLE: "an import cycle",
    Cause.BEYOND_TOP: "a relative import that leaves its package",
    Cause.MISSING_MODULE: "no module named {subject}",
    Cause.MISSING_NAME: "{source} has no {subject}",
    Cause.STDLIB_ABSENT: "the target has no {subject}",
    Cause.INCONSISTENT_BASES: "class {subject} cannot be made of its bases",
    Cause.SHADOWED: "{source} has no {subject}, since another file hides the one that has it",
    Cause.NOT_SHIPPED: "{subject} does not ship",
    Cause.MISSING_EXPORT: "__all__ of {source} lists {subject}, which is not there",
    Cause.TYPE_CHECKING_ONLY: "{source} binds {subject} for type checkers only",
    Cause.UNBOUND: "name {subject} is not bound",
    Cause.RAISED: "the program raises {subject} while it is imported",
}


@rule(code="MG303", name="blocked-start-up", message="{entries} cannot start: {cause}")
def blocked_start_up(project: Project) -> Iterator[Finding]:
    """An entry point cannot start: the root cause, and the chain of imports and calls that leads to it.

    One finding for each root cause, with every entry point that it stops. The chain lists the first-party frames in the
    order of CPython's traceback, those inside calls that run at import time included. Causes that lie behind the first
    one are findings of their own, but stop nothing yet.

    Bad:

        # entry: main
        # main.py
        from app.factory import create_app
        app = create_app()
        # app/__init__.py
        # app/factory.py
        def create_app():
            from app.routes import router
            return router
        # app/routes.py
        return 1

    Good:

        # entry: main
        # main.py
        from app.factory import create_app
        app = create_app()
        # app/__init__.py
        # app/factory.py
        def create_app():
            from app.routes import router
            return router
        # app/routes.py
        router = []

    Limits: values are tracked, not computed: what a start-up does under conditions that cannot be decided counts only
    where every branch fails.
    """
    blocked: dict[tuple[object, ...], tuple[Failure, list[str]]] = {}
    for outcome in project.outcomes:
        # What the entry point itself names is MG307 alone; there is no chain to show.
        if outcome.failures and (outcome.failures[0].cause is not Cause.ENTRY_NOT_FOUND or outcome.failures[0].chain):
            first = outcome.failures[0]
            blocked.setdefault((first.place, first.subject), (first, []))[1].append(outcome.entry.name)
    for failure, entries in blocked.values():
        # Several services may start the same.
        entries = list(dict.fromkeys(entries))
        words = _WORDS[failure.cause].format(path=failure.place.path, subject=failure.subject, source=failure.source)
        yield blocked_start_up.finding(
            key=f"{failure.cause.value}:{failure.source}:{failure.subject}",
            severity=Severity.ERROR,
            message={"entries": _listed(entries), "cause": words},
            place=failure.place,
            entry_points=tuple(entries),
            chain=failure.chain,
        )


def _listed(entries: list[str]) -> str:
    shown = ", ".join(entries[:3])
    return shown if len(entries) <= 3 else f"{shown} and {len(entries) - 3} more"
