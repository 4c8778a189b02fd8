"""MG502."""

from __future__ import annotations

from collections.abc import Iterator

from merge_guard.merges.doubled import doubled_definitions
from merge_guard.model.finding import Finding, Place, Related
from merge_guard.model.merge import Merge
from merge_guard.model.rule import Scope, rule


@rule(
    code="MG502", name="doubled-definition", scope=Scope.MERGE,
    message="the merge left {name} twice; the one at line {line} is replaced by this one",
)  # fmt: skip
def doubled_definition(merge: Merge) -> Iterator[Finding]:
    """A block of the result defines a name more often than either side does.

    Both sides added it at different places, or the markers of a conflict were deleted with both halves left. Python
    takes the last one, in silence. Overloads, setters and registrations are decorated, and so are let be; branches of
    one `if` or `try` are alternatives.

    Bad:

        # on base:
        # app.py
        LIMIT = 1
        # on ours:
        # app.py
        def run(): return 1
        LIMIT = 1
        # on theirs:
        # app.py
        LIMIT = 1
        def run(): return 2

    Good:

        # on base:
        # app.py
        LIMIT = 1
        # on ours:
        # app.py
        def run(): return 1
        LIMIT = 1
        # on theirs:
        # app.py
        LIMIT = 1
        def walk(): return 2
    """
    for found in doubled_definitions(merge):
        yield doubled_definition.finding(
            key=found.qualname,
            message={"name": found.qualname, "line": found.first.line},
            place=Place(found.path, found.second.line, found.second.column, found.second.end_line),
            related=(
                Related(Place(found.path, found.first.line, found.first.column, found.first.end_line), "the first"),
            ),
        )
