"""MG507."""

from __future__ import annotations

from collections.abc import Iterator

from merge_guard.merges.lost import reverted
from merge_guard.model.finding import Finding, Place, Severity
from merge_guard.model.merge import Merge
from merge_guard.model.rule import Scope, rule


@rule(
    code="MG507", name="reverted-change", severity=Severity.WARNING, scope=Scope.MERGE,
    message="{side} changed {name}, nobody else did, and the result has it as it was before",
)  # fmt: skip
def reverted_change(merge: Merge) -> Iterator[Finding]:
    """One side changed a definition, the other did not, and the result has the old one.

    Bad:

        # on base:
        # app.py
        def limit(): return 1
        def run(): return 1
        # on ours:
        # app.py
        def limit(): return 99
        def run(): return 2
        # on theirs:
        # app.py
        def limit(): return 1
        def run(): return 3
        # on result:
        # app.py
        def limit(): return 1
        def run(): return 4

    Good:

        # on base:
        # app.py
        def limit(): return 1
        def run(): return 1
        # on ours:
        # app.py
        def limit(): return 99
        def run(): return 2
        # on theirs:
        # app.py
        def limit(): return 1
        def run(): return 3
        # on result:
        # app.py
        def limit(): return 99
        def run(): return 4

    Limits: comments, docstrings and annotations are no change; only in files that were put together.
    """
    for found in reverted(merge):
        yield reverted_change.finding(
            key=found.qualname,
            message={"name": found.qualname, "side": merge.labels[found.side]},
            place=Place(found.path, found.line),
        )
