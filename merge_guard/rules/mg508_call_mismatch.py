"""MG508."""

from __future__ import annotations

from collections.abc import Iterator

from merge_guard.merges.calls import mismatches
from merge_guard.model.finding import Finding, Place, Related
from merge_guard.model.merge import Merge
from merge_guard.model.rule import Scope, rule


@rule(
    code="MG508", name="call-mismatch", scope=Scope.MERGE,
    message="{adder} calls {callee} here as it was, {changer} changed its parameters: {problem}",
)  # fmt: skip
def call_mismatch(merge: Merge) -> Iterator[Finding]:
    """One side changed the parameters of a function, the other added a call that cannot bind them.

    The two edits are in different places, so git merges them; the call raises TypeError when it runs.

    Bad:

        # on base:
        # app/__init__.py
        # app/store.py
        def load(name): ...
        # app/main.py
        from app.store import load
        # on ours:
        # app/store.py
        def load(name, user): ...
        # on theirs:
        # app/main.py
        from app.store import load
        load("a")

    Good:

        # on base:
        # app/__init__.py
        # app/store.py
        def load(name): ...
        # app/main.py
        from app.store import load
        # on ours:
        # app/store.py
        def load(name, user=None): ...
        # on theirs:
        # app/main.py
        from app.store import load
        load("a")

    Limits: functions, classes with an `__init__` of their own, and methods called on `self` in their own class; not
    with `*` or `**` in the call, nor where a decorator may change the parameters.
    """
    for found in mismatches(merge):
        adder = "theirs" if found.changer == "ours" else "ours"
        yield call_mismatch.finding(
            key=f"{'.'.join(found.call.scope)} {found.call.callee} {found.problem}",
            message={
                "adder": merge.labels[adder],
                "changer": merge.labels[found.changer],
                "callee": found.call.callee,
                "problem": found.problem,
            },
            place=Place(found.path, found.call.line),
            related=(Related(Place(found.callee, found.definition.line, found.definition.column), "defined here"),),
        )
