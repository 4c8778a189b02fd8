"""MG506."""

from __future__ import annotations

from collections.abc import Iterator

from merge_guard.merges.lost import lost
from merge_guard.model.finding import Finding, Place, Severity
from merge_guard.model.merge import Merge
from merge_guard.model.rule import Scope, rule


@rule(
    code="MG506", name="lost-definition", severity=Severity.WARNING, scope=Scope.MERGE,
    message="{name} of {side} is gone from the result, and nobody deleted it",
)  # fmt: skip
def lost_definition(merge: Merge) -> Iterator[Finding]:
    """A definition that a side has, and that no side deleted, is nowhere in the result.

    A warning; an error where the result still uses it. Renamed (the same body under another name), moved (to another
    class or file) or become an import it is not lost.

    Bad:

        # on base:
        # app.py
        LIMIT = 1
        # on ours:
        # app.py
        LIMIT = 2
        def check(): return LIMIT
        # on theirs:
        # app.py
        LIMIT = 3
        # on result:
        # app.py
        LIMIT = 4

    Good:

        # on base:
        # app.py
        LIMIT = 1
        # on ours:
        # app.py
        LIMIT = 2
        def check(): return LIMIT
        # on theirs:
        # app.py
        LIMIT = 3
        # on result:
        # app.py
        LIMIT = 4
        def verify(): return LIMIT
    """
    for found in lost(merge):
        yield lost_definition.finding(
            key=found.qualname,
            severity=Severity.ERROR if found.is_needed else Severity.WARNING,
            message={"name": found.qualname, "side": merge.labels[found.side]},
            place=Place(found.path, found.line),
        )
