"""MG505."""

from __future__ import annotations

from collections.abc import Iterator

from merge_guard.merges.lost import resurrected
from merge_guard.model.finding import Finding, Place
from merge_guard.model.merge import Merge
from merge_guard.model.rule import Scope, rule


@rule(
    code="MG505", name="resurrected-definition", scope=Scope.MERGE,
    message="{side} deleted {name}, nobody else changed it, and the merge brought it back",
)  # fmt: skip
def resurrected_definition(merge: Merge) -> Iterator[Finding]:
    """A definition that one side deleted, and the other left as it was, stands in the result.

    Deleted code comes back when a conflict is resolved by taking everything.

    Bad:

        # on base:
        # app.py
        def old(): return 1
        def run(): return 1
        # on ours:
        # app.py
        def run(): return 2
        # on theirs:
        # app.py
        def old(): return 1
        def run(): return 3
        # on result:
        # app.py
        def old(): return 1
        def run(): return 4

    Good:

        # on base:
        # app.py
        def old(): return 1
        def run(): return 1
        # on ours:
        # app.py
        def run(): return 2
        # on theirs:
        # app.py
        def old(): return 1
        def run(): return 3
        # on result:
        # app.py
        def run(): return 4

    Limits: only in files that were put together; one that was taken whole from a side was a decision.
    """
    for found in resurrected(merge):
        yield resurrected_definition.finding(
            key=found.qualname,
            message={"name": found.qualname, "side": merge.labels[found.side]},
            place=Place(found.path, found.line, found.definition.column, found.definition.end_line),
        )
