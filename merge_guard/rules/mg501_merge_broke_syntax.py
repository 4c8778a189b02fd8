"""MG501."""

from __future__ import annotations

from collections.abc import Iterator

from merge_guard.merges.versions import put_together
from merge_guard.model.finding import Finding, Place
from merge_guard.model.merge import Merge
from merge_guard.model.rule import Scope, rule


@rule(
    code="MG501", name="merge-broke-syntax", scope=Scope.MERGE,
    message="does not compile, though both sides of the merge do: {problem}",
)  # fmt: skip
def merge_broke_syntax(merge: Merge) -> Iterator[Finding]:
    """Both sides of a merge compile, and the result does not.

    Two edits that do not touch each other can still leave a block without a body, a bracket without its partner, or a
    `return` outside of its function; so can a conflict that was resolved by hand.

    Bad:

        # on base:
        # app.py
        def run():
            return 1
        # on ours:
        # app.py
        def run():
            return 2
        # on theirs:
        # app.py
        def run():
            return 3
        # on result:
        # app.py
        def run():

    Good:

        # on base:
        # app.py
        def run():
            return 1
        # on ours:
        # app.py
        def run():
            return 2
        # on theirs:
        # app.py
        def run():
            return 3
        # on result:
        # app.py
        def run():
            return 2, 3

    Limits: a conflict that nobody has resolved yet is no broken syntax, but predicted as the conflict that it is.
    """
    for file in put_together(merge):
        sides = [uses for uses in (file.ours, file.theirs) if uses is not None]
        result = file.result
        if result is None or result.parses or not file.blobs.is_mixed or file.path in merge.open_conflicts:
            continue
        problem = result.definitions.problem
        if len(sides) == 2 and all(uses.parses for uses in sides) and problem is not None:
            yield merge_broke_syntax.finding(
                key=problem.message,
                message={"problem": problem.message},
                place=Place(file.path, problem.line, problem.column),
            )
