"""MG509."""

from __future__ import annotations

from collections.abc import Iterator

from merge_guard.merges.parts import lost_parts
from merge_guard.model.finding import Finding, Place, Severity
from merge_guard.model.merge import Merge
from merge_guard.model.rule import Scope, rule


@rule(
    code="MG509", name="lost-guard", severity=Severity.WARNING, scope=Scope.MERGE,
    message="{name} has lost the {kind} {part} of {side}",
)  # fmt: skip
def lost_guard(merge: Merge) -> Iterator[Finding]:
    """An exception handler, a decorator, a route or a parameter that a side has, and nobody took away, is missing.

    What a hand-made resolution drops most easily: the parameter that one side added, the `except` of the other.

    Bad:

        # on base:
        # app.py
        def get(engine): return engine
        # on ours:
        # app.py
        def get(engine, user): return engine, user
        # on theirs:
        # app.py
        def get(engine, timeout): return engine, timeout
        # on result:
        # app.py
        def get(engine, user): return engine, user, 30

    Good:

        # on base:
        # app.py
        def get(engine): return engine
        # on ours:
        # app.py
        def get(engine, user): return engine, user
        # on theirs:
        # app.py
        def get(engine, timeout): return engine, timeout
        # on result:
        # app.py
        def get(engine, user, timeout): return engine, user, timeout

    Limits: where the result has a parameter that nobody knew, somebody wrote the parameters anew, and none is missed.
    """
    for found in lost_parts(merge):
        part = found.part or "that catches everything"
        yield lost_guard.finding(
            key=f"{found.qualname} {found.kind} {found.part}",
            message={"name": found.qualname, "kind": found.kind, "part": part, "side": merge.labels[found.side]},
            place=Place(found.path, found.line),
        )
